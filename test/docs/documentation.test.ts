/** Every fenced block of every page does what the page says. */
import { afterAll, expect, test } from 'vitest';
import { blocksIn } from './blocks.ts';
import { checkPage } from './check-page.ts';
import { pages, readPage } from './pages.ts';

const total: Record<string, number> = {};

test.each(pages())('%s', async (page) => {
  const { problems, counts } = await checkPage(blocksIn(page, readPage(page)));
  for (const [kind, count] of Object.entries(counts)) total[kind] = (total[kind] ?? 0) + count;
  expect(problems).toEqual([]);
});

afterAll(() => {
  const told = Object.entries(total).map(([kind, count]) => `${kind} ${count}`);
  process.stdout.write(`Blocks of the documentation: ${told.sort().join(', ')}\n`);
});
