/** The original's own command line works against our Admin API, and what it changes counts at once. */
import { beforeAll, describe, expect, it } from 'vitest';
import { configFile, start } from '../e2e/command.ts';
import { originalCli, type Said, SHARED_SECRET, statusOf, tokenFor } from './original.ts';

const CONFIG = {
  jwt: { secretOrPublicKey: SHARED_SECRET, algorithms: ['HS256'], requireExp: false },
  routes: [{ paths: ['/secret'], methods: ['GET'], scopes: ['deep'] }],
  // Answers are kept: only a flush lets a change be seen.
  authorizerCacheSeconds: 3_600,
  credentialCacheSeconds: 0,
};

let gatewayUrl = '';
let adminUrl = '';
let eg: (line: string, stdin?: string) => Promise<Said>;

beforeAll(async () => {
  const gateway = await start(['--config', await configFile(CONFIG), '--ephemeral']);
  gatewayUrl = gateway.url;
  const line = await gateway.printed((text) => text.startsWith('Admin API: '));
  adminUrl = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? '';
  eg = await originalCli(adminUrl);
});

/** What is there; undefined for 404. */
async function there(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const response = await fetch(`${adminUrl}${path}`);
  return response.status === 404 ? undefined : ((await response.json()) as Record<string, unknown>);
}

/** What is asked with a credential's token: twice, so that the second may come from a cache. */
async function asked(keyId: string, path = '/'): Promise<number> {
  const [first, second] = [
    await statusOf(`${gatewayUrl}${path}`, tokenFor(keyId)),
    await statusOf(`${gatewayUrl}${path}`, tokenFor(keyId)),
  ];
  expect(second).toBe(first);
  return first;
}

/** Its marks, without what its libraries print. */
const marks = ({ stderr }: Said): readonly string[] =>
  stderr.split('\n').filter((line) => /^[✔✖]/.test(line.trim()));

const lines = (...records: readonly object[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

describe('eg users', () => {
  it('create, info, list, update', async () => {
    const made = await eg('users create -p username=ann -p firstname=Ann -p lastname=Lee');
    const ann = JSON.parse(made.stdout);
    expect(marks(made)).toEqual([`✔ Created ${ann.id}`]);
    expect(await there('/users/ann')).toEqual(ann);
    expect(JSON.parse((await eg('users info ann')).stdout)).toEqual(ann);
    expect((await eg('users list -a -q')).stdout).toBe('ann\n');
    await eg('users update ann -p firstname=Anna -p lastname=Moe -p username=ann');
    expect(await there('/users/ann')).toMatchObject({ id: ann.id, firstname: 'Anna', lastname: 'Moe' });
  });

  it('refusals are shown as the original shows its own', async () => {
    const again = await eg('users create -p username=ann -p firstname=Ann -p lastname=Lee');
    expect(marks(again)).toEqual(['✖ username already exists']);
    expect(marks(await eg('users info nobody'))).toEqual(['✖ Not Found']);
    expect(marks(await eg('credentials create -c nobody -t jwt'))).toEqual([
      '✖ No consumer found with id: nobody',
    ]);
  });
});

describe('eg credentials', () => {
  it('create, info, list: its token is let in', async () => {
    expect(await asked('ann-1')).toBe(401);
    const made = JSON.parse((await eg('credentials create -c ann -t jwt -p keyId=ann-1')).stdout);
    expect(made).toMatchObject({ keyId: 'ann-1', keySecret: expect.any(String), isActive: true });
    expect(await asked('ann-1')).toBe(200);
    const { keySecret: _, ...shown } = made;
    expect(JSON.parse((await eg('credentials info ann-1 -t jwt')).stdout)).toEqual(shown);
    expect(JSON.parse((await eg('credentials list -c ann')).stdout)).toEqual(shown);
  });

  it('deactivate and activate', async () => {
    await eg('credentials deactivate ann-1 -t jwt');
    expect(await asked('ann-1')).toBe(401);
    expect((await eg('credentials list -c ann -q')).stdout).toBe('');
    expect((await eg('credentials list -c ann -q -f archived')).stdout).toBe('ann-1\n');
    await eg('credentials activate ann-1 -t jwt');
    expect(await asked('ann-1')).toBe(200);
  });

  it('of a user that is deactivated and activated', async () => {
    expect(marks(await eg('users deactivate ann'))).toEqual(['✔ Deactivated ann']);
    expect(await asked('ann-1')).toBe(401);
    await eg('users activate ann');
    expect(await asked('ann-1')).toBe(200);
  });
});

describe('eg apps', () => {
  it('create, info, list, update: a credential of one is let in', async () => {
    const { id, ...made } = JSON.parse((await eg('apps create -u ann -p name=shop')).stdout);
    expect(made).toMatchObject({ name: 'shop', isActive: true });
    expect(JSON.parse((await eg('apps info shop')).stdout)).toMatchObject({ id });
    await eg('apps update shop -p name=shop -p redirectUri=https://shop.example.com/cb');
    expect(await there('/apps/shop')).toMatchObject({ id, redirectUri: 'https://shop.example.com/cb' });
    expect(JSON.parse((await eg('apps list')).stdout)).toEqual(await there('/apps/shop'));
    await eg('credentials create -c shop -t jwt -p keyId=shop-1');
    expect(await asked('shop-1')).toBe(200);
  });

  it('deactivate and activate, by itself and through its user', async () => {
    await eg('apps deactivate shop');
    expect([await asked('shop-1'), await asked('ann-1')]).toEqual([401, 200]);
    await eg('apps activate shop');
    expect(await asked('shop-1')).toBe(200);
    await eg('users deactivate ann');
    expect(await asked('shop-1')).toBe(401);
    await eg('users activate ann');
    expect(await asked('shop-1')).toBe(200);
  });
});

describe('eg scopes and credential:scopes', () => {
  it('create, list, info', async () => {
    // The start has made that of the route.
    expect((await eg('scopes list')).stdout).toBe('deep\n');
    expect(marks(await eg('scopes create other more'))).toEqual(['✔ Created other,more']);
    expect((await eg('scopes list')).stdout).toBe('deep\nmore\nother\n');
    expect((await eg('scopes info other')).stdout).toBe('other\n');
    expect(marks(await eg('scopes create other'))).toEqual(['✖ One or more scopes already exist.']);
  });

  it('add, remove, set: what the route asks for', async () => {
    expect(await asked('ann-1', '/secret')).toBe(403);
    await eg('credential:scopes add --id ann-1 -t jwt deep other');
    expect(await asked('ann-1', '/secret')).toBe(200);
    await eg('credential:scopes remove --id ann-1 -t jwt deep');
    expect(await asked('ann-1', '/secret')).toBe(403);
    await eg('credential:scopes set --id ann-1 -t jwt deep');
    expect(await there('/credentials/jwt/ann-1')).toMatchObject({ scopes: ['deep'] });
    expect(await asked('ann-1', '/secret')).toBe(200);
  });

  it('a scope that is removed leaves the credential', async () => {
    await eg('scopes remove deep');
    expect(await there('/scopes/deep')).toBeUndefined();
    expect(await there('/credentials/jwt/ann-1')).toMatchObject({ scopes: [] });
    expect([await asked('ann-1', '/secret'), await asked('ann-1')]).toEqual([403, 200]);
  });
});

describe('eg … --stdin', () => {
  it('creates a record a line', async () => {
    const people = ['eve', 'joe'].map((username) => ({ username, firstname: 'A', lastname: 'B' }));
    expect(marks(await eg('users create --stdin', lines(...people)))).toHaveLength(2);
    await eg('apps create --stdin', lines({ user: 'eve', name: 'eves' }, { user: 'joe', name: 'joes' }));
    const credentials = [
      { consumer: 'eve', type: 'jwt', keyId: 'eve-1' },
      { consumer: 'joes', type: 'jwt', keyId: 'joes-1', scopes: ['other'] },
    ];
    await eg('credentials create --stdin', lines(...credentials));
    expect(await there('/credentials/jwt/joes-1')).toMatchObject({ scopes: ['other'] });
    expect([await asked('eve-1'), await asked('joes-1')]).toEqual([200, 200]);
  });
});

describe('eg … remove', () => {
  it('an app with its credentials', async () => {
    expect(marks(await eg('apps remove shop'))).toEqual(['✔ Removed shop']);
    expect(await there('/apps/shop')).toBeUndefined();
    expect([await asked('shop-1'), await asked('ann-1')]).toEqual([401, 200]);
  });

  it('users with their apps and all their credentials', async () => {
    await eg('users remove ann joe');
    expect(await Promise.all([there('/users/ann'), there('/apps/joes')])).toEqual([undefined, undefined]);
    expect([await asked('ann-1'), await asked('joes-1'), await asked('eve-1')]).toEqual([401, 401, 200]);
  });
});
