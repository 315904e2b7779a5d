/** A decision by the built function, beside what others take for the signature and the claims alone. */
import { type Case, type Context, isWanted, type Table } from '../model.ts';
import { environmentOf, runProgram } from '../program.ts';
import { type BenchTable, startBenchTable } from '../table.ts';

const ALGORITHMS = ['HS256', 'RS256', 'ES256'];

export const decisions: Case = {
  id: 'decisions',
  onEachNode: true,
  async run(context) {
    const wanted = ALGORITHMS.filter((algorithm) => isWanted(context, idOf(algorithm)));
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
  { table, ...context }: Context & { table: BenchTable },
): Promise<Table> {
  const { rounds, only } = context;
  const shorter = only === undefined ? [] : [only.roundMs, ...only.rows];
  return {
    id: idOf(algorithm),
    title: `${algorithm}: a decision, and the signature and claims alone of the others`,
    unit: 'µs',
    rows: await runProgram<Table['rows']>(context, 'decision.mjs', {
      args: [algorithm, rounds, ...shorter],
      env: environmentOf(table),
    }),
  };
}
