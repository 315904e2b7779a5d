/** What the steps of a request tell who listens: which ran, in which order, and what each came to. */
import { describe, expect, test } from 'vitest';
import { decide } from '../../lambda/authorizer/decide.ts';
import type { Dependencies } from '../../lambda/authorizer/dependencies.ts';
import { keysStep, type TraceStep } from '../../lambda/authorizer/trace.ts';
import type { JwtPolicy } from '../../lambda/config/types.ts';
import { EC, RSA } from '../config/keys.ts';
import { bearerRequest, type RequestParts, requestOf } from '../support/requests.ts';
import { NOW_SECONDS, OTHER_SECRET, SECRET, SECRET_TEXT, tokenOf } from '../support/tokens.ts';
import { CREDENTIAL_POLICY, keyedCredential, openWorld, secretText, signedBy } from './credential-world.ts';
import { configOf, dependenciesOf, finderOf, foundForUser, policyOf, userOf } from './fixtures.ts';

async function traceOf(
  request: ReturnType<typeof requestOf>,
  dependencies: Dependencies,
): Promise<readonly TraceStep[]> {
  const steps: TraceStep[] = [];
  const traced = await decide(request, { ...dependencies, observe: (step) => steps.push(step) });
  // Who listens changes nothing.
  expect(traced).toEqual(await decide(request, dependencies));
  return steps;
}

const trace = (
  token: string | undefined,
  policies: readonly Partial<JwtPolicy>[] = [{}],
  more: Partial<Dependencies> = {},
  parts: RequestParts = {},
) =>
  traceOf(token === undefined ? requestOf(parts) : bearerRequest(token, parts), {
    ...dependenciesOf({ config: configOf(policies) }),
    ...more,
  });

/** `step`, with its name if it has one, and its code if it denied. */
const briefly = (steps: readonly TraceStep[]) =>
  steps.map((step) => {
    const name = 'name' in step ? `${step.step} ${step.name}` : step.step;
    return step.code === undefined ? name : `${name}: ${step.code}`;
  });

const CHECKS = ['types', 'typ', 'exp', 'nbf', 'iat', 'age', 'iss', 'aud'].map((name) => `check ${name}`);
const TO_SIGNATURE = ['extract', 'decode', 'issuer', 'settled', 'algorithm', 'keys', 'signature'];
const CONTROLLED = {
  policy: { checkCredentialExistence: true },
  more: (found = foundForUser()): Partial<Dependencies> => ({ findCredential: async () => found }),
};

describe('the steps in order', () => {
  test('a token that is accepted', async () => {
    const steps = await trace(tokenOf({ tenant: 'a' }), [{ requiredClaims: [{ name: 'tenant' }] }]);
    expect(briefly(steps)).toEqual([...TO_SIGNATURE, ...CHECKS, 'required_claim tenant', 'scopes']);
  });

  test('the controlled modality', async () => {
    const steps = await trace(tokenOf({ sub: 'key-1' }), [CONTROLLED.policy], CONTROLLED.more());
    expect(briefly(steps)).toEqual([
      ...TO_SIGNATURE,
      ...CHECKS,
      'credential',
      'consumer',
      'revocation',
      'scopes',
    ]);
  });

  test.each<[string, string | undefined, Partial<JwtPolicy>, readonly string[]]>([
    ['no token', undefined, {}, ['extract: token_missing']],
    ['no token in it', 'a.b', {}, ['extract', 'decode: token_malformed']],
    [
      'another algorithm',
      tokenOf({}, { algorithm: 'HS384' }),
      {},
      ['extract', 'decode', 'issuer', 'settled', 'algorithm: algorithm_not_allowed'],
    ],
    [
      'another key',
      tokenOf({ exp: 1 }, { key: OTHER_SECRET }),
      {},
      [...TO_SIGNATURE.slice(0, -1), 'signature: signature_invalid'],
    ],
    [
      'expired',
      tokenOf({ exp: NOW_SECONDS }),
      {},
      [...TO_SIGNATURE, 'check types', 'check typ', 'check exp: token_expired'],
    ],
    [
      'another audience',
      tokenOf({ aud: 'x' }),
      { audience: ['orders'] },
      [...TO_SIGNATURE, ...CHECKS.slice(0, -1), 'check aud: audience_mismatch'],
    ],
    [
      'a claim of another value',
      tokenOf({ tenant: 'b' }),
      { requiredClaims: [{ name: 'tenant', values: ['a'] }] },
      [...TO_SIGNATURE, ...CHECKS, 'required_claim tenant: claim_mismatch'],
    ],
  ])('%s ends at the step that denies', async (_, token, policy, expected) => {
    expect(briefly(await trace(token, [policy]))).toEqual(expected);
  });

  test.each([
    ['unknown', undefined, ['credential: credential_unknown']],
    ['inactive', foundForUser({ isActive: false }), ['credential: credential_inactive']],
    [
      'of an inactive user',
      foundForUser({}, userOf({ isActive: false })),
      ['credential', 'consumer: consumer_inactive'],
    ],
  ])('a credential that is %s', async (_, found, expected) => {
    const steps = await trace(tokenOf({ sub: 'key-1' }), [CONTROLLED.policy], {
      findCredential: async () => found,
    });
    expect(briefly(steps).slice(TO_SIGNATURE.length + CHECKS.length)).toEqual(expected);
  });
});

describe('several policies', () => {
  const two = (...issuers: readonly [string, string]) =>
    issuers.map((issuer) => ({ issuer: [issuer], passThrough: true }));

  test('one that is another issuer’s says so, and the next has its turn', async () => {
    const steps = await trace(tokenOf({ iss: 'b' }), two('a', 'b'));
    expect(steps.filter(({ step }) => step === 'issuer')).toMatchObject([
      { wanted: ['a'], got: 'b', applies: false },
      { wanted: ['b'], got: 'b', applies: true },
    ]);
    expect(steps.filter(({ step }) => step === 'extract')).toMatchObject([{ policy: 0 }, { policy: 1 }]);
  });

  test('a token that an earlier policy verified and denied is settled', async () => {
    const steps = await trace(tokenOf({ exp: NOW_SECONDS }), [{ passThrough: true }, { passThrough: true }]);
    expect(briefly(steps).slice(-4)).toEqual(['extract', 'decode', 'issuer', 'settled: token_expired']);
  });
});

describe('what a step saw', () => {
  const stepOf = async <K extends TraceStep['step']>(name: K, steps: Promise<readonly TraceStep[]>) =>
    (await steps).find((step): step is Extract<TraceStep, { step: K }> => step.step === name);

  test('keys: how many, of which type and size, and never the key', async () => {
    const steps = trace(tokenOf({}, { header: { kid: 'k' } }), [{}], {
      keysOf: () => finderOf(OTHER_SECRET, SECRET),
    });
    expect(await stepOf('keys', steps)).toEqual({
      step: 'keys',
      source: 'inline',
      kid: 'k',
      isNewer: false,
      code: undefined,
      candidates: [
        { type: 'secret', size: 78 },
        { type: 'secret', size: 72 },
      ],
    });
  });

  test('keys that were asked for anew are told apart', async () => {
    const keysOf = () => ({ find: () => [OTHER_SECRET], findNewer: async () => [SECRET] });
    const steps = await trace(tokenOf(), [{}], { keysOf });
    expect(steps.filter(({ step }) => step === 'keys')).toMatchObject([
      { isNewer: false },
      { isNewer: true },
    ]);
    expect(briefly(steps)).toContain('signature');
  });

  test('scopes: of the credential, and those that count', async () => {
    const steps = trace(
      tokenOf({ sub: 'key-1', scope: 'r x' }),
      [{ ...CONTROLLED.policy, scopeClaim: ['scope'] }],
      CONTROLLED.more(foundForUser({ scopes: ['r', 'w'] })),
    );
    expect(await stepOf('scopes', steps)).toMatchObject({ credentialScopes: ['r', 'w'], scopes: ['r'] });
  });

  test('rules: each that matches, until one denies', async () => {
    const rule = (path: string, ...scopes: string[]) => ({ paths: [path], scopes });
    const routes = [
      rule('/orders/{id}', 'r'),
      rule('/other', 'x'),
      rule('/orders/*', 'w'),
      rule('/orders/{id}', 'z'),
    ];
    const config = configOf([{ scopeClaim: ['scope'] }], { routes });
    const steps = await trace(
      tokenOf({ scope: 'r' }),
      [],
      { config },
      { resource: '/orders/{id}', path: '/orders/7' },
    );
    expect(steps.filter(({ step }) => step === 'rule')).toMatchObject([
      { path: '/orders/{id}', rule: { scopes: ['r'] }, code: undefined },
      { path: '/orders/*', rule: { scopes: ['w'] }, code: 'scope_missing' },
    ]);
  });

  test('a path with two readings is told of at the rule that asked', async () => {
    const config = configOf([{ scopeClaim: ['scope'] }], { routes: [{ paths: ['/orders'], scopes: ['r'] }] });
    const steps = await trace(
      tokenOf({ scope: 'r' }),
      [],
      { config },
      { resource: '/{proxy+}', path: '//orders' },
    );
    expect(briefly(steps).at(-1)).toBe('rule: path_not_canonical');
  });
});

describe('a credential’s own key', () => {
  const worldWith = (...keyIds: readonly string[]): Partial<Dependencies> => {
    const world = openWorld();
    for (const keyId of keyIds) world.stored.set(keyId, keyedCredential(keyId));
    return { credentialKeys: world.store };
  };

  test('is counted, and what stands in for one that is not there is not', async () => {
    const steps = await trace(signedBy(secretText('key-1')), [CREDENTIAL_POLICY], worldWith('key-1'));
    expect(steps.find(({ step }) => step === 'keys')).toMatchObject({
      candidates: [{ type: 'secret', size: 72 }],
    });
    expect(briefly(steps)).toContain('credential');
  });

  test('of nobody: no candidate, and the last word is that the credential is unknown', async () => {
    const steps = await trace(signedBy(secretText('key-1')), [CREDENTIAL_POLICY], worldWith());
    expect(steps.find(({ step }) => step === 'keys')).toMatchObject({ candidates: [] });
    expect(steps.find(({ step }) => step === 'key_name')).toMatchObject({ keyId: 'key-1' });
    expect(steps.find(({ step }) => step === 'credential')).toMatchObject({ keyId: 'key-1' });
    expect(briefly(steps).at(-1)).toBe('credential: credential_unknown');
  });

  test('a token that is over costs no look-up', async () => {
    const steps = await trace(
      signedBy(secretText('key-1'), { exp: 1 }),
      [CREDENTIAL_POLICY],
      worldWith('key-1'),
    );
    expect(briefly(steps).at(-1)).toBe('key_name: token_expired');
  });
});

test('the credential is told where there is one', async () => {
  const found = foundForUser();
  const stepOf = async (one: typeof found | undefined) => {
    const more = { findCredential: async () => one };
    const steps = await trace(tokenOf({ sub: 'key-1' }), [CONTROLLED.policy], more);
    return steps.find(({ step }) => step === 'credential');
  };
  expect(await stepOf(found)).toStrictEqual({
    ...{ step: 'credential', keyId: 'key-1', code: undefined, credential: found.credential },
  });
  expect(await stepOf(undefined)).toStrictEqual({
    ...{ step: 'credential', keyId: 'key-1', code: 'credential_unknown' },
  });
});

test('a token is told by its length, and none has none', async () => {
  const token = tokenOf({ name: 'Ada' });
  expect((await trace(token))[0]).toMatchObject({ step: 'extract', bytes: Buffer.byteLength(token) });
  expect((await trace(undefined))[0]).toMatchObject({ step: 'extract', bytes: undefined });
});

test('no step holds the token, its signature, a secret or a key', async () => {
  const token = tokenOf({ sub: 'key-1' });
  const runs = [
    await trace(token, [CONTROLLED.policy], CONTROLLED.more()),
    await trace(tokenOf({}, { key: OTHER_SECRET })),
    await trace(signedBy(secretText('key-1')), [CREDENTIAL_POLICY]),
  ];
  const told = JSON.stringify(runs);
  for (const text of [...token.split('.'), SECRET_TEXT, secretText('key-1')])
    expect(told).not.toContain(text);
});

test('a key is shown by its type and its size', () => {
  const keys = [SECRET, RSA.publicKey, EC.publicKey];
  const step = keysStep(keys, { algorithm: 'HS256', kid: 'a' }, { policy: policyOf(), isNewer: false });
  expect(step).toMatchObject({
    candidates: [
      { type: 'secret', size: SECRET.symmetricKeySize },
      { type: 'rsa', size: 2048 },
      { type: 'ec', size: 'prime256v1' },
    ],
  });
});
