import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Table } from '../model.ts';
import { roundTrips, tableSize } from './table.ts';

const folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const context = { node: process.execPath, rounds: 3, folder };

const valuesOf = ({ rows }: Table) => Object.fromEntries(rows.map(({ id, values }) => [id, values]));

it('a decision takes two round trips, and none while its credential is remembered', async () => {
  expect(valuesOf(await roundTrips(context))).toEqual({
    read: [2, 2, 2],
    remembered: [0, 0, 0],
    'credential-key-read': [2, 2, 2],
    'credential-key-remembered': [0, 0, 0],
    // Each token is another one, and whether it is revoked is read for each.
    'revoked-read': [2, 2, 2],
    'revoked-remembered': [1, 1, 1],
    'revocation-read': [1, 1, 1],
    'revocation-remembered': [0, 0, 0],
  });
}, 120_000);

it('times decisions on a table with few credentials and on one with more', async () => {
  const tables = await tableSize({ ...context, credentials: 30 }, folder);
  expect(tables.map(({ id }) => id)).toEqual(['table-size', 'table-size-cpu']);
  for (const { rows } of tables) {
    expect(rows.map(({ id, name }) => [id, name])).toEqual([
      ['few', '10 credentials'],
      ['some', '30 credentials'],
      ['reads-few', '10 credentials, two reads alone'],
      ['reads-some', '30 credentials, two reads alone'],
    ]);
    for (const { values } of rows) expect([values.length, Math.min(...values) > 0]).toEqual([3, true]);
  }
}, 120_000);
