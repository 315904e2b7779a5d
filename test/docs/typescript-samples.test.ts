import { expect, test } from 'vitest';
import { blocksIn } from './blocks.ts';
import { pages, readPage } from './pages.ts';
import { treatmentOf } from './treatment.ts';
import { typescriptProblems } from './typescript-samples.ts';

const samples = pages()
  .flatMap((page) => blocksIn(page, readPage(page)))
  .filter((block) => treatmentOf(block).kind === 'typescript');

test('the samples in TypeScript compile, and one with a wrong option does not', () => {
  expect(samples.length).toBeGreaterThan(0);
  const planted = { page: 'planted.md', line: 10, language: 'ts', marker: undefined };
  const wrong = [
    {
      ...planted,
      text: "import { JwtAuthorizer } from 'apigateway-jwt-authorizer';\n\nnew JwtAuthorizer(this, 'Auth', { polices: [] });\n",
    },
    { ...planted, line: 20, text: 'auth.forApi(topic);\n' },
    { ...planted, line: 30, text: "import { Nothing } from 'apigateway-jwt-authorizer';\n" },
    { ...planted, line: 40, text: 'const open = {;\n' },
  ];
  const problems = typescriptProblems([...samples, ...wrong]);
  const found = problems.map(({ at, code }) => `${at} ${code}`);
  expect(problems.filter(({ at }) => !at.startsWith('planted.md'))).toEqual([]);
  expect(new Set(found.map((each) => each.slice('planted.md:'.length)))).toEqual(
    new Set(['13 TS2561', '21 TS2345', '30 TS2305', '41 TS1136']),
  );
});
