import type { Answers } from '../foreign-api.ts';
import type { Access, ForeignRoute } from './routes.ts';

/**
 * Before and after. The emulator takes any `authorization` for a signature, so that a token passes for one there.
 */
const AS_OWNER_MADE_IT: Readonly<Record<Access, Answers>> = {
  public: { anonymous: 200, asOwnerWants: 200, withToken: 200 },
  key: { anonymous: 403, asOwnerWants: 200, withToken: 200 },
  iam: { anonymous: 403, asOwnerWants: 200, withToken: 200 },
  own: { anonymous: 401, asOwnerWants: 200, withToken: 403 },
};

/** A signature and a partner's word are no tokens, and an API key is none either. */
const PROTECTED: Answers = { anonymous: 401, asOwnerWants: 401, withToken: 200 };

/** What each method answers, by `GET /orders`. */
export function expectedAnswers(
  routes: readonly ForeignRoute[],
  isProtected: (route: string) => boolean,
): Record<string, Answers> {
  const entries = routes.map(({ httpMethod, path, access }) => {
    const route = `${httpMethod} ${path}`;
    return [route, isProtected(route) ? PROTECTED : AS_OWNER_MADE_IT[access]] as const;
  });
  return Object.fromEntries(entries);
}
