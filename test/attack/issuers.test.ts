/** Two issuers behind one authorizer: neither speaks for the other. */
import { describe, expect, test } from 'vitest';
import { AUDIENCE, CLAIMS, OTHER_RSA, RSA, SECRET } from './doors.ts';
import { forge } from './forge.ts';
import { bearerEvent, codeOf, type Guard, guardOf } from './ours.ts';

const A = 'https://a.example/';
const B = 'https://b.example/';
const setOf = (pair: typeof RSA) => ({
  keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256' }],
});
const SETS: Readonly<Record<string, unknown>> = { [`${A}jwks`]: setOf(RSA), [`${B}jwks`]: setOf(OTHER_RSA) };

const policy = (issuer: string, more: object = {}) => ({
  ...{
    issuer,
    jwksUri: `${issuer}jwks`,
    algorithms: ['RS256'],
    audience: AUDIENCE,
    checkCredentialExistence: false,
  },
  ...more,
});
const guard = (...jwt: object[]) =>
  guardOf({ jwt, authorizerCacheSeconds: 0 }, { keySetAt: (uri) => SETS[uri] });
const token = (iss: unknown, pair: typeof RSA, kid: unknown = 'one') =>
  forge('RS256', { header: { kid }, payload: { iss }, key: pair.privateKey });

/** Whom a token lets in, or the code of the denial. */
async function principalOf(by: Guard, one: string): Promise<string> {
  const outcome = await by.respond(bearerEvent(one));
  if (outcome.kind === 'decided' && outcome.decision.kind === 'allowed')
    return outcome.decision.caller.kind === 'anonymous' ? 'anonymous' : outcome.decision.caller.principalId;
  return codeOf(outcome);
}

test('the same sub at two issuers is two principals, and neither spells the other (RFC 8725 §3.8, RFC 7519 §4.1.2)', async () => {
  const both = guard(policy(A), policy(B));
  const by = (iss: string, sub: string) =>
    forge('RS256', { payload: { iss, sub }, key: (iss === A ? RSA : OTHER_RSA).privateKey });
  expect(await principalOf(both, by(A, 'ada'))).toBe(`${A}|ada`);
  expect(await principalOf(both, by(B, 'ada'))).toBe(`${B}|ada`);
  for (const sub of [`${B}|ada`, `|${B}|ada`, `\n${B}|ada`, `\u0000${B}|ada`, `../${B}|ada`]) {
    const principal = await principalOf(both, by(A, sub));
    expect(principal.startsWith(`${A}|`)).toBe(true);
    expect(principal).not.toBe(`${B}|ada`);
  }
});

describe.each([
  ['a list', {}],
  ['a list whose policies leave it to the next', { passThrough: true }],
])('the same kid at two issuers (RFC 8725 §3.8, RFC 7515 §4.1.4), in %s', (_, more) => {
  const both = () => guard(policy(A, more), policy(B, more));
  // With passThrough all round, nobody is an anonymous somebody: never the subject of the token.
  const denied = 'passThrough' in more ? 'anonymous' : 'signature_invalid';
  const judge = (one: string) => principalOf(both(), one);

  test('each speaks for itself', async () => {
    expect(await judge(token(A, RSA))).toBe(`${A}|${CLAIMS.sub}`);
    expect(await judge(token(B, OTHER_RSA))).toBe(`${B}|${CLAIMS.sub}`);
  });
  test('neither for the other, under the same kid', async () => {
    expect(await judge(token(A, OTHER_RSA))).toBe(denied);
    expect(await judge(token(B, RSA))).toBe(denied);
  });
  test('nor for nobody, or both', async () => {
    for (const iss of [undefined, [A, B], `${A},${B}`, '']) {
      const code = await judge(token(iss, RSA));
      expect(code).toBe('passThrough' in more ? 'anonymous' : 'issuer_mismatch');
    }
  });
});

test('a token that was remembered for one issuer is not for the other (RFC 8725 §2.7, §3.8)', async () => {
  const both = guard(policy(A), policy(B));
  const honest = token(A, RSA);
  for (let time = 1; time <= 3; time++) expect(await both.judge(honest)).toBe('allowed');
  expect(await both.judge(token(A, OTHER_RSA))).toBe('signature_invalid');
  expect(await guard(policy(B)).judge(honest)).toBe('issuer_mismatch');
});

test('once a signature held, no later policy accepts the token (RFC 8725 §3.9, §3.12)', async () => {
  const strict = { ...policy(A), audience: 'billing', passThrough: true };
  const lenient = { ...policy(A), algorithms: ['RS256'] };
  expect(await guard(strict, lenient).judge(token(A, RSA))).toBe('audience_mismatch');
});

test('an issuer of keys does not make up for one of a secret (RFC 8725 §3.1, CVE-2022-23541)', async () => {
  const mixed = guard(policy(A), {
    ...{ issuer: B, secretOrPublicKeyBase64: SECRET.publicKey.export().toString('base64') },
    ...{ algorithms: ['HS256'], audience: AUDIENCE, checkCredentialExistence: false },
  });
  expect(await mixed.judge(forge('HS256', { payload: { iss: B } }))).toBe('allowed');
  expect(await mixed.judge(forge('HS256', { payload: { iss: A } }))).toBe('algorithm_not_allowed');
  expect(await mixed.judge(token(B, RSA))).toBe('algorithm_not_allowed');
});
