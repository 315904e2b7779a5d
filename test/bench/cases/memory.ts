/** What one warm function holds after very many tokens and credentials. */
import { type Case, type Context, isWanted, type Table } from '../model.ts';
import { environmentOf, runProgram } from '../program.ts';
import { openSeededTable } from '../seeded-table.ts';

const [TOKENS, CREDENTIALS] = [1_000_000, 100_000];

export const memory: Case = {
  id: 'memory',
  onEachNode: true,
  run: async (context) =>
    isWanted(context, 'memory')
      ? [await heapAfter(context, { tokens: TOKENS, credentials: CREDENTIALS })]
      : [],
};

/** @param tokens a multiple of the credentials, each of which has as many. @param folder where seeded tables are kept. */
export async function heapAfter(
  context: Pick<Context, 'node' | 'folder'>,
  {
    tokens,
    credentials,
    folder,
  }: { readonly tokens: number; readonly credentials: number; readonly folder?: string },
): Promise<Table> {
  const table = await openSeededTable(credentials, folder);
  const spelled = (count: number) => count.toLocaleString('en');
  try {
    return {
      id: 'memory',
      title: `One function after ${spelled(tokens)} tokens of ${spelled(credentials)} credentials`,
      unit: 'MiB',
      rows: await runProgram(context, 'memory.mjs', {
        args: [tokens, credentials],
        env: environmentOf(table),
        nodeArgs: ['--expose-gc'],
      }),
    };
  } finally {
    await table.close();
  }
}
