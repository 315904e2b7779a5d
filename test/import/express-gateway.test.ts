/** `import express-gateway` from a small imitation of one, into a local table. The real one: test/express-gateway. */
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { listen } from '../../bin/local/listen.ts';
import { useAdminServer } from '../admin/server.ts';
import { boundTo, cli, dataFolder, type Json } from '../cli/cli.ts';
import { withEnvironment } from '../cli/environment.ts';
import { startTable } from '../e2e/table.ts';
import { closeAtEnd } from '../support/gateway.ts';
import { app, credential, type Gateway, SECRET, startGateway, user } from './express-gateway-source.ts';

const ann = user('ann', { email: 'ann@example.com', plan: 'gold', password: 'of another policy' });
const bob = user('bob', { isActive: false });
const shop = app(ann.id, 'shop', { redirectUri: 'https://shop.example.com/cb' });
const till = app(bob.id, 'till', { isActive: false });

const gateway = (): Gateway => ({
  users: [ann, bob],
  apps: [shop, till],
  scopes: ['read', 'write'],
  credentials: [
    credential(ann.id, 'ann-1', { scopes: ['write', 'read'], color: 'red' }),
    credential(shop.id, 'shop-1', { isActive: false }),
    credential(till.id, 'till-1', { keySecret: '6JYr4gn8RmRfbXQJ90kjBc' }),
    credential(ann.id, 'ann-key', { type: 'key-auth', keySecret: 'of another type' }),
    { isActive: true, type: 'basic-auth', id: ann.id, listedFor: ann.id },
  ],
});

/** JSON that `String` throws on. */
const NO_TEXT = { toString: 1, valueOf: 1 };

const NONE = { created: 0, skipped: 0, differing: 0, failed: 0, left: 0 };

async function world(source: Gateway = gateway()) {
  const running = await startGateway(source);
  const data = await dataFolder();
  const run = (...more: string[]) =>
    cli(['import', 'express-gateway', '--admin-url', running.url, '--data', data, ...more]);
  const report = async (...more: string[]) => {
    const ran = await run('--json', ...more);
    return { ...ran, report: JSON.parse(ran.stdout) as Json };
  };
  return { ...running, source, data, run, report, here: boundTo('--data', data) };
}

const times = { createdAt: expect.any(String), updatedAt: expect.any(String) };

describe('import express-gateway', () => {
  it('takes over what is there, with ids and states', async () => {
    const { run, here, requests } = await world();
    const { code, stdout, stderr } = await run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/credentials +3 +0 +0 +0$/m);
    const { password: _, ...annsFields } = ann;
    expect(await here.json('users info ann')).toEqual({ ...annsFields, ...times });
    expect(await here.json('users info bob')).toEqual({ ...bob, ...times });
    expect(await here.json('apps info shop')).toEqual({ ...shop, ...times });
    expect(await here.json('apps info till')).toEqual({ ...till, ...times });
    expect(await here.json('scopes list')).toEqual(['read', 'write']);
    const credentials = (await here.json('credentials list')) as unknown as Json[];
    expect(credentials).toHaveLength(3);
    expect(await here.json('credentials info ann-1')).toEqual({
      ...{ id: 'ann-1', keyId: 'ann-1', type: 'jwt', consumerId: ann.id, isActive: true, color: 'red' },
      ...{ scopes: ['read', 'write'], ...times },
    });
    expect(await here.json('credentials info shop-1')).toMatchObject({
      consumerId: shop.id,
      isActive: false,
    });
    expect(await here.json('credentials info till-1')).toMatchObject({ importedWithShortSecret: true });
    expect(requests.every((request) => request.startsWith('GET '))).toBe(true);
  });

  it('tells what it did and left out, and no secret', async () => {
    const { run, report } = await world();
    const { code, stderr, stdout, report: first } = await report();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(first).toMatchObject({
      dryRun: false,
      ...{ scopes: { ...NONE, created: 2 }, users: { ...NONE, created: 2 } },
      ...{ apps: { ...NONE, created: 2 }, credentials: { ...NONE, created: 3 } },
      ...{ differing: [], failed: [] },
      leftOut: { otherTypes: { 'key-auth': 1, 'basic-auth': 1 }, properties: { password: 1 } },
    });
    expect(codesOf(first)).toEqual(['short_secrets', 'scopes_now_enforced', 'exp_now_required']);
    const text = (await run()).stdout + stdout;
    for (const secret of [SECRET, '6JYr4gn8RmRfbXQJ90kjBc', 'of another']) expect(text).not.toContain(secret);
    expect(text).toContain('1 "key-auth"');
  });

  it('creates nothing the second time', async () => {
    const { report, run, here } = await world();
    expect(await run('-q')).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^(?:\S+\n){7}$/),
      stderr: '',
    });
    const before = [await here.json('users list'), await here.json('credentials list')];
    const { code, report: second } = await report();
    expect(code).toBe(0);
    expect(second).toMatchObject({
      ...{ scopes: { ...NONE, skipped: 2 }, users: { ...NONE, skipped: 2 } },
      ...{ apps: { ...NONE, skipped: 2 }, credentials: { ...NONE, skipped: 3 } },
    });
    expect([await here.json('users list'), await here.json('credentials list')]).toEqual(before);
    expect(await run('-q')).toMatchObject({ code: 0, stdout: '' });
  });

  it('does not call a secret the same: it cannot be compared', async () => {
    const { source, report, run } = await world();
    expect(codesOf((await report()).report)).not.toContain('secrets_not_compared');
    source.credentials = source.credentials.map((row) => ({ ...row, keySecret: `another-${SECRET}` }));
    const { report: second } = await report();
    expect(second['warnings']).toContainEqual({
      code: 'secrets_not_compared',
      message: expect.stringMatching(/^3 /),
    });
    expect((await run('--dry-run')).stdout).toMatch(/^warning: 3 .*rotate or remove/m);
  });

  it('tells what differs, and leaves it', async () => {
    const { source, run, report, here } = await world();
    await run();
    source.users = [{ ...ann, isActive: false, plan: 'tin' }, bob];
    source.credentials = source.credentials.map((row) => ({ ...row, scopes: [] }));
    const { code, stderr, report: second } = await report();
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('2 differ, 0 failed'),
    });
    expect(second).toMatchObject({
      users: { ...NONE, skipped: 1, differing: 1 },
      credentials: { ...NONE, skipped: 2, differing: 1 },
      differing: [
        { kind: 'user', id: ann.id, name: 'ann', why: 'isActive (false there, true here), plan' },
        { kind: 'credential', id: 'ann-1', why: 'scopes' },
      ],
    });
    expect(await here.json('users info ann')).toMatchObject({ isActive: true, plan: 'gold' });
    expect((await run()).stdout).toContain(
      'differs, and is left as it is: user "ann": isActive (false there',
    );
  });

  it('leaves alone who has a username here under another id, and what would hang on the one there', async () => {
    const { report, here } = await world();
    const own = await here.quiet('users create -p username=ann');
    const { code, report: told } = await report();
    expect(code).toBe(1);
    expect(told).toMatchObject({
      differing: [{ name: 'ann', why: expect.stringMatching(/^id /) }],
      failed: [
        { kind: 'app', name: 'shop', why: expect.stringContaining('user does not exist') },
        { kind: 'credential', name: 'ann-1', why: expect.stringContaining('No consumer found') },
        { kind: 'credential', name: 'shop-1' },
      ],
    });
    expect(await here.json('users info ann')).toMatchObject({ id: own });
    expect(await here.json('credentials info till-1')).toMatchObject({ consumerId: till.id });
  });

  it('shows with --dry-run what it would do, and writes nothing', async () => {
    const { report, run, data, here } = await world();
    const { code, report: plan } = await report('--dry-run');
    expect(code).toBe(0);
    expect(plan).toMatchObject({ dryRun: true, users: { created: 2 }, credentials: { created: 3 } });
    expect(existsSync(data)).toBe(false);
    await here.run('users create -p username=ann');
    const second = await run('--dry-run');
    expect(second).toMatchObject({ code: 1, stdout: expect.stringMatching(/^This would be done/) });
    expect(second.stdout).toMatch(/users +1 +0 +1 +0$/m);
    expect(await here.json('users list')).toHaveLength(1);
    expect(existsSync(join(data, 'dynamodb'))).toBe(true);
  });

  it('stops at Ctrl-C, tells what is left, and goes on when it is given again', async () => {
    const { url, data, run } = await world();
    const args = ['import', 'express-gateway', '--admin-url', url, '--data', data, '--json'];
    const ran = await cli(args, '', false, { interruption: () => AbortSignal.abort() });
    expect(ran.code).toBe(130);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      users: { created: 0, left: 2 },
      credentials: { left: 3 },
    });
    expect((await run()).code).toBe(0);
  });

  it('shows how far it is to who watches', async () => {
    const { url, data } = await world();
    const ran = await cli(['import', 'express-gateway', '--admin-url', url, '--data', data], '', true);
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringMatching(/0 created, 0 skipped, 0 failed/) });
  });
});

describe('the lists of the source', () => {
  it('are asked for in one page, and followed where there are more', async () => {
    const { report, source, requests } = await world();
    source.users = Array.from({ length: 25 }, (_, index) => user(`user${index}`));
    Object.assign(source, { apps: [], credentials: [], pageOf: 10 });
    const { code, report: told } = await report();
    expect(code).toBe(0);
    // Each page repeats the last row of the one before, as Redis may.
    expect(told).toMatchObject({ users: { ...NONE, created: 25 } });
    expect(requests.filter((request) => request.startsWith('GET /users?'))).toEqual(
      [0, 10, 20].map((start) => `GET /users?start=${start}&count=1000000`),
    );
    expect(codesOf(told)).not.toContain('list_maybe_incomplete');
  });

  it('may have ended early: that is told', async () => {
    const { report, source } = await world();
    let page = 0;
    source.instead = (path) => {
      if (path !== '/users') return undefined;
      page += 1;
      const body = page === 1 ? { users: source.users, nextKey: 7 } : { users: [], nextKey: 0 };
      return { status: 200, body: JSON.stringify(body) };
    };
    expect(codesOf((await report()).report)).toContain('list_maybe_incomplete');
  });

  it('that go in circles end', async () => {
    const { run, source } = await world();
    source.instead = (path) =>
      path === '/apps' ? { status: 200, body: '{"apps":[],"nextKey":5}' } : undefined;
    expect(await run()).toMatchObject({ code: 1, stderr: expect.stringContaining('does not end') });
  });
});

describe('what cannot be taken over', () => {
  it('fails alone', async () => {
    const [odd, long] = [user('odd', { id: '7' }), user('x'.repeat(257))];
    const { report } = await world({
      users: [ann, odd, long],
      apps: [app(ann.id, ''), app('gone', 'orphan')],
      scopes: ['ok', 'not ok'],
      credentials: [
        credential(ann.id, 'no key id', {}),
        credential(ann.id, 'pem', { keySecret: '-----BEGIN PUBLIC KEY-----' }),
        credential(ann.id, '..'),
        credential(ann.id, 'ok', { scopes: ['ok', 'unknown'] }),
        credential('gone', 'lost', { listedFor: ann.id }),
        credential(ann.id, 'named', { issuer: 'x', publicKey: 'y', expiresAt: '1' }),
      ],
    });
    const { code, stderr, report: told } = await report();
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('0 differ, 7 failed'),
    });
    expect((told['failed'] as Json[]).map(({ name, why }) => [name, why])).toEqual([
      ['odd', expect.stringContaining('id must be a UUID')],
      ['x'.repeat(257), expect.stringContaining('username must have at most 256')],
      ['', expect.stringContaining('name must not be empty')],
      ['orphan', expect.stringContaining('user does not exist')],
      ['no key id', expect.stringContaining('keyId must be')],
      ['pem', expect.stringContaining('keySecret must be a secret')],
      ['..', expect.stringContaining('names nothing')],
    ]);
    expect(told).toMatchObject({
      credentials: { created: 2, failed: 3 },
      leftOut: {
        ...{ scopes: ['not ok'], unknownScopes: { ok: ['unknown'] }, withoutConsumer: ['lost'] },
        properties: { issuer: 1, publicKey: 1, expiresAt: 1 },
      },
    });
    expect(codesOf(told)).toContain('unknown_scopes');
  });

  it.each(['id', 'username', 'isActive', 'plan'])('a user whose %s is no text fails alone', async (field) => {
    const { report } = await world({ ...gateway(), users: [ann, bob, user('odd', { [field]: NO_TEXT })] });
    const { report: told } = await report();
    const counts = { created: 2, failed: 1 };
    const fails = ['id', 'username'].includes(field);
    expect(told).toMatchObject({
      users: fails ? counts : { created: 3, failed: 0 },
      credentials: { created: 3 },
      failed: fails ? [{ kind: 'user', why: expect.stringContaining(`${field} must be`) }] : [],
    });
  });

  it.each([
    [{ keyId: NO_TEXT }, 'keyId must be'],
    [{ id: NO_TEXT, keyId: undefined }, 'keyId must be'],
    [{ scopes: ['read', NO_TEXT] }, 'scopes must be'],
    [{ scopes: NO_TEXT }, 'scopes must be'],
    [{ keySecret: NO_TEXT }, 'keySecret must be'],
  ])('a credential with %o fails alone', async (fields, why) => {
    const source = gateway();
    source.credentials = [...source.credentials, credential(ann.id, 'odd', fields)];
    const { report } = await world(source);
    expect((await report()).report).toMatchObject({
      ...{ users: { created: 2, failed: 0 }, credentials: { created: 3, failed: 1 } },
      failed: [{ kind: 'credential', why: expect.stringContaining(why) }],
    });
  });

  it('a credential of a type or for a consumer that is no text is left out', async () => {
    const source = gateway();
    const odd = [{ type: NO_TEXT }, { consumerId: NO_TEXT, listedFor: ann.id }];
    source.credentials = [...source.credentials, ...odd.map((row) => credential(ann.id, 'odd', row))];
    const { code, report: told } = await (await world(source)).report();
    expect(code).toBe(0);
    expect(told).toMatchObject({
      credentials: { created: 3, failed: 0 },
      leftOut: { withoutConsumer: ['odd'], otherTypes: { '(an object)': 1 } },
    });
  });

  it('rows that are no records fail, each on its own', async () => {
    const answers: Readonly<Record<string, object>> = {
      '/users': { users: [ann, bob, null, 5], nextKey: 0 },
      [`/credentials/${bob.id}`]: { credentials: [null, []] },
    };
    const instead = (path: string) => answers[path] && { status: 200, body: JSON.stringify(answers[path]) };
    expect((await (await world({ ...gateway(), instead })).report()).report).toMatchObject({
      users: { created: 2, failed: 2 },
      credentials: { created: 3, failed: 2 },
    });
  });

  it('a keyId goes to whom the credential names, however often it is listed', async () => {
    const { report, here, source } = await world();
    // It was made again for bob: Express Gateway lists it for ann still.
    source.credentials = [
      credential(bob.id, 'k', { listedFor: ann.id }),
      credential(bob.id, 'k', { listedFor: bob.id }),
    ];
    expect((await report()).report).toMatchObject({ credentials: { ...NONE, created: 1 } });
    expect(await here.json('credentials info k')).toMatchObject({ consumerId: bob.id });
  });

  it('nobody gets the credentials of another whose username is his id', async () => {
    const { report, source } = await world();
    source.users = [ann, bob, user(bob.id)];
    const { code, report: told } = await report();
    expect(code).toBe(1);
    expect(told).toMatchObject({
      failed: expect.arrayContaining([expect.objectContaining({ id: bob.id, kind: 'user' })]),
    });
  });

  it('credentials that the source fails to list are told, the others are made', async () => {
    const { report, source } = await world();
    source.instead = (path) => (path === `/credentials/${ann.id}` ? { status: 500 } : undefined);
    const { code, report: told } = await report();
    expect(code).toBe(1);
    expect(told).toMatchObject({
      credentials: { ...NONE, created: 2 },
      failed: [{ name: 'ann', why: expect.stringContaining('500') }],
    });
  });

  it('active apps of inactive users are told: they are let in there', async () => {
    const { report, source } = await world();
    source.apps = [app(bob.id, 'a'), app(ann.id, 'b'), till];
    source.credentials = [];
    expect((await report()).report['warnings']).toContainEqual({
      code: 'apps_of_inactive_users',
      message: expect.stringMatching(/^1 /),
    });
  });
});

describe('sources that are none', () => {
  test.each([
    ['/schemas', 401, '', '401'],
    ['/schemas', 403, '', '-H NAME:VALUE'],
    ['/schemas', 404, '', 'no Admin API of Express Gateway'],
    ['/schemas', 200, '<html>', 'no Admin API of Express Gateway'],
    ['/schemas', 200, '{}', 'no Admin API of Express Gateway'],
    ['/schemas', 500, SECRET, '500'],
    ['/users', 200, '[]', 'no list of users'],
    ['/apps', 404, '', 'no list of apps'],
    ['/users', 200, `{"users":[],"nextKey":${JSON.stringify(NO_TEXT)}}`, 'nextKey'],
    ['/users', 200, '{"users":[],"nextKey":"\\ud800"}', 'nextKey'],
    ['/schemas', 200, `[{"schema":{"$id":${JSON.stringify(NO_TEXT)}}}]`, 'no Admin API of Express Gateway'],
  ])('%s answers %d %s', async (path, status, body, text) => {
    const instead = (asked: string) => (asked === path ? { status, body } : undefined);
    const { run, data } = await world({ ...gateway(), instead });
    const { code, stdout, stderr } = await run();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(text);
    expect(stderr).not.toContain(SECRET);
    expect(existsSync(data)).toBe(false);
  });

  it.each([
    [{ status: 302, headers: { location: 'http://127.0.0.1:9/elsewhere' } }, 'redirects to another address'],
    [{ status: 308, headers: { location: '/elsewhere' } }, 'redirects to another address'],
  ])('what redirects is told: %o', async (answer, text) => {
    const { run } = await world({ ...gateway(), instead: () => answer });
    expect(await run()).toMatchObject({ code: 1, stderr: expect.stringContaining(text) });
  });

  it('nobody is there', async () => {
    const data = await dataFolder();
    const ran = await cli(['import', 'express-gateway', '--admin-url', 'http://127.0.0.1:9', '--data', data]);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('is it running') });
    expect(ran.stderr).toContain('EBADPORT');
  });

  test.each([
    'import express-gateway',
    'import express-gateway --admin-url http://gateway.example.com',
    'import express-gateway --admin-url https://ann:s3cret@gateway.example.com',
    'import express-gateway --admin-url http://127.0.0.1:9 --data x --table y',
    'import express-gateway --admin-url http://127.0.0.1:9 --table y --to-admin-url http://127.0.0.1:9',
    'import express-gateway --admin-url http://127.0.0.1:9 --to-admin-url http://gateway.example.com',
    'import express-gateway --admin-url http://127.0.0.1:9 -H s3cret',
  ])('wrong usage: %s', async (line) => {
    const ran = await cli(line.split(' '));
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).not.toContain('s3cret');
  });

  it('a policy in front of it gets the headers that it asks for', async () => {
    const { run, headers } = await world();
    expect((await run('-H', 'authorization: apiKey a:b', '-H', 'x-a:1')).code).toBe(0);
    expect(headers()).toMatchObject({ authorization: 'apiKey a:b', 'x-a': '1' });
  });
});

it('a deployed table gets the same', async () => {
  const { endpoint, tableName, store } = await startTable();
  const { url } = await startGateway(gateway());
  const aws = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'us-east-1' };
  const ran = await withEnvironment({ ...aws, AWS_ENDPOINT_URL_DYNAMODB: endpoint }, () =>
    cli(['import', 'express-gateway', '--admin-url', url, '--table', tableName, '--json']),
  );
  expect({ ...ran, report: JSON.parse(ran.stdout) }).toMatchObject({
    code: 0,
    report: { users: { created: 2 }, credentials: { created: 3 } },
  });
  expect(await store.getCredential('shop-1')).toMatchObject({
    value: { ownerUserId: ann.id, isActive: false },
  });
});

describe('an Admin API of ours as the target', () => {
  const admin = useAdminServer();

  it('gets the same', async () => {
    const { url } = await startGateway(gateway());
    const to = ['--to-admin-url', admin().url];
    const line = ['import', 'express-gateway', '--admin-url', url, '--json', ...to];
    const { code, stdout } = await cli(line);
    expect({ code, report: JSON.parse(stdout) }).toMatchObject({
      code: 0,
      report: { credentials: { created: 3 } },
    });
    expect((await admin().call('GET', '/users/bob')).json).toMatchObject({ id: bob.id, isActive: false });
    expect(JSON.parse((await cli(line)).stdout)).toMatchObject({ credentials: { created: 0, skipped: 3 } });
  });

  it('that goes away ends it: what is left is counted, and the same can be given again', async () => {
    const answers: Readonly<Record<string, number>> = {
      'GET /scopes': 200,
      'POST /scopes': 201,
      'POST /users': 200,
    };
    const server = createServer(({ method, url }, response) => {
      const usual = method === 'GET' ? 404 : 503;
      response.writeHead(answers[`${method} ${url}`] ?? usual).end('{}');
    });
    const target = closeAtEnd(await listen(server, '127.0.0.1', 0));
    const { url } = await startGateway(gateway());
    const to = ['--to-admin-url', target.url, '--json'];
    const ran = await cli(['import', 'express-gateway', '--admin-url', url, ...to]);
    expect({ ...ran, report: JSON.parse(ran.stdout) }).toMatchObject({
      ...{ code: 1, stderr: expect.stringMatching(/^error: stopped: .*give the same again/) },
      report: { users: { created: 2, left: 0 }, apps: { created: 0, left: 2 }, credentials: { left: 3 } },
    });
  });

  it('is no source', async () => {
    const ran = await cli(['import', 'express-gateway', '--admin-url', admin().url]);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('is the source here') });
  });
});

const codesOf = (report: Json) => (report['warnings'] as { code: string }[]).map(({ code }) => code);
