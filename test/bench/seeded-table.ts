/** Tables with many credentials, each on an embedded DynamoDB in a process of its own, kept between runs. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureTable } from '../../lambda/consumers/create-table.ts';
import { learnPattern, type Pattern, seedCredentials } from './seed.ts';
import { type BenchTable, benchClient, benchTable } from './table.ts';
import { ROOT } from './tools.ts';

const TABLE_NAME = 'bench';

/**
 * A table with `count` credentials: made the first time (a million takes some ten minutes), found there from then on.
 * @param folder where tables are kept.
 */
export async function openSeededTable(
  count: number,
  folder = join(ROOT, '.ci/tools/bench-tables'),
): Promise<BenchTable> {
  const pattern = await learnPattern();
  const path = join(folder, `${count}-${pattern.fingerprint}`);
  if (!existsSync(path)) await make(path, count, pattern);
  return serve(path);
}

/** Under another name until it is complete. */
async function make(path: string, count: number, pattern: Pattern): Promise<void> {
  const unfinished = `${path}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const table = await serve(unfinished);
  const client = benchClient(table.endpoint);
  try {
    await ensureTable(client, TABLE_NAME);
    await seedCredentials({ endpoint: table.endpoint, tableName: TABLE_NAME }, count, pattern);
  } finally {
    client.destroy();
    await table.close();
  }
  renameSync(unfinished, path);
}

async function serve(path: string): Promise<BenchTable> {
  const child = fork(join(ROOT, 'test/bench/table-server.mjs'), [path], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exit = once(child, 'exit');
  const [port] = await Promise.race([once(child, 'message'), exit.then(() => [])]);
  if (port === undefined) throw new Error(`the table in ${path} cannot be opened: is another run using it?`);
  return benchTable(`http://127.0.0.1:${port}`, TABLE_NAME, async () => {
    child.disconnect();
    await exit;
  });
}
