// Writes the tables of docs/options.md from the configuration's schema. With --check: fails when they are stale.
import { readFileSync } from 'node:fs';
import {
  adminApiSchema,
  corsSchema,
  driftCheckSchema,
  planSchema,
  policySchema,
  quotaSchema,
  restApiSchema,
  routeSchema,
  topLevelEntries,
} from '../lambda/config/schema.ts';
import { fill, writeOrCheck } from './generated.ts';
import { code, table } from './markdown.ts';
import { type Entries, optionsOf } from './options.ts';

const FILE = 'docs/options.md';
const SECTIONS: Readonly<Record<string, Entries>> = {
  'jwt options': policySchema.entries,
  'other options': topLevelEntries,
  'routes options': routeSchema.entries,
  'cors options': corsSchema.entries,
  'restApi options': restApiSchema.entries,
  'driftCheck options': driftCheckSchema.entries,
  'adminApi options': adminApiSchema.entries,
  'plans options': planSchema.entries,
  'quota options': quotaSchema.entries,
};

const tableOf = (entries: Entries): string =>
  table(
    ['option', 'value', 'default', 'meaning'],
    optionsOf(entries).map(({ name, value, standard, meaning }) => [code(name), value, standard, meaning]),
  );

const wanted = Object.entries(SECTIONS).reduce(
  (page, [section, entries]) => fill(page, section, tableOf(entries)),
  readFileSync(FILE, 'utf8'),
);
writeOrCheck(FILE, wanted, 'npx tsx scripts/options-reference.ts');
