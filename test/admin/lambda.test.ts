/** The Admin API as a function behind a REST API. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AdminHandler, createAdminHandler } from '../../lambda/admin/invocation.ts';
import { StoreUnavailable } from '../../lambda/consumers/model.ts';
import type { ConsumerStore } from '../../lambda/consumers/store.ts';
import { openWorkbench, value, type Workbench } from '../consumers/workbench.ts';
import { startDynalite, type TestDynamoDb } from '../support/dynalite.ts';
import { CALLER, restEvent } from './events.ts';

let dynamoDb: TestDynamoDb;
let bench: Workbench;
const lines: string[] = [];
const log = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
let remaining = 60_000;
const context = { getRemainingTimeInMillis: () => remaining };

beforeAll(async () => {
  dynamoDb = await startDynalite();
});
beforeEach(async () => {
  bench?.close();
  bench = await openWorkbench(dynamoDb.endpoint);
  lines.splice(0);
  remaining = 60_000;
});
afterAll(async () => {
  bench.close();
  await dynamoDb.close();
});

const handlerOf = (store: ConsumerStore = bench.store): AdminHandler =>
  createAdminHandler({ store, write: (line) => lines.push(line), now: Date.now });

async function call(
  method: string,
  path: string,
  options: Parameters<typeof restEvent>[2] = {},
  handler = handlerOf(),
) {
  const { statusCode, body, multiValueHeaders } = await handler(restEvent(method, path, options), context);
  const isJson = String(multiValueHeaders?.['content-type']).startsWith('application/json');
  return {
    status: statusCode,
    body,
    json: isJson ? JSON.parse(body) : undefined,
    headers: multiValueHeaders,
  };
}

describe('requests', () => {
  test('are answered as they are locally', async () => {
    const created = await call('POST', '/users', { body: { username: 'ann lee/%' } });
    expect(created).toMatchObject({ status: 200, json: { username: 'ann lee/%', isActive: true } });
    expect(created.headers).toMatchObject({ 'cache-control': ['no-store'] });
    expect((await call('GET', '/users/ann%20lee%2F%25')).json).toEqual(created.json);
    expect((await call('GET', '/users', { query: { count: '1' } })).json.users).toEqual([created.json]);
    expect(await call('GET', '/users', { query: { count: '0' } })).toMatchObject({ status: 400 });
    expect(await call('PUT', '/scopes/orders%3Aread')).toMatchObject({ status: 201, body: '' });
    expect(await call('GET', '/')).toMatchObject({ status: 404 });
    expect(await call('GET', '/openapi.json')).toMatchObject({ status: 200, json: { openapi: '3.1.0' } });
  });

  test('with a body in base64 are read', async () => {
    const event = restEvent('POST', '/users', { body: { username: 'ann' } });
    const body = Buffer.from(event.body ?? '').toString('base64');
    const { statusCode } = await handlerOf()({ ...event, body, isBase64Encoded: true }, context);
    expect(statusCode).toBe(200);
  });

  test.each([
    ['more than 102,400 bytes', { username: 'x'.repeat(102_400) }, 413],
    ['no object', [], 400],
    ['a username of spaces', { username: ' ' }, 400],
  ])('with %s are refused', async (_, body, status) => {
    expect(await call('POST', '/users', { body })).toMatchObject({ status });
  });

  test('without a type of their body are refused', async () => {
    const event = restEvent('POST', '/users', { body: { username: 'ann' } });
    const { statusCode } = await handlerOf()({ ...event, headers: {}, multiValueHeaders: {} }, context);
    expect(statusCode).toBe(415);
  });
});

describe('the log', () => {
  test('says who wrote what, and no secret', async () => {
    await call('POST', '/users', { body: { username: 'ann', email: 'ann@private.example' } });
    const keySecret = 'given-secret-of-the-credential';
    const credential = { keyId: 'k', keySecret };
    await call('POST', '/credentials', { body: { consumerId: 'ann', type: 'jwt', credential } });
    const { json } = await call('POST', '/credentials/jwt/k/rotate');
    await call('GET', '/credentials/ann');
    await call('DELETE', '/users/nobody');
    await call('PUT', '/users/ann/status', { body: { status: false } });
    expect(log().map(({ message, method, path }) => [message, method, path])).toEqual([
      ['written', 'POST', '/users'],
      ['written', 'POST', '/credentials'],
      ['written', 'POST', '/credentials/jwt/k/rotate'],
      ['written', 'PUT', '/users/ann/status'],
    ]);
    expect(log()[0]).toMatchObject({ caller: CALLER, requestId: 'request-1', status: 200 });
    for (const text of [keySecret, json.keySecret, 'private.example', 'signature'])
      expect(lines.join('\n')).not.toContain(text);
  });

  test('tells an outage by name, and a write that may have taken effect', async () => {
    const store: ConsumerStore = {
      ...bench.store,
      createUser: () => Promise.reject(new StoreUnavailable('credentials table: PutItem failed')),
      listScopes: () => Promise.reject(new Error('a secret')),
    };
    const handler = handlerOf(store);
    expect(await call('POST', '/users', { body: { username: 'ann' } }, handler)).toMatchObject({
      status: 503,
    });
    expect(await call('GET', '/scopes', {}, handler)).toMatchObject({ status: 500, body: 'Internal error' });
    expect(log()).toMatchObject([
      { level: 'error', reason: 'StoreUnavailable', detail: 'credentials table: PutItem failed' },
      { message: 'written', status: 503 },
      { level: 'error', reason: 'Error', requestId: 'request-1' },
    ]);
    expect(lines.join('\n')).not.toContain('a secret');
  });

  test('has no line of what is forged into a path', async () => {
    await call('PUT', `/scopes/${encodeURIComponent('a"}\n{"x":"')}`);
    await call('PUT', '/scopes/a"}\n{"level":"info');
    for (const line of lines) expect(line).not.toContain('\n');
  });
});

describe('a deletion', () => {
  /** A store whose clean-up takes until it is told to end. */
  function slowCleanUp() {
    let calls = 0;
    let end: (outcome: number | Error) => void = () => undefined;
    const store: ConsumerStore = {
      ...bench.store,
      resumeCleanUp: () => {
        calls += 1;
        return new Promise((resolve, reject) => {
          end = (outcome) => (typeof outcome === 'number' ? resolve(outcome) : reject(outcome));
        });
      },
    };
    return { store, calls: () => calls, end: (outcome: number | Error) => end(outcome) };
  }

  test('goes on with what an earlier one has left behind', async () => {
    await call('POST', '/users', { body: { username: 'ann' } });
    await call('POST', '/credentials', { body: { consumerId: 'ann', type: 'jwt' } });
    await call('POST', '/users', { body: { username: 'bob' } });
    const user = value(await bench.store.getUser('ann'));
    const { store: dying } = bench.withFault({ nth: 2, kind: 'crash', late: false });
    expect(value(await dying.deleteUser(user.id))).toEqual({ cleanedUp: false });
    expect(await call('DELETE', '/users/bob')).toMatchObject({ status: 204 });
    expect(await bench.store.resumeCleanUp()).toBe(0);
  });

  test('is answered in time, however much there is to clean up', async () => {
    await call('PUT', '/scopes/read');
    const { store, calls, end } = slowCleanUp();
    remaining = 1_050;
    expect(await call('DELETE', '/scopes/read', {}, handlerOf(store))).toMatchObject({ status: 204 });
    expect(calls()).toBe(1);
    end(new StoreUnavailable('late'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(log().at(-1)).toMatchObject({ level: 'error', detail: 'late' });
  });

  test('begins no clean-up when there is no time, or nothing was deleted', async () => {
    await call('PUT', '/scopes/read');
    const { store, calls } = slowCleanUp();
    const handler = handlerOf(store);
    expect(await call('DELETE', '/scopes/write', {}, handler)).toMatchObject({ status: 404 });
    remaining = 1_000;
    expect(await call('DELETE', '/scopes/read', {}, handler)).toMatchObject({ status: 204 });
    expect(calls()).toBe(0);
  });

  test('stays done when the clean-up fails', async () => {
    await call('PUT', '/scopes/read');
    const store: ConsumerStore = {
      ...bench.store,
      resumeCleanUp: () => Promise.reject(new StoreUnavailable('away')),
    };
    expect(await call('DELETE', '/scopes/read', {}, handlerOf(store))).toMatchObject({ status: 204 });
    expect(log().at(-1)).toMatchObject({ level: 'error', detail: 'away' });
  });
});

describe('the function', () => {
  const start = async (variables: Record<string, string>) => {
    for (const [name, text] of Object.entries(variables)) vi.stubEnv(name, text);
    vi.resetModules();
    return (await import('../../lambda/admin/handler.ts')).handler;
  };
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  test('does not start without a table', async () => {
    await expect(start({ CREDENTIALS_TABLE: '' })).rejects.toThrow(/CREDENTIALS_TABLE/);
  });

  test('finds its table in its environment, and logs to standard output', async () => {
    const handler = await start({
      CREDENTIALS_TABLE: bench.tableName,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint,
    });
    vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    expect(await call('PUT', '/scopes/read', {}, handler)).toMatchObject({ status: 201 });
    expect(await bench.store.hasScope('read')).toBe(true);
    expect(log()).toMatchObject([{ message: 'written', method: 'PUT', path: '/scopes/read' }]);
  });
});
