/** What a caller's request carries, and how the model is told of it. */
import type { TokenPlace } from '../../lambda/config/types.ts';
import { BEARER } from '../authorizer/fixtures.ts';
import type { Pair } from '../support/requests.ts';
import { NOW_SECONDS, OTHER_SECRET, SECRET, tokenOf } from '../support/tokens.ts';
import type { ShownToken } from './model-callers.ts';
import { type CallerCase, ISSUERS, type Place, type PolicyCase, type TokenCase } from './policy-cases.ts';
import { keyIdOf } from './table.ts';

export const KEYS = [SECRET, OTHER_SECRET] as const;
export const EXPIRES_AT_SECONDS = NOW_SECONDS + 3000;
export const BEGINS_AT_SECONDS = NOW_SECONDS + 1500;

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

function shownToken(
  { kind, policy, shift, scopes, credential }: TokenCase,
  policies: readonly PolicyCase[],
): ShownToken {
  const [made, shown] = [policy, policy + shift].map((i) => policies[i % policies.length]);
  if (made === undefined || shown === undefined) throw new Error('a list of policies is never empty');
  if (kind === 'garbage') return { place: shown.place, isReadable: false };
  const other = made.issuer === ISSUERS[0] ? ISSUERS[1] : ISSUERS[0];
  const issuer = kind === 'foreign issuer' ? other : made.issuer;
  return {
    place: shown.place,
    isReadable: true,
    key: kind === 'foreign signature' ? 1 - made.key : made.key,
    time: kind === 'expired' || kind === 'not yet valid' ? kind : 'now',
    scopes,
    keyId: keyIdOf(credential),
    ...(issuer !== undefined && { issuer }),
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

function textOf({ place, ...token }: ShownToken): string {
  const id = JSON.stringify(token);
  const text = made.get(id) ?? makeToken({ place, ...token });
  made.set(id, text);
  return text;
}

function makeToken(token: ShownToken): string {
  if (!token.isReadable) return 'garbage';
  const { key, time, scopes, keyId, issuer } = token;
  const claims = {
    sub: keyId,
    scope: scopes.join(' '),
    exp: time === 'expired' ? NOW_SECONDS : EXPIRES_AT_SECONDS,
    ...(time === 'not yet valid' && { nbf: BEGINS_AT_SECONDS }),
    ...(issuer !== undefined && { iss: issuer }),
  };
  return tokenOf(claims, { key: KEYS[key === 0 ? 0 : 1] });
}
