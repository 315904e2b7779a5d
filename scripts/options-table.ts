// Writes the options tables of README.md from the configuration's schema. With --check: fails when they are stale.
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { policySchema, topLevelEntries } from '../lambda/config/schema.ts';
import { fill, writeOrCheck } from './generated.ts';

type Entries = Readonly<Record<string, v.GenericSchema>>;

function table(entries: Entries): string {
  const rows = Object.entries(entries).map(([name, entry]) => `| \`${name}\` | ${meaningOf(entry)} |`);
  return ['| option | meaning |', '| --- | --- |', ...rows].join('\n');
}

function meaningOf(entry: v.GenericSchema): string {
  const inner = 'wrapped' in entry ? (entry.wrapped as v.GenericSchema) : entry;
  return (v.getDescription(inner) ?? '').replaceAll('|', '\\|');
}

const current = readFileSync('README.md', 'utf8');
const withPolicies = fill(current, 'policy options', table(policySchema.entries));
const wanted = fill(withPolicies, 'other options', table(topLevelEntries));
writeOrCheck('README.md', wanted, 'npx tsx scripts/options-table.ts');
