import { jsonText, safeText } from '../../commands/terminal.ts';
import type { Counts, Exception, Report } from './report.ts';

/** No more lines of a sort. */
const MAX_LINES = 20;

/** A report for a person. */
export function reportText(report: Report): string {
  const { dryRun, differing, failed, warnings } = report;
  return [
    dryRun ? 'This would be done; nothing is written.' : undefined,
    tableOf(report),
    ...leftOutLines(report),
    ...capped('differs, and is left as it is', differing),
    ...capped('failed', failed),
    ...warnings.map(({ message }) => `warning: ${message}`),
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

function tableOf({ dryRun, scopes, users, apps, credentials }: Report): string {
  const heads = [dryRun ? 'to create' : 'created', 'the same', 'differing', 'failed'];
  const stopped = [scopes, users, apps, credentials].some(({ left }) => left > 0);
  const row = (name: string, cells: readonly string[]) =>
    `${name.padEnd(12)}${cells.map((cell) => cell.padStart(11)).join('')}`;
  const counts = (name: string, { created, skipped, differing, failed, left }: Counts) =>
    row(name, [created, skipped, differing, failed, ...(stopped ? [left] : [])].map(String));
  return [
    row('', [...heads, ...(stopped ? ['left'] : [])]),
    counts('scopes', scopes),
    counts('users', users),
    counts('apps', apps),
    counts('credentials', credentials),
  ].join('\n');
}

function leftOutLines({ leftOut }: Report): readonly string[] {
  const { otherTypes, withoutConsumer, scopes, unknownScopes, properties } = leftOut;
  const counted = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).map(([name, count]) => `${count} ${quoted(name)}`);
  const lines: readonly (readonly [string, readonly string[]])[] = [
    ['credentials of other types', counted(otherTypes)],
    ['credentials without a user or app', withoutConsumer.map(quoted)],
    ['scopes that are no names here', scopes.map(quoted)],
    ['scopes of credentials that are unknown there', Object.keys(unknownScopes).map(quoted)],
    ['properties that mean something else here', counted(properties)],
  ];
  return lines.flatMap(([what, those]) => (those.length > 0 ? [`left out: ${what}: ${listed(those)}`] : []));
}

function capped(what: string, those: readonly Exception[]): readonly string[] {
  const lines = those
    .slice(0, MAX_LINES)
    .map(({ kind, name, why }) => `${what}: ${kind} ${quoted(name)}: ${safeText(why)}`);
  return those.length > MAX_LINES
    ? [...lines, `… and ${those.length - MAX_LINES} more; --json has them all`]
    : lines;
}

const listed = (those: readonly string[]): string =>
  those.length > MAX_LINES
    ? `${those.slice(0, MAX_LINES).join(', ')}, … and ${those.length - MAX_LINES} more`
    : those.join(', ');

const quoted = (name: string): string => jsonText(name, 0);
