/** A decision by the built function, beside what others take for the signature and the claims alone. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case, Context, Table } from '../model.ts';
import { type BenchTable, startBenchTable } from '../table.ts';
import { ROOT } from '../tools.ts';

const ALGORITHMS = ['HS256', 'RS256', 'ES256'];

export const decisions: Case = {
  id: 'decisions',
  onEachNode: true,
  async run(context) {
    const { only } = context;
    const wanted = ALGORITHMS.filter((algorithm) => only?.tables.includes(idOf(algorithm)) ?? true);
    if (wanted.length === 0) return [];
    const table = await startBenchTable();
    try {
      const tables: Table[] = [];
      for (const algorithm of wanted) tables.push(await measureOne(algorithm, { ...context, table }));
      return tables;
    } finally {
      await table.close();
    }
  },
};

const idOf = (algorithm: string) => `decision-${algorithm}`;

async function measureOne(
  algorithm: string,
  { node, rounds, folder, table, only }: Context & { table: BenchTable },
): Promise<Table> {
  const file = join(folder, `${algorithm}.json`);
  const program = join(ROOT, 'test/bench/decision.mjs');
  const shorter = only === undefined ? [] : [String(only.roundMs), ...only.rows];
  const child = spawn(node, [program, algorithm, String(rounds), file, ...shorter], {
    env: {
      ...{ ...process.env, ...table.environment },
      ...{ CREDENTIALS_TABLE: table.name, AWS_ENDPOINT_URL_DYNAMODB: table.endpoint },
    },
    // What the function logs goes nowhere, at the price of writing it.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`the decisions with ${algorithm} ended with ${code}`);
  return {
    id: idOf(algorithm),
    title: `${algorithm}: a decision, and the signature and claims alone of the others`,
    unit: 'µs',
    rows: JSON.parse(readFileSync(file, 'utf8')),
  };
}
