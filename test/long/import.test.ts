/**
 * 100,000 credentials from NDJSON on the embedded table: how fast, in how much memory; killed at half and given
 * again; then listed, and looked up. LONG_LINES=1000 tries it out.
 */
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEmbeddedTable } from '../../bin/local/embedded-table.ts';
import { createDynamoDbReader } from '../../lambda/consumers/dynamodb-reader.ts';
import { findThrough } from '../../lambda/consumers/find-credential.ts';
import { countCalls, testClient } from '../consumers/workbench.ts';
import { linesFile, type Ran, readLines, report, run, type Sample, temporaryFolder } from './command.ts';
import { folderMb } from './folder-size.ts';

const LINES = Number(process.env['LONG_LINES'] ?? 100_000);
const USERS = 1_000;
const MAY_GROW_MB = 50;
const LOOKUPS = 2_000;

const keyIdOf = (index: number): string => `key-${String(index).padStart(6, '0')}`;
const lineOf = (index: number) => ({
  consumerId: `user-${index % USERS}`,
  keyId: keyIdOf(index),
  scopes: ['orders:read'],
});
const create = (data: string) => ['credentials', 'create', '--stdin', '-q', '--json', '--data', data];

let folder: string;
let [small, large, stdin] = ['', '', ''];
beforeAll(async () => {
  folder = await temporaryFolder();
  [small, large] = [join(folder, 'small'), join(folder, 'large')];
  const users = await linesFile(join(folder, 'users'), USERS, (index) => ({ username: `user-${index}` }));
  for (const data of [small, large]) {
    for (const args of [
      ['scopes', 'create', 'orders:read'],
      ['users', 'create', '--stdin'],
    ]) {
      const ran = await run([...args, '-q', '--data', data], { stdin: users, out: join(folder, 'out') });
      expect(ran.code).toBe(0);
    }
  }
  const ten = await linesFile(join(folder, 'ten'), 10, lineOf);
  expect((await run(create(small), { stdin: ten, out: join(folder, 'out') })).code).toBe(0);
  stdin = await linesFile(join(folder, 'credentials'), LINES, lineOf);
});

const mb = (value: number): string => `${value.toFixed(0)} MB`;
const summaryOf = ({ said }: Ran) => JSON.parse(said);

/** @returns by how much memory grew from a tenth of the run to its end: the means of a tenth each. */
function growth(samples: readonly Sample[], of: 'rss' | 'own'): number {
  const tenth = Math.max(1, Math.floor(samples.length / 10));
  const mean = (part: readonly Sample[]) => part.reduce((sum, sample) => sum + sample[of], 0) / part.length;
  return mean(samples.slice(-tenth)) - mean(samples.slice(tenth, 2 * tenth));
}

function reportRun(what: string, ran: Ran): void {
  const peak = Math.max(...ran.samples.map(({ rss }) => rss));
  const grew = `grew by ${mb(growth(ran.samples, 'own'))} of its own, ${mb(growth(ran.samples, 'rss'))} with mapped files`;
  const memory = ran.samples.length > 0 ? `; at most ${mb(peak)}, ${grew}` : '';
  report(what, `${ran.seconds.toFixed(0)} s${memory}`);
}

describe.sequential(`${LINES} credentials`, () => {
  it('are made until the run is killed at half', async () => {
    const killed = await run(create(large), { stdin, out: join(folder, 'first'), killAt: LINES / 2 });
    expect(killed.code).toBe(null);
    reportRun(`created ${killed.samples.at(-1)?.lines}, then killed`, killed);
  });

  it('are all there once after the second run, each with its line on stdout of one of the two', async () => {
    const rest = await run(create(large), { stdin, out: join(folder, 'second') });
    expect(rest.code).toBe(0);
    const { created, skipped, failed } = summaryOf(rest);
    expect([created + skipped, failed]).toEqual([LINES, 0]);
    const skippedBy = rest.samples.find(({ lines }) => lines > 0)?.atMs ?? 0;
    reportRun(`skipped ${skipped} (${(skippedBy / 1000).toFixed(0)} s), created ${created}`, rest);
    report('table on disk', mb(await folderMb(join(large, 'dynamodb'))));
    // A kill may come between a record that counts and its line: eight are made at a time.
    const shown = new Set([
      ...(await readLines(join(folder, 'first'))),
      ...(await readLines(join(folder, 'second'))),
    ]);
    expect(shown.size).toBeGreaterThanOrEqual(LINES - 8);
    expect(growth(rest.samples, 'own')).toBeLessThan(MAY_GROW_MB);
  });

  it('are skipped by a third run', async () => {
    const again = await run(create(large), { stdin, out: join(folder, 'third') });
    expect(summaryOf(again)).toEqual({ created: 0, skipped: LINES, failed: 0 });
    reportRun(`skipped ${LINES}`, again);
  });

  it('are listed', async () => {
    const listed = await run(['credentials', 'list', '-q', '--data', large], { out: join(folder, 'list') });
    expect(listed.code).toBe(0);
    const ids = await readLines(join(folder, 'list'));
    expect(ids.length).toBe(LINES);
    expect(new Set(ids).size).toBe(LINES);
    reportRun('listed', listed);
  });

  it('a lookup takes what it takes with ten', async () => {
    const tables = [await openEmbeddedTable(small), await openEmbeddedTable(large)];
    // Over HTTP, as the gateway's function does it.
    const opened = tables.map(({ endpoint, tableName }) => ({ client: testClient(endpoint), tableName }));
    const finds = opened.map((table) => findThrough(createDynamoDbReader(table)));
    for (const [which, find] of finds.entries()) {
      const calls = countCalls(opened[which]?.client as DynamoDBClient);
      expect(await find(keyIdOf(0))).toBeDefined();
      expect(calls()).toBe(2);
    }
    const millis: [number[], number[]] = [[], []];
    for (let lookup = -200; lookup < LOOKUPS; lookup += 1) {
      for (const [which, find] of finds.entries()) {
        const keyId = keyIdOf(which === 0 ? Math.abs(lookup % 10) : Math.floor(Math.random() * LINES));
        const since = performance.now();
        expect((await find(keyId))?.credential.keyId).toBe(keyId);
        if (lookup >= 0) millis[which === 0 ? 0 : 1].push(performance.now() - since);
      }
    }
    for (const { client } of opened) client.destroy();
    for (const table of tables) await table.close();
    const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length / 2] ?? 0;
    const [few, many] = [median(millis[0]), median(millis[1])];
    report(
      'a lookup',
      `${few.toFixed(2)} ms with 10, ${many.toFixed(2)} ms with ${LINES}: ${(many / few).toFixed(2)} times`,
    );
    // The table is 50 MB and more then, of which few pages are in memory; a scan would take a thousand times.
    expect(many / few).toBeLessThan(3);
  });
});
