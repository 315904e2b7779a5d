/** Runs the real thing for the lists and tokens of the truth tables. */
import { createServer } from 'node:http';
import { listen } from '../../bin/local/listen.ts';
import { type Answer, type ConfigFile, startApi } from '../support/gateway.ts';
import { AUTHORIZER_ERROR, OK, UNAUTHORIZED } from './answers.ts';
import {
  type Expected,
  expected,
  type PolicyUnderTest,
  type Presented,
  type TokenUnderTest,
} from './policy-reference.ts';
import { token } from './tokens.ts';

const KEYS = {
  A: 'the key of A, which signs the tokens of the first issuer; 64 bytes or more!!',
  B: 'the key of B, which signs the tokens of the second one; 64 bytes or more!!!!',
  C: 'the key of C, which no policy knows, so that it makes nothing but forgeries!',
};

/** A port on which nobody listens. */
export async function closedPort(): Promise<string> {
  const { url, close } = await listen(createServer(), '127.0.0.1', 0);
  await close();
  return url;
}

/** From now on no secret of this process's functions can be reached. */
export async function cutOffSecrets(): Promise<void> {
  process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] = await closedPort();
  process.env['AWS_REGION'] = 'us-east-1';
  process.env['AWS_ACCESS_KEY_ID'] = 'local';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'local';
}

export interface Row {
  readonly name: string;
  readonly presented: Presented;
}

/** @returns what went otherwise than the reference says, a line each. */
export async function mismatches(
  policies: readonly PolicyUnderTest[],
  rows: readonly Row[],
): Promise<readonly string[]> {
  const api = await startApi({ jwt: policies.map(policyFile), authorizerCacheSeconds: 0 });
  const lines = await Promise.all(
    rows.map(async ({ name, presented }) => {
      const headers = [...presented].flatMap(([place, held]) => [place, textOf(held)]);
      const answer = await api.send(`/${encodeURIComponent(name)}`, { headers });
      const seen = api.seen.find(({ path }) => path === `/${encodeURIComponent(name)}`);
      const got = readAnswer(answer, seen?.headers['x-authorizer-claims']);
      const wanted = expected(policies, presented);
      return got === wanted ? [] : [`${JSON.stringify(policies)} with ${name}: wanted ${wanted}, got ${got}`];
    }),
  );
  await api.close();
  return lines.flat();
}

function readAnswer({ status, body }: Answer, claims: unknown): Expected | string {
  const isLike = (wanted: { status: number; body: string }) =>
    status === wanted.status && body === wanted.body;
  if (isLike(OK)) return claims === '-' ? 'anonymous' : 'verified';
  if (claims !== undefined) return `${status}, and yet the upstream was asked`;
  if (isLike(UNAUTHORIZED)) return 'denied';
  return isLike(AUTHORIZER_ERROR) ? 'unavailable' : `${status} ${body}`;
}

function policyFile({ key, issuer, audience, place, passThrough }: PolicyUnderTest): ConfigFile {
  const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:out-of-reach';
  return {
    ...(key === 'none' ? { secretArn: arn } : { secretOrPublicKey: KEYS[key] }),
    algorithms: ['HS256'],
    jwtExtractor: 'header',
    jwtExtractorField: place,
    checkCredentialExistence: false,
    passThrough,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };
}

function textOf({
  signedBy,
  issuer,
  audience,
  subject = 'somebody',
  isExpired,
  isForeign,
}: TokenUnderTest): string {
  if (signedBy === 'garbage') return 'not.a.token';
  const claims = { sub: subject, iss: issuer, aud: audience, ...(isExpired && { exp: 1 }) };
  return token(claims, { secret: KEYS[signedBy], header: isForeign ? { alg: 'HS384' } : {} });
}

/** Every choice of one from each list. */
export function choices<T>(lists: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return lists.reduce<readonly (readonly T[])[]>(
    (heads, list) => heads.flatMap((head) => list.map((item) => [...head, item])),
    [[]],
  );
}
