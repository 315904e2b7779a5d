/** The function as Lambda starts it: configured by its environment, invoked with events. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Handler } from '../../lambda/authorizer/handler.ts';
import { type RequestParts, requestEvent, STAGE_ARN, tokenEvent } from '../support/requests.ts';
import { OTHER_SECRET, SECRET_TEXT, tokenOf } from '../support/tokens.ts';

const lines: string[] = [];

beforeEach(() => {
  lines.length = 0;
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Nothing listens on port 1. */
const CLOSED = 'http://127.0.0.1:1';

async function start(config: object, variables: Record<string, string> = {}): Promise<Handler> {
  vi.stubEnv('AUTHORIZER_CONFIG', JSON.stringify(config));
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'authorizer');
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  vi.resetModules();
  const { handler } = await import('../../lambda/authorizer/handler.ts');
  return handler;
}

const jwt = { secretOrPublicKey: SECRET_TEXT, checkCredentialExistence: false };
const UNCONTROLLED = { jwt };
const SCOPED = {
  jwt: { ...jwt, scopeClaim: 'scope' },
  routes: [{ paths: '/orders', scopes: ['orders:read'] }],
};
const AWS = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_ENDPOINT_URL_DYNAMODB: CLOSED,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: CLOSED,
  CREDENTIALS_TABLE: 'credentials',
};

/** Far from now, by the clock of this machine, which is the handler's. */
const LIVE = { exp: 4_000_000_000 };
const bearer = (token: string, parts: RequestParts = {}) =>
  requestEvent({ ...parts, headers: [['Authorization', `Bearer ${token}`]] });

async function messageOf(answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => expect.fail('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  return error instanceof Error ? error.message : '';
}

describe('uncontrolled', () => {
  test('a token is allowed, for TOKEN and REQUEST events', async () => {
    const handler = await start(UNCONTROLLED);
    const token = tokenOf({ ...LIVE, sub: 'ada' });
    for (const event of [bearer(token), tokenEvent(`Bearer ${token}`)]) {
      expect(await handler(event)).toMatchObject({
        principalId: 'ada',
        policyDocument: { Statement: [{ Effect: 'Allow', Resource: `${STAGE_ARN}/*` }] },
        context: { authenticated: 'true' },
      });
    }
  });

  test.each([
    ['no token', requestEvent()],
    ['garbage', bearer('garbage')],
    ['an expired token', bearer(tokenOf({ exp: 1 }))],
    ['a forged token', bearer(tokenOf(LIVE, { key: OTHER_SECRET }))],
    ['an empty TOKEN event', tokenEvent('')],
  ])('%s is answered with exactly Unauthorized', async (_, event) => {
    const handler = await start(UNCONTROLLED);
    expect(await messageOf(handler(event))).toBe('Unauthorized');
  });

  test.each([undefined, null, {}, [], { ...requestEvent(), methodArn: 'arn:secret' }])(
    'the event %j is ours to answer for: not Unauthorized, no Allow',
    async (event) => {
      const handler = await start(UNCONTROLLED);
      expect(await messageOf(handler(event))).not.toBe('Unauthorized');
      expect(lines.map((line) => JSON.parse(line))).toContainEqual(
        expect.objectContaining({ level: 'error', reason: 'EventMalformed' }),
      );
    },
  );
});

describe('scopes', () => {
  test('who lacks one is denied explicitly', async () => {
    const handler = await start(SCOPED);
    expect(await handler(bearer(tokenOf({ ...LIVE, sub: 'ada', scope: 'x' })))).toMatchObject({
      principalId: 'ada',
      policyDocument: { Statement: [{ Effect: 'Deny', Resource: `${STAGE_ARN}/*` }] },
      context: { code: 'scope_missing' },
    });
  });

  test('an authorizer of type TOKEN is an outage, not a denial', async () => {
    const handler = await start(SCOPED);
    const token = tokenOf({ ...LIVE, scope: 'orders:read' });
    expect(await messageOf(handler(tokenEvent(`Bearer ${token}`)))).not.toBe('Unauthorized');
  });

  test('an anonymous caller is denied explicitly', async () => {
    const handler = await start({ ...SCOPED, jwt: { ...SCOPED.jwt, passThrough: true } });
    expect(await handler(requestEvent())).toMatchObject({
      principalId: 'anonymous',
      policyDocument: { Statement: [{ Effect: 'Deny' }] },
    });
    expect(await handler(requestEvent({ resource: '/free' }))).toMatchObject({
      context: { anonymous: 'true' },
    });
  });
});

describe('onDenial: policy', () => {
  const config = { ...UNCONTROLLED, onDenial: 'policy' };

  test.each([
    ['garbage', 'garbage', 'token_malformed'],
    ['a forged token', tokenOf(LIVE, { key: OTHER_SECRET }), 'signature_invalid'],
    ['an expired token', tokenOf({ exp: 1 }), 'token_expired'],
  ])('%s is denied by a policy with its code', async (_, token, code) => {
    const handler = await start(config);
    expect(await handler(bearer(token))).toMatchObject({
      principalId: 'anonymous',
      policyDocument: { Statement: [{ Effect: 'Deny', Resource: `${STAGE_ARN}/*` }] },
      context: { code },
    });
  });

  test.each([
    ['no token', requestEvent()],
    ['a token of tomorrow', bearer(tokenOf({ ...LIVE, nbf: 3_900_000_000 }))],
  ])('%s, which time can change, is Unauthorized', async (_, event) => {
    const handler = await start(config);
    expect(await messageOf(handler(event))).toBe('Unauthorized');
  });
});

describe('an outage', () => {
  const controlled = { jwt: { secretOrPublicKey: SECRET_TEXT } };
  const token = tokenOf({ ...LIVE, sub: 'key-1', iss: 'https://id.example' });

  test.each([
    ['of the table', controlled, 'StoreUnavailable'],
    ['of the table, with passThrough', { jwt: { ...controlled.jwt, passThrough: true } }, 'StoreUnavailable'],
    ['of the table, with onDenial: policy', { ...controlled, onDenial: 'policy' }, 'StoreUnavailable'],
    [
      'of a secret',
      {
        jwt: {
          secretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-AbCdEf',
          algorithms: ['HS256'],
          checkCredentialExistence: false,
        },
      },
      'KeyUnavailable',
    ],
  ])('%s is neither Unauthorized nor an Allow', async (_, config, reason) => {
    const handler = await start(config, AWS);
    expect(await messageOf(handler(bearer(token)))).not.toMatch(/unauthorized/i);
    const records = lines.map((line) => JSON.parse(line));
    expect(records).toContainEqual(expect.objectContaining({ level: 'error', reason }));
    expect(records).toContainEqual(expect.objectContaining({ Unavailable: 1, [`Unavailable_${reason}`]: 1 }));
  });

  test('concerns nobody whose token is no good', async () => {
    const handler = await start(controlled, AWS);
    expect(await messageOf(handler(bearer('garbage')))).toBe('Unauthorized');
  });
});

test('without a configuration in the environment it is that of the file beside the function', async () => {
  vi.stubEnv('AUTHORIZER_CONFIG', undefined);
  vi.resetModules();
  const starting = import('../../lambda/authorizer/handler.ts');
  await expect(starting).rejects.toMatchObject({ path: expect.stringMatching(/authorizer\/config\.json$/) });
});

test('a secret of the stack is asked for by the ARN in the environment', async () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:made-AbCdEf';
  const config = { jwt: { secret: 'generate', checkCredentialExistence: false } };
  const handler = await start(config, { ...AWS, GENERATED_SECRET_ARN_0: arn });
  expect(await messageOf(handler(bearer(tokenOf(LIVE))))).not.toBe('Unauthorized');
  expect(lines.join()).toContain(`cannot read ${arn}`);
});

test('a context that cannot tell the time that is left limits nothing', async () => {
  const handler = await start(UNCONTROLLED);
  expect(await handler(bearer(tokenOf({ ...LIVE, sub: 'ada' })), {})).toMatchObject({ principalId: 'ada' });
});

test('whose token was refused on the way to anonymous leaves a line', async () => {
  const handler = await start({ jwt: { ...jwt, passThrough: true } });
  expect(await handler(bearer('garbage'))).toMatchObject({ context: { anonymous: 'true' } });
  expect(lines.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ level: 'info', message: 'anonymous', code: 'token_malformed' }),
  );
});

test('metrics are written in Lambda alone', async () => {
  const handler = await start(UNCONTROLLED, { AWS_LAMBDA_FUNCTION_NAME: 'authorizer' });
  await handler(bearer(tokenOf(LIVE)));
  expect(lines.map((line) => JSON.parse(line))).toEqual([expect.objectContaining({ Allowed: 1 })]);
  lines.length = 0;
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', undefined);
  vi.resetModules();
  const elsewhere = await import('../../lambda/authorizer/handler.ts');
  await elsewhere.handler(bearer(tokenOf(LIVE)));
  expect(lines).toEqual([]);
});

describe('metrics', () => {
  /** What a warm function writes of one event, a second later, beside its log of denials. */
  async function counted(config: object, event: unknown, variables: Record<string, string> = {}) {
    const handler = await start(config, variables);
    await handler(event).catch(() => undefined);
    return lines.map((line) => JSON.parse(line)).find((record) => '_aws' in record);
  }
  const live = tokenOf({ ...LIVE, sub: 'key-1' });

  test.each([
    ['an expired token', UNCONTROLLED, bearer(tokenOf({ exp: 1 })), { Denied: 1, Denied_token_expired: 1 }],
    ['a missing scope', SCOPED, bearer(live), { Denied: 1, Denied_scope_missing: 1 }],
    ['a caller', UNCONTROLLED, bearer(live), { Allowed: 1, Allowed_inline: 1 }],
    [
      'an anonymous caller',
      { jwt: { ...jwt, passThrough: true } },
      requestEvent(),
      { Allowed: 1, Allowed_anonymous: 1 },
    ],
    ['no event', UNCONTROLLED, {}, { Unavailable: 1, Unavailable_EventMalformed: 1 }],
  ])('%s is counted by what it was, for this function', async (_, config, event, expected) => {
    const { _aws, ...values } = await counted(config, event);
    expect(values).toEqual({ FunctionName: 'authorizer', ...expected });
  });

  test.each([
    ['policy’s', { jwt: { secretOrPublicKey: SECRET_TEXT } }],
    ['credential’s own', { jwt: { credentialKey: true } }],
  ])('a look-up is counted, with a %s key', async (_, config) => {
    expect(await counted(config, bearer(live), AWS)).toMatchObject({
      CredentialLookup: 1,
      CredentialLookup_read: 1,
      Unavailable_StoreUnavailable: 1,
    });
  });

  test('keys that cannot be fetched are counted by their source', async () => {
    const config = {
      jwt: {
        secretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-AbCdEf',
        algorithms: ['HS256'],
        checkCredentialExistence: false,
      },
    };
    expect(await counted(config, bearer(live), AWS)).toMatchObject({
      KeyRefreshFailed: 1,
      KeyRefreshFailed_secretArn: 1,
    });
  });
});

test.each([
  ['no policy', {}],
  ['an unknown key', { ...UNCONTROLLED, issueer: 'x' }],
  ['a controlled policy without a table', { jwt: { secretOrPublicKey: SECRET_TEXT } }],
])('a configuration with %s does not start', async (_, config) => {
  await expect(start(config, { CREDENTIALS_TABLE: '' })).rejects.toThrow();
});

test('no log line holds anything of a token, its claims, the path, or the key', async () => {
  const handler = await start(
    {
      jwt: [
        {
          ...jwt,
          issuer: 'https://leak-issuer.example',
          requiredClaims: { tenant: 'a' },
          scopeClaim: 'scope',
        },
        { ...jwt, audience: 'leak-audience', scopeClaim: 'scope' },
      ],
      routes: [{ paths: '/orders/*', scopes: ['orders:read'] }],
    },
    {},
  );
  const claims = {
    sub: 'leak-sub',
    tenant: 'leak-tenant',
    scope: 'leak-scope',
    jti: 'leak-jti',
    aud: 'leak-audience',
  };
  const parts = { resource: '/{proxy+}', path: '/leak-path' };
  const tokens = [
    tokenOf({ ...claims, ...LIVE }),
    tokenOf({ ...claims, ...LIVE, iss: 'https://leak-issuer.example' }),
    tokenOf({ ...claims, exp: 1 }),
    tokenOf({ ...claims, ...LIVE }, { key: OTHER_SECRET, header: { kid: 'leak-kid' } }),
    tokenOf({ ...claims, ...LIVE, sub: { leak: 'leak' } }),
    'leak.leak.leak',
    'leak',
  ];
  const events = [
    ...tokens.flatMap((token) => [bearer(token, parts), bearer(token, { ...parts, path: '/leak//path' })]),
    bearer('leak leak', parts),
    tokenEvent('Bearer leak', '/leak-path'),
    { ...requestEvent(parts), methodArn: 'leak' },
  ];
  for (const event of events) await handler(event).catch(() => undefined);
  expect(lines.length).toBeGreaterThan(events.length - 4);
  for (const line of lines) {
    expect(line).not.toContain('leak');
    expect(line).not.toContain('eyJ');
    expect(line).not.toContain('test-secret-');
  }
});
