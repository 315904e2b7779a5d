/** What a caller's request carries, and how the model is told of it. */
import type { TokenPlace } from '../../lambda/config/types.ts';
import { BEARER } from '../authorizer/fixtures.ts';
import type { Pair } from '../support/requests.ts';
import { NOW_SECONDS, OTHER_SECRET, SECRET, tokenOf } from '../support/tokens.ts';
import { contentOf, type ReadableToken, type ShownToken } from './model-callers.ts';
import { type CallerCase, ISSUERS, type Place, type PolicyCase, type TokenCase } from './policy-cases.ts';

export const KEYS = [SECRET, OTHER_SECRET] as const;
export const EXPIRES_AT_SECONDS = NOW_SECONDS + 3000;
export const BEGINS_AT_SECONDS = NOW_SECONDS + 1500;
/** One credential ends while the others go on. */
export const LAST_CREDENTIAL_ENDS_AT_SECONDS = NOW_SECONDS + 2000;

export const keyIdOf = (which: number): string => `key-${which}`;

export const PLACES: Readonly<Record<Place, TokenPlace>> = {
  bearer: BEARER,
  header: { in: 'header', name: 'X-Token' },
  query: { in: 'query', name: 'token' },
  cookie: { in: 'cookie', name: 'token' },
};

export function shownBy(caller: CallerCase, policies: readonly PolicyCase[]): readonly ShownToken[] {
  return caller.flatMap((token) => {
    const shown = shownToken(token, policies);
    return token.kind === 'twice' ? [shown, shown] : [shown];
  });
}

function shownToken(token: TokenCase, policies: readonly PolicyCase[]): ShownToken {
  const readable = readableToken(token, policies);
  return token.kind === 'garbage' ? { place: readable.place, isReadable: false } : readable;
}

/** The token, as it would be were it no garbage. */
export function readableToken(
  { kind, policy, shift, scopes, credential, issuedAtSeconds }: TokenCase,
  policies: readonly PolicyCase[],
): ReadableToken {
  const [made, shown] = [policy, policy + shift].map((i) => policies[i % policies.length]);
  if (made === undefined || shown === undefined) throw new Error('a list of policies is never empty');
  const other = made.issuer === ISSUERS[0] ? ISSUERS[1] : ISSUERS[0];
  const issuer = kind === 'foreign issuer' ? other : made.issuer;
  const keyId = keyIdOf(credential);
  return {
    place: shown.place,
    isReadable: true,
    key: kind === 'foreign signature' ? 1 - made.key : made.key,
    time: kind === 'expired' || kind === 'not yet valid' ? kind : 'now',
    scopes,
    keyId,
    jti: `${keyId} ${scopes}`,
    ...(issuer !== undefined && { issuer }),
    ...(issuedAtSeconds !== undefined && { issuedAtSeconds }),
  };
}

export interface Carried {
  readonly headers: readonly Pair[];
  readonly rawQuery?: string;
}

export function carrying(tokens: readonly ShownToken[]): Carried {
  const at = (place: Place) => tokens.filter((token) => token.place === place).map(textOf);
  const [query, cookies] = [at('query'), at('cookie')].map((texts) => texts.map((text) => `token=${text}`));
  return {
    headers: [
      ...at('bearer').map((token): Pair => ['authorization', `Bearer ${token}`]),
      ...at('header').map((token): Pair => ['x-token', token]),
      ...(cookies?.length ? [['cookie', cookies.join('; ')] as const] : []),
    ],
    ...(query?.length && { rawQuery: query.join('&') }),
  };
}

const made = new Map<string, string>();

export function textOf(token: ShownToken): string {
  const id = contentOf(token);
  const text = made.get(id) ?? makeToken(token);
  made.set(id, text);
  return text;
}

function makeToken(token: ShownToken): string {
  if (!token.isReadable) return 'garbage';
  const { key, time, scopes, keyId, issuer, jti, issuedAtSeconds } = token;
  const claims = {
    sub: keyId,
    jti,
    scope: scopes.join(' '),
    exp: time === 'expired' ? NOW_SECONDS : EXPIRES_AT_SECONDS,
    ...(time === 'not yet valid' && { nbf: BEGINS_AT_SECONDS }),
    ...(issuer !== undefined && { iss: issuer }),
    ...(issuedAtSeconds !== undefined && { iat: issuedAtSeconds }),
  };
  return tokenOf(claims, { key: KEYS[key === 0 ? 0 : 1] });
}
