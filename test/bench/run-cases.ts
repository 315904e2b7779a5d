import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Case, Context, Table } from './model.ts';

/** @returns the tables of all cases, one case after another. */
export async function runCases(
  cases: readonly Case[],
  context: Omit<Context, 'folder'>,
): Promise<readonly Table[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const tables: Table[] = [];
    for (const one of cases) {
      const begin = Date.now();
      tables.push(...(await one.run({ ...context, folder })));
      // Where results go to standard output, this does not.
      process.stderr.write(`${one.id} measured in ${Math.round((Date.now() - begin) / 1000)} s\n`);
    }
    return tables;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
