/** The records of decisions, and the page that lists them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './pages.ts';

const FOLDER = join(ROOT, 'docs/decisions');
const INDEX = readFileSync(join(FOLDER, 'README.md'), 'utf8');
const RECORDS = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .sort();

const titleOf = (name: string): string =>
  /^# (.*)\n/.exec(readFileSync(join(FOLDER, name), 'utf8'))?.[1] ?? '';

it('are numbered one after the other, in their names and titles', () => {
  expect(RECORDS.map((name) => Number(name.slice(0, 4)))).toEqual(RECORDS.map((_, i) => i + 1));
  expect(RECORDS.map((name) => Number.parseInt(titleOf(name), 10))).toEqual(RECORDS.map((_, i) => i + 1));
});

it.each(RECORDS)('%s is listed with its title, in its place', (name) => {
  const listed = [...INDEX.matchAll(/^\| \[(.+?)\]\((\S+?)\) \| .+ \|$/gm)];
  expect(listed[Number(name.slice(0, 4)) - 1]?.slice(1)).toEqual([titleOf(name), name]);
});
