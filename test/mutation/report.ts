/** What a run of the mutation tests came to; a part of mutation-testing-report-schema. */
export interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: { readonly start: Place; readonly end: Place };
}

interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

const NOTICED = new Set(['Killed', 'Timeout']);
const UNNOTICED = new Set(['Survived', 'NoCoverage']);

/** @returns a line for each change that no test noticed: where, what was there, what took its place. */
export function survivorsOf({ files }: Report): readonly string[] {
  return Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => UNNOTICED.has(status))
      .map(({ mutatorName, replacement = '', location }) => {
        const { start } = location;
        return `${file}:${start.line}:${start.column} ${mutatorName}: ${brief(textAt(source, location))} -> ${brief(replacement)}`;
      }),
  );
}

export function tallyOf({ files }: Report): string {
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const noticed = statuses.filter((status) => NOTICED.has(status)).length;
  const unnoticed = statuses.filter((status) => UNNOTICED.has(status)).length;
  return `${noticed} of ${noticed + unnoticed} noticed, ${((100 * noticed) / (noticed + unnoticed)).toFixed(1)} %`;
}

function textAt(source: string, { start, end }: Mutant['location']): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = lines[last]?.slice(0, end.column - 1) ?? '';
  lines[0] = lines[0]?.slice(start.column - 1) ?? '';
  return lines.join('\n');
}

const brief = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 97)}…` : line;
};
