/** A page that names a file of this repository names one that there is. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { pages, ROOT, readPage } from './pages.ts';

/** As code in a page's prose or pictures; `*` for many, and `…` for whatever, name none. */
const NAMED = /(?<![\w./-])(?:bin|lib|lambda|scripts|test|schema)\/[\w./-]*[\w/](?![\w*…{])/g;

/** @returns those that there are not. */
function missingPaths(text: string): readonly string[] {
  const named = [...text.matchAll(/`([^`\n]+)`|"([^"\n]+)"/g)].flatMap(([, code, label]) => [
    ...(code ?? label ?? '').matchAll(NAMED),
  ]);
  return named.map(([path]) => path).filter((path) => !existsSync(join(ROOT, path)));
}

test.each(pages())('%s', (page) => {
  expect(missingPaths(readPage(page))).toEqual([]);
});

describe('a path', () => {
  it.each(['`lambda/nowhere.ts`', 'npm, `test/nowhere` and more', '"handler<br>lambda/nowhere/handler.ts"'])(
    '%s is missed',
    (text) => {
      expect(missingPaths(text)).toHaveLength(1);
    },
  );
  it.each(['`lambda/authorizer/decide.ts`', '`test/faults`', 'lambda/nowhere.ts', '`dist/lib/nowhere.js`'])(
    '%s is good',
    (text) => {
      expect(missingPaths(text)).toEqual([]);
    },
  );
});
