/** What comes from elsewhere, is too much, or meets a table that is away. */
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { startAdminServer } from '../../bin/local/admin-server.ts';
import { createAdminApp } from '../../lambda/admin/app.ts';
import { DEAD_AFTER_MS } from '../consumers/workbench.ts';
import { send, useAdminServer } from './server.ts';

const admin = useAdminServer();
const json = { 'content-type': 'application/json' };

/** With headers that fetch does not let through. */
function raw(headers: Record<string, string>, body?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const sent = request(`${admin().url}/users`, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('the loopback rules', () => {
  test('a rebound host, a foreign origin and another type of body get nothing', async () => {
    const user = JSON.stringify({ username: 'ann' });
    expect(await raw({ host: 'evil.example' })).toBe(403);
    expect(await raw({ host: 'evil.example', ...json }, user)).toBe(403);
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
      expect(await raw({ origin })).toBe(403);
      expect(await raw({ origin, ...json }, user)).toBe(403);
    }
    expect(await raw({ 'content-type': 'text/plain' }, user)).toBe(415);
    expect(await raw({}, user)).toBe(415);
    expect((await admin().call('GET', '/users')).json.users).toEqual([]);
    expect(await raw({ ...json, origin: admin().url }, user)).toBe(200);
  });

  test('it listens on 127.0.0.1, and says when the port is taken', async () => {
    const { url, bench } = admin();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const again = startAdminServer({ store: bench.store, port: Number(new URL(url).port) });
    await expect(again).rejects.toMatchObject({ code: 'port_in_use' });
  });
});

describe('bodies', () => {
  const post = (body: string, headers: Record<string, string> = json) =>
    send(`${admin().url}/users`, { method: 'POST', body, headers });
  const ofBytes = (bytes: number) => {
    const filled = { username: 'a', k: '', l: '' };
    filled.k = 'x'.repeat(60_000);
    const rest = bytes - JSON.stringify(filled).length;
    return `${JSON.stringify(filled)}${' '.repeat(rest)}`;
  };

  test('100 kB are taken, one byte more is not', async () => {
    expect((await post(ofBytes(102_400))).status).toBe(200);
    expect((await post(ofBytes(102_401))).status).toBe(413);
  });
  test('one of unknown length is cut off at the limit', async () => {
    const app = createAdminApp({ store: admin().bench.store });
    let pulled = 0;
    const body = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(10_000));
      },
    });
    const init = { method: 'POST', headers: json, body, duplex: 'half' } as const;
    expect((await app.fetch(new Request('http://x/users', init))).status).toBe(413);
    expect(pulled).toBeLessThan(15);
  });
  test.each(['', '{', '{"username":"a"', 'x'])('%j is bad JSON', async (body) => {
    expect((await post(body)).status).toBe(400);
  });
  test('__proto__ is no property', async () => {
    expect((await post('{"username":"a","__proto__":{"isActive":true}}')).status).toBe(400);
  });
  test('the app itself takes JSON only', async () => {
    const app = createAdminApp({ store: admin().bench.store });
    const init = { method: 'POST', body: '{}', headers: { 'content-type': 'application/jsonx' } };
    expect((await app.request('/users', init)).status).toBe(415);
  });
});

describe('writes', () => {
  test('a thousand at once all get through, as an import by the original CLI sends them', async () => {
    const { call } = admin();
    const made = Array.from({ length: 1_000 }, (_, index) =>
      call('POST', '/users', { username: `u${index}` }),
    );
    const statuses = new Set((await Promise.all(made)).map(({ status }) => status));
    expect([...statuses]).toEqual([200]);
    // Some seconds; on a busy machine a multiple of that.
  }, 180_000);

  test('bodies that do not come keep no place from others', async () => {
    const { store } = admin().bench;
    const server = await startAdminServer({ store, port: 0, requestTimeoutMs: 500 });
    const happened: string[] = [];
    const stalled = Array.from({ length: 32 }, () => {
      const head = { method: 'POST', headers: { ...json, 'content-length': '100' } };
      const sent = request(`${server.url}/users`, head);
      sent.on('error', () => undefined).on('close', () => happened.push('cut off'));
      sent.write('{');
      return sent;
    });
    try {
      await Promise.all(
        stalled.map((sent) => new Promise((resolve) => sent.on('finish', resolve).on('socket', resolve))),
      );
      happened.push(String((await send(`${server.url}/users`, {})).status));
      expect(happened).toEqual(['200']);
    } finally {
      for (const sent of stalled) sent.destroy();
      await server.close();
    }
  });

  test('a name that a killed writer has is refused with a time to wait, one that is taken without', async () => {
    const { call, bench } = admin();
    const killed = bench.withFault({ nth: 3, kind: 'crash', late: false });
    await killed.store.createUser({ username: 'ann' }).catch(() => undefined);
    const being = await call('POST', '/users', { username: 'ann' });
    expect([being.status, being.headers.get('retry-after')]).toEqual([409, '30']);
    bench.clock.nowMs += DEAD_AFTER_MS;
    expect((await call('POST', '/users', { username: 'ann' })).status).toBe(200);
    const there = await call('POST', '/users', { username: 'ann' });
    expect([there.status, there.headers.get('retry-after')]).toEqual([409, null]);
  });

  test('what the table refuses to say is 503 without details', async () => {
    const { bench } = admin();
    const errors: unknown[] = [];
    const app = createAdminApp({
      store: bench.withFault({ nth: 1, kind: 'crash', late: false }).store,
      onError: (error) => errors.push(error),
    });
    const answer = await app.request('/users', { method: 'POST', body: '{"username":"ann"}', headers: json });
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toMatch(/injected|PutItem|dynamo/i);
    expect(errors).toHaveLength(1);
  });
  test('a bug is 500 without details', async () => {
    const store = { ...admin().bench.store, getUser: () => Promise.reject(new Error('secret')) };
    const answer = await createAdminApp({ store }).request('/users/ann');
    expect([answer.status, await answer.text()]).toEqual([500, 'Internal error']);
  });
  test('what is no route is not found', async () => {
    expect(await admin().call('GET', '/pipelines')).toMatchObject({ status: 404, text: 'Not found' });
    expect(await admin().call('POST', '/users/ann', {})).toMatchObject({ status: 404 });
  });
});
