import type { Change } from './report.ts';

/** Why a change that no test notices is none that a test should. It counts as unnoticed all the same. */
export interface Argument {
  readonly file: string;
  /** A piece of the line on which the change begins. All lines that have it are meant. */
  readonly on?: string;
  /** What was there, whole, as the list of survivors tells it. */
  readonly original?: string;
  readonly replacement?: string;
  /** Stryker's name for the kind of change. */
  readonly mutator?: string;
  readonly why: string;
}

/** What holds for a kind of change wherever it is. */
export interface Rule {
  readonly holds: (survivor: Change) => boolean;
  readonly why: string;
}

export interface Judged {
  readonly unargued: readonly Change[];
  /** How many survivors each reason stands for, those that stand for none left out. */
  readonly argued: ReadonlyMap<string, number>;
  /** Those of these files that fit no survivor: what they were about is gone, or noticed. */
  readonly stale: readonly Argument[];
}

export function judge(
  survivors: readonly Change[],
  { rules, all }: { readonly rules: readonly Rule[]; readonly all: readonly Argument[] },
): Judged {
  const used = new Set<Argument>();
  const argued = new Map<string, number>();
  const unargued = survivors.filter((survivor) => {
    const given = all.filter((argument) => fits(argument, survivor));
    for (const argument of given) used.add(argument);
    const reason = given[0] ?? rules.find(({ holds }) => holds(survivor));
    if (reason !== undefined) argued.set(reason.why, (argued.get(reason.why) ?? 0) + 1);
    return reason === undefined;
  });
  return { unargued, argued, stale: all.filter((argument) => !used.has(argument)) };
}

function fits({ file, on, original, replacement, mutator }: Argument, survivor: Change): boolean {
  return (
    file === survivor.file &&
    (on === undefined || survivor.on.includes(on)) &&
    (original === undefined || original === survivor.original) &&
    (replacement === undefined || replacement === survivor.replacement) &&
    (mutator === undefined || mutator === survivor.mutator)
  );
}
