import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedTable, openEmbeddedTable } from '../../bin/local/embedded-table.ts';
import { createDynamoDbStore } from '../../lambda/consumers/dynamodb-store.ts';

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

test('our own client is served', async () => {
  const created = await createDynamoDbStore(table).createUser({ username: 'ann' });
  expect(created.ok).toBe(true);
});
