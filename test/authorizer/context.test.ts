import { describe, expect, test } from 'vitest';
import { ANONYMOUS, type AuthenticatedCaller } from '../../lambda/authorizer/caller.ts';
import { contextOf as contextIfItFits } from '../../lambda/authorizer/context.ts';
import type { JsonObject } from '../../lambda/authorizer/strict-json.ts';
import { parseStrictObject } from '../../lambda/authorizer/strict-json.ts';
import { UPSTREAM_HEADERS } from '../../lambda/config/upstream-headers.ts';
import { base64url } from '../support/tokens.ts';
import { APPLICATION_CREDENTIAL, applicationOf, credentialOf, foundForUser, userOf } from './fixtures.ts';

function contextOf(...given: Parameters<typeof contextIfItFits>) {
  const context = contextIfItFits(...given);
  if (context === undefined) throw new Error('more than API Gateway takes');
  return context;
}

const callerOf = (claims: JsonObject, more: Partial<AuthenticatedCaller> = {}): AuthenticatedCaller => ({
  kind: 'authenticated',
  claims,
  keySource: 'inline',
  scopes: [],
  principalId: 'ada',
  ...more,
});

const NOTHING = {
  consumerId: '',
  consumerType: '',
  username: '',
  credentialId: '',
  scopes: '',
  issuer: '',
  claimsBase64url: '',
};

test('an anonymous caller is anonymous, and not authenticated', () => {
  expect(contextOf(ANONYMOUS)).toEqual({ anonymous: 'true', ...NOTHING });
});

test('for an API that makes headers of the context, no entry of them is missing or empty', () => {
  const huge = { sub: 'ada', pad: 'x'.repeat(7000) };
  for (const caller of [ANONYMOUS, callerOf({}), callerOf(huge)]) {
    const context = { ...contextOf(caller, { nothing: '-' }), principalId: 'ada' };
    for (const entry of Object.values(UPSTREAM_HEADERS))
      expect(context).toHaveProperty(entry, expect.stringMatching(/./));
  }
});

test('a token’s caller', () => {
  const claims = { sub: 'ada', iss: 'https://id.example', scope: 'a b' };
  expect(contextOf(callerOf(claims, { scopes: ['a', 'b'] }))).toEqual({
    ...NOTHING,
    authenticated: 'true',
    scopes: 'a b',
    issuer: 'https://id.example',
    claimsJson: JSON.stringify(claims),
    claimsBase64url: base64url(JSON.stringify(claims)),
    sub: 'ada',
    iss: 'https://id.example',
    scope: 'a b',
  });
});

test('a user’s credential', () => {
  expect(contextOf(callerOf({ sub: 'key-1' }, { found: foundForUser() }))).toMatchObject({
    consumerId: 'user-1',
    consumerType: 'user',
    username: 'ada',
    credentialId: 'key-1',
  });
});

test('an application’s credential goes with its owner’s username', () => {
  const found = {
    credential: credentialOf(APPLICATION_CREDENTIAL),
    holder: { user: userOf(), application: applicationOf() },
  };
  expect(contextOf(callerOf({ sub: 'key-1' }, { found }))).toMatchObject({
    consumerId: 'app-1',
    consumerType: 'application',
    username: 'ada',
  });
});

test('a credential without its user goes with no username', () => {
  const found = { credential: credentialOf(), holder: {} };
  expect(contextOf(callerOf({ sub: 'key-1' }, { found }))).toMatchObject({ username: '' });
});

test('a lone surrogate counts with the six bytes of its escape', () => {
  const contextWith = (count: number) =>
    contextIfItFits(callerOf({}, { scopes: ['\ud800'.repeat(count)] }))?.['scopes'];
  expect(contextWith(1000)).toHaveLength(1000);
  expect(contextWith(1200)).toBeUndefined();
});

describe('claims under their own names', () => {
  const flat = (claims: JsonObject) => {
    const context = contextOf(callerOf(claims));
    const ours = new Set([...Object.keys(NOTHING), 'authenticated', 'claimsJson', 'claimsBase64url']);
    return Object.fromEntries(Object.entries(context).filter(([name]) => !ours.has(name)));
  };

  test('are strings, whatever they were', () => {
    expect(flat({ a: 'x', b: 1.5, c: false, d: '' })).toEqual({ a: 'x', b: '1.5', c: 'false', d: '' });
  });

  test('are scalars', () => {
    expect(flat({ a: null, b: [1], c: { d: 1 }, e: [] })).toEqual({});
  });

  test.each(['a', '_a', 'A9_', `a${'b'.repeat(63)}`])('may be named %s', (name) => {
    expect(flat({ [name]: 'x' })).toEqual({ [name]: 'x' });
  });

  test.each(['', '9a', 'a-b', 'a.b', 'a b', 'é', 'a\n', `a${'b'.repeat(64)}`, 'https://x.example/a'])(
    'may not be named %j',
    (name) => {
      for (const value of ['x', 7, true]) expect(flat({ [name]: value })).toEqual({});
    },
  );

  const reserved = [
    ...['principalId', 'integrationLatency', 'claims', 'usageIdentifierKey', 'claimsJson', 'authenticated'],
    ...['anonymous', 'consumerId', 'consumerType', 'username', 'credentialId', 'scopes', 'issuer', 'code'],
    ...['claimsBase64url', 'error', 'property', 'integrationStatus', 'latency', 'status', 'requestId'],
    ...['jwt', 'lambda', 'prototype', 'constructor'],
  ];
  test.each(reserved)('do not stand for %s, in any case', (name) => {
    for (const spelling of [name, name.toLowerCase(), name.toUpperCase()]) {
      const context = contextOf(callerOf({ [spelling]: 'forged' }));
      expect(Object.values(context)).not.toContain('forged');
    }
  });

  test('are judged alike, however many names came before', () => {
    for (let index = 0; index <= 1_001; index += 1) {
      expect(flat({ [`name${index}`]: 'x' })).toEqual({ [`name${index}`]: 'x' });
      expect(flat({ [`${index}name`]: 'x', Scopes: 'x' })).toEqual({});
    }
  });

  test('do not stand for a member of every object', () => {
    const claims = parseStrictObject(Buffer.from('{"__proto__":"x","constructor":"y","prototype":"z"}'));
    const context = contextOf(callerOf(claims ?? {}));
    expect(Object.getPrototypeOf(context)).toBe(Object.prototype);
    expect(Object.hasOwn(context, 'constructor')).toBe(false);
    expect(Object.hasOwn(context, '__proto__')).toBe(false);
  });

  test.each(['a\nb', 'a\r\nx-y: z', '\0', '\t', '\u007f', '\u0085'])(
    'hold no control characters: %j',
    (value) => {
      expect(flat({ a: value })).toEqual({});
    },
  );
});

test('every value is a string', () => {
  const context = contextOf(callerOf({ exp: 1, a: true, b: null, c: [1], d: { e: 1 } }));
  for (const value of Object.values(context)) expect(value).toBeTypeOf('string');
});

test('over 7,000 bytes flat claims go first, then claimsBase64url, then claimsJson; fixed names stay', () => {
  const seen = new Set<number>();
  for (let length = 0; length < 7200; length += 1) {
    // Two bytes a character: bytes are counted, not characters.
    const claims = { sub: 'ada', iss: 'i', a: 'é'.repeat(length >> 1) + 'x'.repeat(length & 1) };
    const fixed = { ...NOTHING, authenticated: 'true', issuer: 'i' };
    const claimsJson = JSON.stringify(claims);
    const variants = [
      { ...fixed, ...claims, claimsJson, claimsBase64url: base64url(claimsJson) },
      { ...fixed, claimsJson, claimsBase64url: base64url(claimsJson) },
      { ...fixed, claimsJson },
      fixed,
    ];
    const fitting = variants.findIndex((variant) => Buffer.byteLength(JSON.stringify(variant)) <= 7000);
    seen.add(fitting);
    if (
      JSON.stringify(sorted(contextOf(callerOf(claims)))) !== JSON.stringify(sorted(variants[fitting] ?? {}))
    ) {
      expect.fail(`another choice than ${fitting} at ${length} bytes`);
    }
  }
  expect([...seen]).toEqual([0, 1, 2, 3]);
});

function sorted(context: object): [string, unknown][] {
  return Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
}
