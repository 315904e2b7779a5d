import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { CommandFailure } from '../../bin/consumers/failure.ts';
import { type EmbeddedTable, openEmbeddedTable } from '../../bin/local/embedded-table.ts';
import { levelFailureOf } from '../../bin/local/level-failure.ts';
import { createDynamoDbClient } from '../../lambda/consumers/dynamodb-client.ts';
import { createDynamoDbStore } from '../../lambda/consumers/dynamodb-store.ts';
import { temporaryFolder } from '../e2e/command.ts';

let folder: string;
let table: EmbeddedTable;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded-table-'));
  table = await openEmbeddedTable(folder);
});
afterAll(async () => {
  await table.close();
  await rm(folder, { recursive: true });
});

function statusOf(method: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(table.endpoint, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end();
  });
}

test('a page of another origin gets nothing, its preflight included', async () => {
  const origin = 'https://evil.example';
  expect(await statusOf('OPTIONS', { origin, 'access-control-request-method': 'POST' })).toBe(403);
  expect(await statusOf('POST', { origin })).toBe(403);
});

test('a rebound host name gets nothing', async () => {
  expect(await statusOf('POST', { host: 'rebound.evil.example' })).toBe(403);
  expect(await statusOf('POST', { host: 'localhost' })).toBe(403);
});

test('calls of this process go straight to the table, all sorts of them, with the same outcomes', async () => {
  const store = createDynamoDbStore(table);
  expect(await store.createUser({ username: 'ann' })).toMatchObject({ ok: true });
  expect(await store.createUser({ username: 'ann' })).toEqual({ ok: false, code: 'username_taken' });
  await store.createScopes(['read']);
  expect(await store.createCredential({ consumerId: 'ann', keyId: 'k', scopes: ['read'] })).toMatchObject({
    ok: true,
  });
  expect(await store.setCredentialActive('k', false)).toEqual({ ok: true, value: { changed: true } });
  expect(await store.deleteScope('read')).toEqual({ ok: true, value: { cleanedUp: true } });
  expect((await store.listCredentials()).items).toMatchObject([{ keyId: 'k', scopes: [], isActive: false }]);
});

test('the same client over HTTP is served too: the function of the gateway has one of its own', async () => {
  const client = createDynamoDbClient({
    endpoint: table.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const store = createDynamoDbStore({ client, tableName: table.tableName });
  expect(await store.createUser({ username: 'bob' })).toMatchObject({ ok: true });
  client.destroy();
});

test('a fault of the table is an outage, and so is every call once it is closed', async () => {
  const other = await mkdtemp(join(tmpdir(), 'embedded-table-'));
  const closing = await openEmbeddedTable(other);
  const store = createDynamoDbStore(closing);
  const elsewhere = createDynamoDbStore({ client: closing.client, tableName: 'no-such-table' });
  await expect(elsewhere.getUser('ann')).rejects.toMatchObject({ name: 'StoreUnavailable' });
  const underWay = store.createScopes(['read']);
  await closing.close();
  expect(await underWay).toMatchObject({ ok: true });
  await expect(store.listScopes()).rejects.toMatchObject({ name: 'StoreUnavailable' });
  await rm(other, { recursive: true });
});

describe('a table that cannot be opened', () => {
  /** @returns what is said of a table to which this was done. */
  async function saidOf(damage: (path: string) => Promise<unknown>): Promise<string> {
    const folder = await temporaryFolder();
    const table = await openEmbeddedTable(folder);
    await table.close();
    const path = join(folder, 'dynamodb');
    await damage(path);
    const opened = openEmbeddedTable(folder).then(
      () => 'it was opened',
      (error: unknown) => (error instanceof CommandFailure ? error.message : String(error)),
    );
    return opened;
  }
  const replace = async (path: string) => {
    await rm(path, { recursive: true });
    await mkdir(path);
  };
  const manifestIn = async (path: string) => {
    const name = (await readdir(path)).find((one) => one.startsWith('MANIFEST-'));
    return join(path, name ?? 'none');
  };

  it.each([
    ['an empty CURRENT', (path: string) => writeFile(join(path, 'CURRENT'), '')],
    ['a folder as CURRENT', (path: string) => replace(join(path, 'CURRENT'))],
    ['no manifest', async (path: string) => rm(await manifestIn(path))],
    ['a manifest that is none', async (path: string) => writeFile(await manifestIn(path), 'x'.repeat(40))],
  ])('is said to be removed or restored where it is damaged: %s', async (_, damage) => {
    const said = await saidOf(damage);
    expect(said).toContain('damaged');
    expect(said).toContain('remove it');
  });

  it.each([
    ['a lock that is nobody’s file', (path: string) => replace(join(path, 'LOCK')), 'Is a directory'],
    [
      'a file in its place',
      (path: string) => rm(path, { recursive: true }).then(() => writeFile(path, '')),
      'EEXIST',
    ],
  ])('is not where it may be whole: %s', async (_, damage, reason) => {
    const said = await saidOf(damage);
    expect(said).toContain(`(${reason})`);
    expect(said).not.toContain('remove');
  });

  it.each([
    ['Permission denied', 'LEVEL_IO_ERROR', 'IO error: /a/dynamodb/LOCK: Permission denied'],
    ['No space left on device', 'LEVEL_IO_ERROR', 'IO error: /a: b/MANIFEST-000004: No space left on device'],
    ['EACCES', 'EACCES', "EACCES: permission denied, mkdir '/a/dynamodb'"],
  ])('has the system’s own reason: %s', (reason, code, message) => {
    const error = new Error('Database failed to open', {
      cause: Object.assign(new Error(message), { code }),
    });
    expect(levelFailureOf(error)).toEqual({ kind: 'out of reach', reason });
  });
});
