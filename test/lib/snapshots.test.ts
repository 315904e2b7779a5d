/** `jwksSnapshot`: what a deployment takes along of an issuer's key set. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeSnapshots } from '../../bin/snapshots.ts';
import { parseConfig } from '../../lambda/config/parse.ts';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import { configurationOf, stackOf, UNCONTROLLED } from './support.ts';

const jwkOf = (kid: string, more: object = {}) => ({
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
  kid,
  ...more,
});
const BARE = jwkOf('a');
const KEYS = [{ ...BARE, x5c: ['certificate'] }, jwkOf('b', { use: 'enc' }), { kty: 'oct', k: 'AAAA' }];
const NOON = Date.parse('2026-11-22T12:34:56.789Z');

const set = (more: object = {}) => ({
  jwksUri: 'https://id.example/jwks',
  issuer: 'https://id.example',
  audience: 'orders',
  checkCredentialExistence: false,
  jwksSnapshot: true,
  ...more,
});
const loadedOf = (jwt: unknown) => ({ ok: true, keyFiles: [], ...configurationOf({ jwt }) }) as const;
const take = (jwt: unknown, fetchKeySet: () => Promise<unknown> = async () => ({ keys: KEYS })) =>
  takeSnapshots(loadedOf(jwt), { now: () => NOON, fetchKeySet });

describe('a snapshot', () => {
  it('holds the keys that may verify, bare, and the day', async () => {
    const taken = await take(set());
    expect(taken).toMatchObject({
      ok: true,
      runtimeConfig: { jwt: { jwksSnapshot: { fetchedAt: '2026-11-22T00:00:00.000Z', keys: [BARE] } } },
    });
    expect(JSON.stringify(taken)).not.toContain('certificate');
  });

  it('is read by the function as it was written', async () => {
    const taken = await take([UNCONTROLLED, set()]);
    if (!taken.ok) throw new Error('no snapshot');
    const parsed = parseConfig(JSON.parse(JSON.stringify(taken.runtimeConfig)));
    expect(parsed).toMatchObject({
      ok: true,
      config: {
        policies: [
          {},
          { keySource: { kind: 'jwksUri', snapshot: { fetchedAtMs: Date.parse('2026-11-22T00:00:00Z') } } },
        ],
      },
    });
  });

  it('is taken for those that ask for it, and nobody else is asked', async () => {
    const fetchKeySet = () => Promise.reject(new Error('asked'));
    const jwt = [UNCONTROLLED, set({ jwksSnapshot: false }), { secret: 'generate', issuer: 'x' }];
    expect(await take(jwt, fetchKeySet)).toEqual(loadedOf(jwt));
  });

  it.each([
    ['cannot be had', () => Promise.reject(new KeyUnavailable('down'))],
    ['is none', async () => ({ kyes: [] })],
    ['has no key for the policy', async () => ({ keys: KEYS.slice(1) })],
  ])('fails the deployment when the key set %s', async (_, fetchKeySet) => {
    const codes = async (jwt: unknown) => {
      const taken = await take(jwt, fetchKeySet);
      return taken.ok ? [] : taken.problems.map(({ code, path }) => `${code} at ${path}`);
    };
    expect(await codes(set())).toEqual(['snapshot_unavailable at jwt.jwksSnapshot']);
    expect(await codes([UNCONTROLLED, set()])).toEqual(['snapshot_unavailable at jwt[1].jwksSnapshot']);
  });

  it('must be there when a stack is made', async () => {
    expect(() => stackOf({ jwt: set() })).toThrow(/jwt\[0\]: jwksSnapshot/);
    const taken = await take(set());
    if (!taken.ok) throw new Error('no snapshot');
    expect(() => stackOf({ ...taken.runtimeConfig })).not.toThrow();
  });
});

describe('from an issuer on the network', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const metadata = { issuer: url, jwks_uri: `${url}/keys` };
      response.end(JSON.stringify(request.url === '/keys' ? { keys: KEYS } : metadata));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it('it is found by discovery', async () => {
    const jwt = {
      discovery: true,
      issuer: url,
      audience: 'a',
      checkCredentialExistence: false,
      jwksSnapshot: true,
    };
    const taken = await takeSnapshots(loadedOf(jwt), { now: () => NOON });
    expect(taken).toMatchObject({ runtimeConfig: { jwt: { jwksSnapshot: { keys: [{ kid: 'a' }] } } } });
  });
});
