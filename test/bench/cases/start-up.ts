/** From a process's start to its first decision: in a process of our own, and under Lambda's runtime client. */
import { join } from 'node:path';
import type { Case, Context, Table } from '../model.ts';
import { measurePrograms, type Program } from '../processes.ts';
import { type Handlers, inProcess, makeHandlers, underRuntimeClient } from '../start-up/programs.ts';
import { startBenchTable } from '../table.ts';
import { isNode24, lambdaRuntimeClient, ROOT } from '../tools.ts';

/** Each is a process; as many as the decisions have would take minutes. */
const MAXIMUM_ROUNDS = 25;

export const startUp: Case = {
  id: 'start-up',
  onEachNode: true,
  async run(context) {
    const table = await startBenchTable();
    try {
      const handlers = await makeHandlers(table, context.folder);
      return [...(await ownProcess(context, handlers)), ...(await asLambdaDoes(context, handlers))];
    } finally {
      await table.close();
    }
  },
};

async function ownProcess(context: Context, handlers: Handlers): Promise<readonly Table[]> {
  if (!isWanted('start-up', context)) return [];
  const { bare, uncontrolled, bareTable, controlled } = handlers;
  const empty = { id: 'empty', name: 'an empty process', args: [program('empty')], env: {} };
  const started = [bare, uncontrolled(), bareTable, controlled()].map((one) => inProcess(handlers, one));
  return tablesOf(context, [empty, ...started], {
    id: 'start-up',
    title: 'From the start of a process to its first decision, RS256',
  });
}

async function asLambdaDoes(context: Context, handlers: Handlers): Promise<readonly Table[]> {
  const id = 'start-up-lambda';
  // The runtime client needs Node.js 22, and minutes to be compiled.
  if (!isNode24(context.node) || !isWanted(id, context)) return [];
  const client = lambdaRuntimeClient();
  const { constant, bare, uncontrolled, bareTable, controlled } = handlers;
  const programs = [constant, bare, uncontrolled(), bareTable, controlled()].map((handler) =>
    underRuntimeClient(handlers, handler, client),
  );
  return tablesOf(context, programs, {
    id,
    title: 'From the start of aws-lambda-ric to the first answer at its runtime API, RS256',
  });
}

const isWanted = (id: string, { only }: Context): boolean =>
  only === undefined || only.tables.includes(id) || only.tables.includes(`${id}-cpu`);

async function tablesOf(
  { node, rounds, only }: Context,
  programs: readonly Program[],
  { id, title }: Pick<Table, 'id' | 'title'>,
): Promise<readonly Table[]> {
  const wanted = programs.filter((one) => only?.rows.includes(one.id) ?? true);
  const { wall, cpu } = await measurePrograms(node, wanted, Math.min(rounds, MAXIMUM_ROUNDS));
  const clock: Table = { id, title, unit: 'ms', rows: wall };
  const isTold = cpu.every(({ values }) => values.every((value) => !Number.isNaN(value)));
  return isTold ? [clock, { id: `${id}-cpu`, title: `${title}: CPU time`, unit: 'ms', rows: cpu }] : [clock];
}

const program = (name: string) => join(ROOT, `test/bench/start-up/${name}.mjs`);
