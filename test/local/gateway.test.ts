import { afterEach, describe, expect, it } from 'vitest';
import { startEchoUpstream } from '../../bin/local/echo-upstream.ts';
import type { AuthorizerEvent } from '../../bin/local/events.ts';
import { type GatewayOptions, type GatewayRecord, startGateway } from '../../bin/local/gateway.ts';
import { PortInUseError } from '../../bin/local/listen.ts';
import {
  ALLOW,
  answer,
  config,
  DENY,
  open,
  policyConfig,
  rule,
  type Sent,
  send,
  sendBytes,
  statement,
} from './support.ts';

const BEARER = { authorization: 'Bearer t' };
const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

type Answerer = (event: AuthorizerEvent) => unknown;

/** A gateway before an echo, with a function that answers as told and remembers what it was asked. */
async function setUp(answerer: Answerer = () => ALLOW, options: Partial<GatewayOptions> = {}) {
  const echo = await startEchoUpstream();
  cleanUps.push(echo.close);
  const events: AuthorizerEvent[] = [];
  const records: GatewayRecord[] = [];
  const clock = { now: Date.parse('2026-01-01T12:00:00Z') };
  const gateway = await startGateway({
    config: config(),
    invoke: async (event) => {
      events.push(event);
      return answerer(event);
    },
    upstream: echo.url,
    port: 0,
    now: () => clock.now,
    log: (record) => records.push(record),
    ...options,
  });
  cleanUps.push(gateway.close);
  const get = (path: string, sent: Sent = {}) => send(gateway.url, path, { headers: BEARER, ...sent });
  return { gateway, events, records, clock, get };
}

const throwing =
  (message: string): Answerer =>
  () => {
    throw new Error(message);
  };

const anonymous = config({ policies: [policyConfig({ passThrough: true })] });

describe('answers of the function', () => {
  it.each<[string, Answerer, number, string, unknown]>([
    ['an Allow', () => ALLOW, 200, 'allowed', undefined],
    ['an explicit Deny', () => DENY, 403, 'explicit_deny', 'AccessDeniedException'],
    [
      'nothing that matches',
      () => answer([statement('Allow', 'arn:other')]),
      403,
      'no_statement_matched',
      'AccessDeniedException',
    ],
    ['Unauthorized', throwing('Unauthorized'), 401, 'function_said_unauthorized', 'UnauthorizedException'],
    ['unauthorized', throwing('unauthorized'), 500, 'function_threw', 'AuthorizerConfigurationException'],
    [
      'an outage',
      throwing('Unauthorized: no table'),
      500,
      'function_threw',
      'AuthorizerConfigurationException',
    ],
    ['nothing', () => undefined, 500, 'answer_not_an_object', 'AuthorizerConfigurationException'],
    [
      'an empty principal',
      () => ({ ...(ALLOW as object), principalId: '' }),
      500,
      'principal_id_malformed',
      'AuthorizerConfigurationException',
    ],
    [
      'an object in the context',
      () => answer([statement('Allow')], { a: {} }),
      500,
      'context_malformed',
      'AuthorizerConfigurationException',
    ],
  ])('%s', async (_name, answerer, status, reason, errorType) => {
    const { get, records } = await setUp(answerer);
    const reply = await get('/orders/1');
    expect(reply.status).toBe(status);
    expect(reply.headers['x-amzn-errortype']).toBe(errorType);
    expect(reply.headers['x-amzn-requestid']).toBe(records[0]?.requestId);
    expect(records).toMatchObject([{ method: 'GET', resource: '/{proxy+}', status, cache: 'miss', reason }]);
  });

  const failure = { message: 'Internal server error', code: 'authorizer_unavailable' };
  const denial = { message: 'User is not authorized to access this resource', error: '', code: '' };

  it.each<[Answerer, unknown]>([
    [throwing('Unauthorized'), { message: 'Unauthorized' }],
    [throwing('x'), failure],
    [() => null, failure],
    [() => DENY, denial],
    [() => answer([]), denial],
    [() => answer([statement('Deny')], { error: 'a', code: 'b' }), { ...denial, error: 'a', code: 'b' }],
    [() => answer([], { code: 'b', cod: 'c' }), { ...denial, code: 'b' }],
  ])('have the bodies of the API', async (answerer, body) => {
    const { get } = await setUp(answerer);
    expect(JSON.parse((await get('/')).body)).toEqual(body);
  });

  it('that are kept have the body that they had', async () => {
    const { get, records } = await setUp(() => answer([statement('Deny')], { error: 'a', code: 'b' }));
    const bodies = [(await get('/')).body, (await get('/')).body];
    expect(bodies.map((body) => JSON.parse(body))).toEqual(
      [1, 2].map(() => ({ ...denial, error: 'a', code: 'b' })),
    );
    expect(records.map(({ cache }) => cache)).toEqual(['miss', 'hit']);
  });

  it('are challenges where the token is a bearer token', async () => {
    const challengeOf = async (answerer: Answerer, options?: Partial<GatewayOptions>) => {
      const { get } = await setUp(answerer, options);
      return (await get('/?t=t', { headers: { ...BEARER, t: 't' } })).headers['www-authenticate'];
    };
    expect(await challengeOf(throwing('Unauthorized'))).toBe('Bearer realm="api"');
    expect(await challengeOf(() => DENY)).toBe('Bearer realm="api"');
    const scoped = { config: config({ routes: [rule('/orders', ['orders:read'])] }) };
    expect(await challengeOf(() => DENY, scoped)).toBe('Bearer realm="api", error="insufficient_scope"');
    expect(await challengeOf(throwing('x'))).toBeUndefined();
    const tokenPlace = { in: 'query', name: 't' } as const;
    const inQuery = { config: config({ policies: [policyConfig({ tokenPlace })] }) };
    expect(await challengeOf(throwing('Unauthorized'), inQuery)).toBeUndefined();
  });

  it('that never come are a 500', async () => {
    const { get, records } = await setUp(() => new Promise(() => {}), { invokeTimeoutMs: 50 });
    expect((await get('/')).status).toBe(500);
    expect(records[0]?.reason).toBe('function_timed_out');
  });
});

describe('identity sources', () => {
  it('that are missing or empty are a 401 without an invocation', async () => {
    const { get, events, records } = await setUp();
    expect((await get('/', { headers: {} })).status).toBe(401);
    expect((await get('/', { headers: { authorization: '' } })).status).toBe(401);
    expect(events).toEqual([]);
    expect(records[0]).toMatchObject({ reason: 'identity_source_missing', cache: 'off' });
  });

  it('make a TOKEN event of a header', async () => {
    const { get, events } = await setUp();
    await get('/a%20b/');
    expect(events).toStrictEqual([
      {
        type: 'TOKEN',
        authorizationToken: 'Bearer t',
        methodArn: 'arn:aws:execute-api:us-east-1:000000000000:local00000/local/GET/a%20b/',
      },
    ]);
  });

  it('make a REQUEST event where scopes are asked for', async () => {
    const routes = [rule('/orders/{id}', ['orders:read'])];
    const { get, events } = await setUp(() => ALLOW, {
      config: config({ routes }),
      stage: 'dev',
      apiId: 'abc',
    });
    await get('/orders/1?x=1');
    expect(events[0]).toMatchObject({
      type: 'REQUEST',
      resource: '/orders/{id}',
      path: '/orders/1',
      methodArn: 'arn:aws:execute-api:us-east-1:000000000000:abc/dev/GET/orders/1',
      queryStringParameters: { x: '1' },
    });
  });

  it('are not asked for where anonymous callers may pass', async () => {
    const { get, events, records } = await setUp(() => ALLOW, { config: anonymous });
    expect((await get('/', { headers: {} })).status).toBe(200);
    expect((await get('/', { headers: {} })).status).toBe(200);
    expect(events).toHaveLength(2);
    expect(records[1]?.cache).toBe('off');
  });
});

describe('the authorizer cache', () => {
  it('answers for the same token on every route, and evaluates the policy anew', async () => {
    const only = (arn: string) => answer([statement('Allow', arn)]);
    const { get, events, records } = await setUp((event) => only(event.methodArn));
    expect((await get('/a')).status).toBe(200);
    // The trap of naming one method's ARN in a cached policy.
    expect((await get('/b')).status).toBe(403);
    expect(events).toHaveLength(1);
    expect(records.map(({ cache }) => cache)).toEqual(['miss', 'hit']);
  });

  it('forgets when its time is over', async () => {
    const { get, events, clock } = await setUp();
    await get('/');
    clock.now += 299_999;
    await get('/');
    expect(events).toHaveLength(1);
    clock.now += 1;
    await get('/');
    expect(events).toHaveLength(2);
  });

  it('keeps policies with conditions and evaluates them by the clock', async () => {
    const expiry = { Condition: { DateGreaterThanEquals: { 'aws:CurrentTime': '2026-01-01T12:01:00Z' } } };
    const { get, clock, records } = await setUp(() =>
      answer([statement('Allow'), statement('Deny', '*', expiry)]),
    );
    clock.now += 59_999;
    expect((await get('/')).status).toBe(200);
    clock.now += 1;
    expect((await get('/')).status).toBe(403);
    expect(records[1]?.cache).toBe('hit');
  });

  it('keeps a Deny, but no error', async () => {
    const { get, events } = await setUp(() => DENY);
    await get('/');
    await get('/');
    expect(events).toHaveLength(1);
    const failing = await setUp(throwing('Unauthorized'));
    await failing.get('/');
    await failing.get('/');
    expect(failing.events).toHaveLength(2);
  });

  it('is emptied by a flush', async () => {
    const { get, events, gateway } = await setUp();
    await get('/');
    gateway.flushAuthorizerCache();
    await get('/');
    expect(events).toHaveLength(2);
  });

  it('is off at 0 seconds', async () => {
    const { get, events } = await setUp(() => ALLOW, { config: config({ authorizerCacheSeconds: 0 }) });
    await get('/');
    await get('/');
    expect(events).toHaveLength(2);
  });

  it('keeps methods, resources and doubled headers apart', async () => {
    const { get, events } = await setUp(() => ALLOW, {
      config: config({ routes: [rule('/orders/{id}', ['a'])] }),
    });
    for (const path of ['/orders/1', '/orders/2', '/orders']) await get(path);
    await get('/orders/1', { method: 'POST' });
    await get('/orders/1', { headers: ['Authorization', 'a', 'Authorization', 'b'] });
    await get('/orders/1', { headers: ['Authorization', 'a,b'] });
    expect(events).toHaveLength(5);
  });
});

describe('the upstream', () => {
  it('is told who calls, and never by the client', async () => {
    const { get } = await setUp(() => answer([statement('Allow')], { username: 'ann', scopes: 'a b' }));
    const headers = {
      ...BEARER,
      'X-Authorizer-Username': 'eve',
      x_authorizer_username: 'eve',
      'x-authorizer-claims': 'e30',
    };
    const seen = JSON.parse((await get('/', { headers })).body).headers;
    expect(seen).toMatchObject({
      'x-authorizer-username': 'ann',
      'x-authorizer-scopes': 'a b',
      'x-authorizer-principal-id': 'user-1',
      'x-authorizer-claims': '-',
    });
    expect(seen).not.toHaveProperty('x_authorizer_username');
  });
});

describe('CORS', () => {
  const cors = {
    allowOrigins: ['https://a.example'],
    allowMethods: ['GET'],
    allowHeaders: ['Authorization'],
    exposeHeaders: [],
    allowCredentials: false,
  };

  it('answers a preflight without authorizing it', async () => {
    const { get, events } = await setUp(() => DENY, { config: config({ cors }) });
    const reply = await get('/orders', { method: 'OPTIONS', headers: { origin: 'https://a.example' } });
    expect(reply).toMatchObject({ status: 204, body: '' });
    expect(reply.headers['access-control-allow-origin']).toBe('https://a.example');
    expect(events).toEqual([]);
  });

  it.each<[string, Answerer, number]>([
    ['a denial', () => DENY, 403],
    ['a 401', throwing('Unauthorized'), 401],
    ['a 500', throwing('x'), 500],
  ])('lets a page read %s', async (_, answerer, status) => {
    const { get } = await setUp(answerer, { config: config({ cors }) });
    const reply = await get('/', { headers: { ...BEARER, origin: 'https://b.example' } });
    expect(reply.status).toBe(status);
    expect(reply.headers['access-control-allow-origin']).toBe('https://a.example');
  });

  it('lets a page read what no authorizer is asked about', async () => {
    const { get } = await setUp(() => DENY, { config: config({ cors }) });
    const reply = await get('/', { method: 'PURGE', headers: { origin: 'https://a.example' } });
    expect(reply).toMatchObject({ status: 403, body: '{"message":"Missing Authentication Token"}' });
    expect(reply.headers['access-control-allow-origin']).toBe('https://a.example');
  });

  it('repeats the asking origin where there are several, and says nothing to who has none', async () => {
    const several = {
      ...cors,
      allowOrigins: ['https://a.example', 'https://b.example'],
      allowCredentials: true,
    };
    const { get } = await setUp(() => DENY, { config: config({ cors: several }) });
    const asked = await get('/', { headers: { ...BEARER, origin: 'https://b.example' } });
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': 'https://b.example',
      vary: 'Origin',
    });
    expect(asked.headers).not.toHaveProperty('access-control-allow-credentials');
    expect((await get('/')).headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('unset, OPTIONS is a method like any other', async () => {
    const { get } = await setUp();
    expect((await get('/', { method: 'OPTIONS', headers: {} })).status).toBe(401);
    expect((await get('/', { method: 'OPTIONS' })).status).toBe(200);
  });
});

describe('requests that get no further', () => {
  const HEAD = 'GET / HTTP/1.1'.length + '127.0.0.1:00000'.length + 'Bearer t'.length + 'close'.length;

  it('takes headers up to 10,240 bytes', async () => {
    const { gateway } = await setUp();
    const host = '127.0.0.1:00000';
    const padded = (bytes: number) => ({
      ...BEARER,
      host,
      connection: 'close',
      'x-pad': 'a'.repeat(bytes - HEAD),
    });
    expect((await send(gateway.url, '/', { headers: padded(10_240) })).status).toBe(200);
    const reply = await send(gateway.url, '/', { headers: padded(10_241) });
    expect(reply.status).toBe(413);
    expect(reply.headers['x-amzn-requestid']).toBeDefined();
  });

  it('answers what the parser refuses', async () => {
    const { gateway } = await setUp();
    const huge = `GET / HTTP/1.1\r\nhost: x\r\nx-pad: ${'a'.repeat(50_000)}\r\n\r\n`;
    expect(await sendBytes(gateway.url, huge)).toMatch(/^HTTP\/1\.1 413 /);
    expect(await sendBytes(gateway.url, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('refuses targets with a fragment, and methods that no API has', async () => {
    const { gateway, get, events } = await setUp();
    const fragment = 'GET /a#b HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
    expect(await sendBytes(gateway.url, fragment)).toMatch(/^HTTP\/1\.1 400 /);
    expect((await get('/', { method: 'PROPFIND' })).status).toBe(403);
    expect(events).toEqual([]);
  });

  it('accepts any Host: it stands for a public API', async () => {
    const { get } = await setUp();
    expect((await get('/', { headers: { ...BEARER, host: 'api.example' } })).status).toBe(200);
  });
});

describe('the log', () => {
  it('holds nothing that a client sent but the method', async () => {
    const { get, records } = await setUp();
    await get('/secret-path?secret-query=1', { headers: { ...BEARER, 'x-a': 'secret-header' } });
    expect(Object.keys(records[0] ?? {}).sort()).toEqual([
      'cache',
      'method',
      'reason',
      'requestId',
      'resource',
      'status',
    ]);
    expect(JSON.stringify(records)).not.toMatch(/secret|Bearer/);
  });
});

describe('concurrency', () => {
  it('keeps callers apart', async () => {
    const { get } = await setUp(async (event) => {
      const token = event.type === 'TOKEN' ? event.authorizationToken : '';
      await new Promise((resolve) => setTimeout(resolve, Number(token) % 7));
      return answer([statement('Allow')], { username: token });
    });
    const replies = await Promise.all(
      Array.from({ length: 60 }, (_, i) => get('/', { headers: { authorization: `${i % 20}` } })),
    );
    const seen = replies.map((reply) => JSON.parse(reply.body).headers['x-authorizer-username']);
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => `${i % 20}`));
  });
});

describe('starting and stopping', () => {
  const options = { config: config(), invoke: async () => ALLOW };

  it('says that a port is in use, by code', async () => {
    const { gateway } = await setUp();
    const second = startGateway({ ...options, upstream: 'http://127.0.0.1:1', port: gateway.port });
    await expect(second).rejects.toBeInstanceOf(PortInUseError);
    await expect(second).rejects.toMatchObject({ code: 'port_in_use', port: gateway.port });
    await expect(second).rejects.not.toHaveProperty('message', expect.stringContaining('\n'));
  });

  it('refuses an upstream that is none', async () => {
    await expect(startGateway({ ...options, upstream: 'file:///etc', port: 0 })).rejects.toThrow(TypeError);
  });

  it('stops while a request hangs, more than once if asked', async () => {
    const { gateway } = await setUp(() => new Promise(() => {}));
    const request = open(gateway.url, '/', { headers: BEARER });
    const failed = new Promise((resolve) => request.on('error', resolve));
    request.end();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await gateway.close();
    await gateway.close();
    await failed;
  });
});
