/**
 * Under load, through the built command and over HTTP: after the stated bound nobody passes whose right was taken
 * away, whatever the gateway's cache and the function remembered; and everybody else does all the time.
 */
import { createServer } from 'node:http';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { listen } from '../../bin/local/listen.ts';
import { FUNCTION_TIMEOUT_SECONDS } from '../../lambda/config/function-timeout.ts';
import { tokenHashOf } from '../../lambda/consumers/token-names.ts';
import { configFile, type Started, start } from '../e2e/command.ts';
import { closeAtEnd } from '../support/gateway.ts';
import { SECRET_TEXT, tokenOf } from '../support/tokens.ts';
import { cpuSecondsOf, report } from './command.ts';
import { type Got, type LoadedCaller, startLoad } from './load.ts';

const CREDENTIAL_CACHE_SECONDS = 2;
const BOUND_MS = (CREDENTIAL_CACHE_SECONDS + FUNCTION_TIMEOUT_SECONDS) * 1000;
/** What only ends with a flush is seen. */
const AFTER_THE_BOUND_MS = 8_000;
/** The second flushes for what was made before the load are over then. */
const WARM_UP_MS = BOUND_MS + 1_000;
const REMEMBERED_AGAIN_MS = 700;
const AT_ONCE = 32;
const OTHERS = 120;

const FILE = {
  jwt: { secretOrPublicKey: SECRET_TEXT, algorithms: ['HS256'] },
  routes: [{ paths: ['/orders/{id}'], methods: ['GET'], scopes: ['orders:read'] }],
  // Longer than all of it takes: only a flush empties it.
  authorizerCacheSeconds: 600,
  credentialCacheSeconds: CREDENTIAL_CACHE_SECONDS,
};

type Send = (method: string, path: string, body?: object) => Promise<Response>;

interface Revocation {
  /** The caller whose right goes; the name of its user and its credential. */
  readonly name: string;
  readonly revoke: (send: Send, name: string, token: string) => Promise<Response>;
}

const REVOCATIONS: readonly Revocation[] = [
  {
    name: 'credential-deactivated',
    revoke: (send, name) => send('PUT', `/credentials/jwt/${name}/status`, { status: false }),
  },
  { name: 'credential-deleted', revoke: (send, name) => send('DELETE', `/credentials/jwt/${name}`) },
  {
    name: 'scope-taken-away',
    revoke: (send, name) => send('DELETE', `/credentials/jwt/${name}/scopes/orders:read`),
  },
  {
    name: 'user-deactivated',
    revoke: (send, name) => send('PUT', `/users/${name}/status`, { status: false }),
  },
  { name: 'user-deleted', revoke: (send, name) => send('DELETE', `/users/${name}`) },
  {
    name: 'token-revoked',
    revoke: (send, _, token) =>
      send('POST', '/revocations/tokens', { tokenHash: tokenHashOf(token.slice(0, token.lastIndexOf('.'))) }),
  },
  { name: 'jti-revoked', revoke: (send, name) => send('POST', '/revocations/tokens', { jti: name }) },
  { name: 'issued-before', revoke: (send, name) => send('PUT', `/revocations/consumers/${name}`) },
];

function adminOf(started: Started): Send {
  const line = started.lines().find((printed) => printed.startsWith('Admin API: ')) ?? '';
  const base = line.slice('Admin API: '.length).replace(/\/users$/, '');
  return async (method, path, body) => {
    const text = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(base + path, { method, ...text });
    expect(response.status, `${method} ${path}`).toBeLessThan(300);
    return response;
  };
}

async function makeCaller(send: Send, name: string): Promise<LoadedCaller> {
  await send('POST', '/users', { username: name });
  await send('POST', '/credentials', {
    consumerId: name,
    type: 'jwt',
    credential: { keyId: name, scopes: ['orders:read'] },
  });
  const iat = Math.floor(Date.now() / 1000);
  return { name, token: tokenOf({ sub: name, jti: name, iat, exp: iat + 3600 }) };
}

const seconds = (ms = Number.NaN): string => `${(ms / 1000).toFixed(2)} s`;

it(`nobody passes ${seconds(BOUND_MS)} after a right was taken away`, async () => {
  // The gateway's own echo would cost it what it needs for the gateway.
  const upstream = closeAtEnd(
    await listen(
      createServer((_, response) => response.end()),
      '127.0.0.1',
      0,
    ),
  );
  const config = await configFile(FILE);
  const started = await start(['--ephemeral', '--config', config, '--upstream', upstream.url]);
  const send = adminOf(started);
  await send('POST', '/scopes', { scopes: ['orders:read'] });
  const names = [
    ...REVOCATIONS.map(({ name }) => name),
    ...Array.from({ length: OTHERS }, (_, i) => `o-${i}`),
  ];
  const callers: LoadedCaller[] = [];
  for (const name of names) callers.push(await makeCaller(send, name));
  const load = startLoad(started.url, callers, { atOnce: AT_ONCE, pathOf: (i) => `/orders/${i % 100}` });
  const [sinceMs, cpuSeconds = 0] = [performance.now(), await cpuSecondsOf(started.pid)];
  await sleep(WARM_UP_MS);

  // It flushes too: everybody is looked up again, and remembered.
  await send('POST', '/scopes', { scopes: ['orders:write'] });
  await sleep(REMEMBERED_AGAIN_MS);

  // All at once: a later one would flush again what an earlier one leaves in the cache.
  const takenMs = new Map<string, number>();
  const takeAway = async ({ name, revoke }: Revocation) => {
    await revoke(send, name, callers.find((caller) => caller.name === name)?.token ?? '');
    takenMs.set(name, performance.now());
  };
  await Promise.all(REVOCATIONS.map(takeAway));
  await sleep(BOUND_MS + AFTER_THE_BOUND_MS);
  const [requests, tookSeconds] = [load.requests(), (performance.now() - sinceMs) / 1000];
  const cpu = (((await cpuSecondsOf(started.pid)) ?? Number.NaN) - cpuSeconds) / requests;
  await load.stop();
  expect((await started.stop()).code).toBe(0);

  const rate = Math.round(requests / tookSeconds);
  const costs = `${(cpu * 1000).toFixed(2)} ms of CPU each in the gateway`;
  report('requests', `${requests}, ${rate} a second; ${costs}, at a load of ${loadavg()[0]?.toFixed(1)}`);
  const late: string[] = [];
  for (const [name, atMs] of takenMs) {
    const { statuses, lastPassed } = load.got.get(name) as Got;
    const [began, answered] = [lastPassed?.beganMs, lastPassed?.endedMs].map((ms = Number.NaN) => ms - atMs);
    report(name, `last passed ${seconds(began)} after it, answered ${seconds(answered)}; ${list(statuses)}`);
    // It passed before, and was asked for after.
    const denied = name === 'scope-taken-away' ? 403 : 401;
    if (![...statuses.keys()].includes(denied) || !(Number(began) <= BOUND_MS)) late.push(name);
  }
  expect(late).toEqual([]);
  for (const name of names.slice(REVOCATIONS.length))
    expect([...(load.got.get(name) as Got).statuses.keys()]).toEqual([200]);
});

const list = (statuses: Got['statuses']): string =>
  [...statuses].map(([status, times]) => `${times} × ${status}`).join(', ');
