/** Looks for all that a run kept secret in all that it let out. */
import { EXCEPTIONS, type Exception } from './exceptions.ts';
import { type Found, findNeedles, findPayload, type Haystack, isIn } from './find.ts';
import { needlesOf, payloadStart } from './needles.ts';
import type { OutputNote, SecretNote } from './records.ts';
import { viewsOf } from './views.ts';

export type Leak = Found<OutputNote>;

export function findLeaks(
  secrets: readonly SecretNote[],
  outputs: readonly OutputNote[],
  exceptions: readonly Exception[] = EXCEPTIONS,
): Leak[] {
  const needles = new Map(secrets.flatMap(needlesOf).map((needle) => [needle.text, needle]));
  const starts = new Set(secrets.flatMap((note) => payloadStart(note) ?? []));
  const payloads: Leak[] = [];
  // One at a time: all that texts encode is more than all texts.
  function* haystacks(): Generator<Haystack<OutputNote>> {
    for (const at of outputs) {
      const haystack = { at, views: viewsOf(at.text) };
      const payload = findPayload(starts, haystack);
      if (payload !== undefined) payloads.push(payload);
      yield haystack;
    }
  }
  const found = findNeedles([...needles.values()], haystacks());
  return [...found, ...payloads].filter((one) => !isCovered(one, exceptions));
}

/** Whether all that shows is where exceptions let it. */
function isCovered({ needle, at }: Leak, exceptions: readonly Exception[]): boolean {
  const covering = exceptions.filter(({ kinds, applies }) => kinds.includes(needle.kind) && applies(at));
  if (covering.some(({ rest }) => rest === undefined)) return true;
  if (covering.length === 0) return false;
  const left = covering.reduce((text, { rest = () => '' }) => rest(text), at.text);
  return left !== at.text && !viewsOf(left).some((view) => isIn(view, needle));
}

/** One line for each way out, without what leaked. */
export function describeLeaks(leaks: readonly Leak[]): string[] {
  const times = new Map<string, number>();
  for (const { needle, at } of leaks) {
    const { sink, by, origin } = at;
    const line = `a ${needle.kind} in ${sink} of ${by} (${origin})`;
    times.set(line, (times.get(line) ?? 0) + 1);
  }
  return [...times].map(([line, count]) => `${line}, ${count} times`).sort();
}
