// Writes the options tables of README.md from the configuration's schema. With --check: fails when they are stale.
import { readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { policySchema, topLevelEntries } from '../lambda/config/schema.ts';

type Entries = Readonly<Record<string, v.GenericSchema>>;

function table(entries: Entries): string {
  const rows = Object.entries(entries).map(([name, entry]) => `| \`${name}\` | ${meaningOf(entry)} |`);
  return ['| option | meaning |', '| --- | --- |', ...rows].join('\n');
}

function meaningOf(entry: v.GenericSchema): string {
  const inner = 'wrapped' in entry ? (entry.wrapped as v.GenericSchema) : entry;
  return (v.getDescription(inner) ?? '').replaceAll('|', '\\|');
}

function fill(text: string, section: string, content: string): string {
  const [start, end] = [`<!-- ${section} -->`, `<!-- /${section} -->`];
  const [before, rest = ''] = text.split(start);
  return `${before}${start}\n${content}\n${end}${rest.split(end)[1]}`;
}

const current = readFileSync('README.md', 'utf8');
const withPolicies = fill(current, 'policy options', table(policySchema.entries));
const wanted = fill(withPolicies, 'other options', table(topLevelEntries));
if (!process.argv.includes('--check')) writeFileSync('README.md', wanted);
else if (wanted !== current) {
  process.stderr.write('README.md: the options tables are stale; run npx tsx scripts/options-table.ts\n');
  process.exitCode = 1;
}
