/** What a run of the mutation tests came to; a part of mutation-testing-report-schema. */
export interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly statusReason?: string;
  /** Of what is evaluated once, when the file is loaded. */
  readonly static?: boolean;
  readonly location: { readonly start: Place; readonly end: Place };
}

interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** A change of the code. Texts of several lines are told on one, with single spaces. */
export interface Change extends Place {
  readonly file: string;
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
  /** The whole line on which it begins. */
  readonly on: string;
  /** What stands before it in the file. */
  readonly before: string;
  readonly isStatic: boolean;
  /** The whole file with the change in it. */
  readonly changed: string;
}

const NOTICED = new Set(['Killed', 'Timeout']);
const UNNOTICED = new Set(['Survived', 'NoCoverage']);

/** Those that no test noticed. */
export const survivorsOf = (report: Report): readonly Change[] =>
  changesIn(report, ({ status }) => UNNOTICED.has(status));

/** Those that Stryker left out, being of what is evaluated once: see `ignoreStatic`. */
export const untriedOf = (report: Report): readonly Change[] =>
  changesIn(report, ({ statusReason = '' }) => statusReason.startsWith('Static mutant'));

function changesIn({ files }: Report, isMeant: (mutant: Mutant) => boolean): readonly Change[] {
  return Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(isMeant)
      .map(
        ({ mutatorName: mutator, replacement = '', static: isStatic = false, location: { start, end } }) => {
          const [from, to] = [offsetOf(source, start), offsetOf(source, end)];
          return {
            ...{ file, mutator, ...start },
            original: onOneLine(source.slice(from, to)),
            replacement: onOneLine(replacement),
            on: (source.split('\n')[start.line - 1] ?? '').trim(),
            before: source.slice(0, from),
            isStatic,
            changed: `${source.slice(0, from)}${replacement}${source.slice(to)}`,
          };
        },
      ),
  );
}

/** @returns a line: where, what was there, what took its place. */
export function told({ file, line, column, mutator, original, replacement }: Change): string {
  return `${file}:${line}:${column} ${mutator}: ${brief(original)} -> ${brief(replacement)}`;
}

export function tallyOf({ files }: Report): string {
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const noticed = statuses.filter((status) => NOTICED.has(status)).length;
  const unnoticed = statuses.filter((status) => UNNOTICED.has(status)).length;
  return `${noticed} of ${noticed + unnoticed} noticed, ${((100 * noticed) / (noticed + unnoticed)).toFixed(1)} %`;
}

function offsetOf(source: string, { line, column }: Place): number {
  const linesBefore = source.split('\n').slice(0, line - 1);
  return linesBefore.reduce((sum, { length }) => sum + length + 1, 0) + column - 1;
}

const onOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
const brief = (text: string): string => (text.length > 100 ? `${text.slice(0, 97)}…` : text);
