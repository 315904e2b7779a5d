import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesWildcard } from '../../bin/local/wildcard.ts';
import { allow as allowIfItFits, refuse } from '../../lambda/authorizer/answer.ts';
import { ANONYMOUS, type AuthenticatedCaller, type Caller } from '../../lambda/authorizer/caller.ts';
import { parseRequest } from '../../lambda/authorizer/request.ts';
import type { RouteRule } from '../../lambda/config/types.ts';
import { UPSTREAM_HEADERS } from '../../lambda/config/upstream-headers.ts';
import { type RequestParts, requestEvent, requestOf, STAGE_ARN, tokenEvent } from '../support/requests.ts';
import { NOW_SECONDS } from '../support/tokens.ts';
import { foundForUser } from './fixtures.ts';

const CALLER: AuthenticatedCaller = {
  kind: 'authenticated',
  claims: { sub: 'ada' },
  keySource: 'inline',
  scopes: [],
  principalId: 'ada',
};
const PLAIN = { routes: [], expiryCondition: false };
const rule = (...paths: string[]): RouteRule => ({ paths, scopes: ['x'] });
const scoped = (...paths: string[]) => ({ ...PLAIN, routes: [rule(...paths)] });

function allow(...given: Parameters<typeof allowIfItFits>) {
  const answer = allowIfItFits(...given);
  if (answer === undefined) throw new Error('more than API Gateway takes');
  return answer;
}

const statements = (answer: ReturnType<typeof allow>) => answer.policyDocument.Statement;
const allowing = (parts: RequestParts, settings: Parameters<typeof allow>[2] = scoped('/orders')) =>
  statements(allow(CALLER, requestOf(parts), settings));

describe('an Allow', () => {
  test('names the stage where no route asks for scopes', () => {
    const whole = { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: `${STAGE_ARN}/*` };
    expect(allowing({}, PLAIN)).toEqual([whole]);
    expect(allowing({}, { ...PLAIN, routes: [{ paths: ['/a'], scopes: [] }] })).toEqual([whole]);
    expect(statements(allow(CALLER, parseRequest(tokenEvent('Bearer t')), PLAIN))).toEqual([whole]);
  });

  test.each([
    ['/orders', [`${STAGE_ARN}/PUT/orders`, `${STAGE_ARN}/PUT/orders/`]],
    ['/orders/{id}', `${STAGE_ARN}/PUT/orders/*`],
    ['/orders/{id}/items', [`${STAGE_ARN}/PUT/orders/*/items`, `${STAGE_ARN}/PUT/orders/*/items/`]],
    ['/', `${STAGE_ARN}/PUT/`],
  ])('names method and template of %s where some route does', (resource, expected) => {
    const [allowed, ...others] = allowing({ method: 'PUT', resource, path: '/some/path' });
    expect(allowed).toEqual({ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: expected });
    // A variable part can hold another path in disguise; `/orders` cannot.
    expect(others.map(({ Effect }) => Effect)).toEqual(resource.includes('{') ? ['Deny'] : []);
  });

  test('denies the spellings that leave a resource with a variable part', () => {
    const [allowed, denied] = allowing({ resource: '/files/{proxy+}', path: '/files/a' });
    expect(allowed).toMatchObject({ Effect: 'Allow', Resource: `${STAGE_ARN}/GET/files/*` });
    expect(denied).toMatchObject({ Effect: 'Deny', Action: 'execute-api:Invoke' });
    const patterns = denied && 'Resource' in denied ? [denied.Resource].flat() : [];
    const isDenied = (path: string) =>
      patterns.some((pattern) => matchesWildcard(String(pattern), `${STAGE_ARN}/GET${path}`));
    const leaving = [
      ...[
        '/files/../orders',
        '/files/..',
        '/files/../',
        '/files/.',
        '/files/./a',
        '/files//a',
        '//files',
        '/files/a//',
      ],
      ...[
        '/files/%2e%2e/orders',
        '/files/%2E./orders',
        '/files/..%2forders',
        '/files/..%2Forders',
        '/files/..%5corders',
      ],
      ...['/files/..\\orders', '/files/..;/orders', '/files/..;x=1/orders', '/files/%252e%252e/orders'],
      ...['/files/a%23', '/files/a%00', '/files/a%1f', '/files/a%%', '/files/a%U', '/files/a%u'],
      ...['/files/..%252forders', '/files/..%252Forders', '/files/..%255corders', '/files/..%253b/orders'],
    ];
    for (const path of leaving) expect([path, isDenied(path)]).toEqual([path, true]);
    const staying = [
      '/files/a',
      '/files/a/',
      '/files/a.b',
      '/files/..a',
      '/files/a..',
      '/files/...',
      '/files/a%20b',
      '/files/a/b/c',
    ];
    for (const path of staying) expect([path, isDenied(path)]).toEqual([path, false]);
  });

  test('keeps to 512 characters', () => {
    const longest = (length: number) => `/${'a'.repeat(length - `${STAGE_ARN}/GET/`.length)}`;
    for (const length of [510, 511, 512, 513, 2000]) {
      const [first] = allowing({ resource: longest(length) });
      const resources = first && 'Resource' in first ? [first.Resource].flat().map(String) : [];
      expect(Math.max(...resources.map((resource) => resource.length))).toBeLessThanOrEqual(512);
      expect(
        resources.some((resource) => matchesWildcard(resource, `${STAGE_ARN}/GET${longest(length)}`)),
      ).toBe(true);
      expect(resources.every((resource) => resource.startsWith(`${STAGE_ARN}/GET/`))).toBe(true);
    }
  });

  test('goes with the principal, and a credential’s API key', () => {
    const withKey = { ...CALLER, found: foundForUser({ apiKey: 'usage-1' }) };
    expect(allow(withKey, requestOf(), PLAIN)).toMatchObject({
      principalId: 'ada',
      usageIdentifierKey: 'usage-1',
    });
    expect(allow({ ...CALLER, found: foundForUser() }, requestOf(), PLAIN)).not.toHaveProperty(
      'usageIdentifierKey',
    );
    expect(allow(ANONYMOUS, requestOf(), PLAIN).principalId).toBe('anonymous');
  });
});

test('what there is not to say is empty, and a dash where API Gateway makes headers of it', () => {
  for (const caller of [ANONYMOUS, CALLER]) {
    expect(allow(caller, requestOf(), PLAIN).context).toMatchObject({ consumerId: '', scopes: '' });
    const settings = { ...PLAIN, upstream: 'https://api.example' };
    expect(allow(caller, requestOf(), settings).context).toMatchObject({ consumerId: '-', scopes: '-' });
  }
});

describe('to a caller who is remembered', () => {
  const caller: AuthenticatedCaller = { ...CALLER, isRemembered: true };
  const settings = scoped('/orders');
  const requests = ['GET', 'PUT'].flatMap((method) =>
    ['/orders', '/orders/{id}', '/', '/users'].map((resource) =>
      requestOf({ method, resource, path: '/some' }),
    ),
  );

  test('each resource and method has its own answer, in any order', () => {
    for (const request of [...requests, ...requests.toReversed(), ...requests])
      expect(allow(caller, request, settings)).toEqual(allow(CALLER, request, settings));
  });
});

describe('with an upstream, every header made of the context has a value', () => {
  const settings = { ...PLAIN, upstream: 'https://api.example' };
  const callers: [string, Caller][] = [
    ['an anonymous caller', ANONYMOUS],
    ['a token without anything', { ...CALLER, claims: {} }],
    ['a token of another issuer', { ...CALLER, claims: { iss: '' } }],
    ['a token too long to go on', { ...CALLER, claims: { text: 'x'.repeat(7000) } }],
    ['a credential', { ...CALLER, found: foundForUser() }],
  ];

  test.each(callers)('%s', (_, caller) => {
    const { context, principalId } = allow(caller, requestOf(), settings);
    const values = { ...context, principalId };
    for (const entry of Object.values(UPSTREAM_HEADERS))
      expect(values).toHaveProperty(entry, expect.stringMatching(/./));
  });
});

describe('expiryCondition', () => {
  const conditions = (expiresAtSeconds: number | undefined, expiryCondition = true) => {
    const caller = { ...CALLER, ...(expiresAtSeconds !== undefined && { expiresAtSeconds }) };
    return statements(allow(caller, requestOf(), { ...PLAIN, expiryCondition })).slice(1);
  };
  const denyFrom = (time: string) => [
    {
      Action: 'execute-api:Invoke',
      Effect: 'Deny',
      Resource: `${STAGE_ARN}/*`,
      Condition: { DateGreaterThanEquals: { 'aws:CurrentTime': time } },
    },
  ];

  test('denies the stage from then on', () => {
    expect(conditions(NOW_SECONDS)).toEqual(denyFrom('2027-01-15T08:00:00Z'));
  });

  test.each([
    [NOW_SECONDS + 0.001, '2027-01-15T08:00:01Z'],
    [-5, '1970-01-01T00:00:00Z'],
    [1e300, '9999-12-31T23:59:59Z'],
    [253_402_300_799, '9999-12-31T23:59:59Z'],
    [253_402_300_800, '9999-12-31T23:59:59Z'],
  ])('writes %d as %s', (seconds, time) => {
    expect(conditions(seconds)).toEqual(denyFrom(time));
  });

  test('is not there for a token without an end, nor unless it is asked for', () => {
    expect(conditions(undefined)).toEqual([]);
    expect(conditions(NOW_SECONDS, false)).toEqual([]);
    expect(statements(allow(ANONYMOUS, requestOf(), { ...PLAIN, expiryCondition: true }))).toHaveLength(1);
  });
});

describe('a refusal', () => {
  test('of a subject that API Gateway would not take names nobody', () => {
    const of = (length: number) =>
      refuse('scope_missing', requestOf(), { ...CALLER, principalId: '\ufffd'.repeat(length) });
    expect(of(2300).principalId).toHaveLength(2300);
    // As JSON an object of 18 bytes and the name.
    const plain = (length: number) =>
      refuse('scope_missing', requestOf(), { ...CALLER, principalId: 'x'.repeat(length) }).principalId;
    expect(plain(7000 - 18)).toHaveLength(7000 - 18);
    expect(plain(7000 - 17)).toBe('anonymous');
    expect(of(2400)).toMatchObject({ principalId: 'anonymous', context: { code: 'scope_missing' } });
  });

  test('is an explicit Deny of the stage, with the code that a caller may know', () => {
    expect(
      refuse('scope_missing', requestOf({ resource: '/orders/{id}', path: '/orders/1' }), CALLER),
    ).toEqual({
      principalId: 'ada',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: 'Deny', Resource: `${STAGE_ARN}/*` }],
      },
      context: { code: 'scope_missing', error: 'insufficient_scope' },
    });
  });

  test('has a principal even when nobody is known', () => {
    expect(refuse('signature_invalid', requestOf()).principalId).toBe('anonymous');
    expect(refuse('scope_missing', requestOf(), ANONYMOUS).principalId).toBe('anonymous');
  });

  test('has no member without a value', () => {
    expect(refuse('token_missing', requestOf()).context).toStrictEqual({ code: 'token_missing' });
  });

  test.each(['credential_unknown', 'credential_inactive', 'consumer_inactive'] as const)(
    'hides %s',
    (code) => {
      expect(refuse(code, requestOf()).context).toEqual({ code: 'token_invalid', error: 'invalid_token' });
    },
  );
});

test('no text of a request enters a policy', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(
      '*',
      '?',
      '/*',
      '../*',
      '$' + '{aws:username}',
      '/prod/GET/*',
      '"],"Resource":"*"',
      ':::',
      '\\',
    ),
  );
  const settings = { ...scoped('/orders', '/files/{x}'), expiryCondition: true };
  const resources = fc.constantFrom('/orders', '/orders/{id}', '/files/{proxy+}', '/{proxy+}', '/');
  fc.assert(
    fc.property(fc.array(hostile), hostile, resources, (segments, text, resource) => {
      const path = `/${segments.join('/')}`;
      const event = {
        ...requestEvent({ resource, path, headers: [['Authorization', text]], query: [['token', text]] }),
        pathParameters: { id: text, proxy: text },
        requestContext: { requestId: text, path, resourcePath: text, httpMethod: text },
      };
      const [request, plain] = [parseRequest(event), requestOf({ resource })];
      expect(allow(CALLER, request, settings).policyDocument).toEqual(
        allow(CALLER, plain, settings).policyDocument,
      );
      expect(refuse('scope_missing', request, CALLER)).toEqual(refuse('scope_missing', plain, CALLER));
    }),
    { numRuns: 500 },
  );
});

test('an answer stays under 8,000 bytes, whatever the claims and the statements', () => {
  for (const length of [0, 1000, 2000, 3000, 3500, 4000, 5000]) {
    const claims = { sub: 'ada', pad: 'x'.repeat(length), more: 'y'.repeat(500) };
    const caller = { ...CALLER, claims, expiresAtSeconds: 1 };
    const settings = { ...scoped('/files/{proxy+}'), expiryCondition: true };
    const answer = allow(caller, requestOf({ resource: '/files/{proxy+}', path: '/files/a' }), settings);
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(8000);
  }
});

/** Of names that are always there, nothing can be left out. */
test.each([
  ['a subject', (text: string) => ({ principalId: text })],
  ['an issuer', (iss: string) => ({ claims: { sub: 'ada', iss } })],
  ['scopes', (scope: string) => ({ scopes: [scope] })],
])('an answer that would be over 8,000 bytes with %s alone is none', (_, said) => {
  const settings = { ...scoped('/files/{proxy+}'), expiryCondition: true };
  const request = requestOf({ resource: '/files/{proxy+}', path: '/files/a' });
  const answerOf = (length: number) =>
    allowIfItFits({ ...CALLER, ...said('x'.repeat(length)), expiresAtSeconds: 1 }, request, settings);
  let [most, least] = [0, 7000];
  while (least - most > 1) {
    const middle = (most + least) >> 1;
    if (answerOf(middle) === undefined) least = middle;
    else most = middle;
  }
  const bytes = Buffer.byteLength(JSON.stringify(answerOf(most)));
  expect(bytes).toBeLessThanOrEqual(8000);
  expect(bytes).toBeGreaterThan(7990);
});

test('an Allow for a parameter does not reach below it, however the ARN is spelled', () => {
  const answer = allow(
    CALLER,
    requestOf({ resource: '/orders/{id}', path: '/orders/7' }),
    scoped('/orders/{id}'),
  );
  const denied = answer.policyDocument.Statement[1];
  const patterns = denied && 'Resource' in denied ? [denied.Resource].flat().map(String) : [];
  const isDenied = (path: string) =>
    patterns.some((pattern) => matchesWildcard(pattern, `${STAGE_ARN}/GET${path}`));
  expect(['/orders/7', '/orders/7/', '/orders/7/secrets'].map(isDenied)).toEqual([false, false, true]);
});

test.each(['/a/..%25%32%66b', '/a/%25%32e%25%32e/b', '/a/%c0%ae', '/a/%u002e', '/a/%2%66b', '/a/%252fb'])(
  '%s is denied in a resource with a variable part',
  (path) => {
    const [, denied] = allowing({ resource: '/a/{proxy+}', path: '/a/b' });
    const patterns = denied && 'Resource' in denied ? [denied.Resource].flat().map(String) : [];
    expect(patterns.some((pattern) => matchesWildcard(pattern, `${STAGE_ARN}/GET${path}`))).toBe(true);
  },
);

test('a path cannot climb out of the upstream’s base path either', () => {
  const settings = { ...PLAIN, upstream: 'https://orders.example/base' };
  expect(allowing({}, settings).map(({ Effect }) => Effect)).toEqual(['Allow', 'Deny']);
  expect(allowing({}, { ...PLAIN, upstream: 'https://orders.example' })).toHaveLength(1);
});
