// Writes the tables of docs/options.md from the configuration's schema. With --check: fails when they are stale.
import { readFileSync } from 'node:fs';
import { fill, writeOrCheck } from './generated.ts';
import { code, table } from './markdown.ts';
import { type Entries, OPTION_GROUPS, optionsOf } from './options.ts';

const FILE = 'docs/options.md';
const tableOf = (entries: Entries): string =>
  table(
    ['option', 'value', 'default', 'meaning'],
    optionsOf(entries).map(({ name, value, standard, meaning }) => [code(name), value, standard, meaning]),
  );

const wanted = Object.entries(OPTION_GROUPS).reduce(
  (page, [group, entries]) => fill(page, `${group} options`, tableOf(entries)),
  readFileSync(FILE, 'utf8'),
);
writeOrCheck(FILE, wanted, 'npx tsx scripts/options-reference.ts');
