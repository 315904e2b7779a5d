import type { Decision, Decisions } from '../wire.ts';

/** The requests that were seen so far, the newest first. */
export interface DecisionList {
  readonly run: string;
  readonly last: number;
  readonly decisions: readonly Decision[];
}

export const NONE: DecisionList = { run: '', last: 0, decisions: [] };

/** How many are shown. */
const SHOWN = 200;

/** @returns the list with what the server told since; a new one where the server is another run. */
export function withNews(list: DecisionList, { run, last, decisions }: Decisions): DecisionList {
  const isSame = list.run === run;
  const known = isSame ? list.decisions : [];
  const news = decisions.filter(({ number }) => !isSame || number > list.last);
  if (isSame && news.length === 0) return list;
  return { run, last, decisions: [...news.toReversed(), ...known].slice(0, SHOWN) };
}

/** Each code of a refusal with how often it stands in the list: the most frequent first. */
export function codesIn({ decisions }: DecisionList): readonly (readonly [code: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const { code } of decisions) if (code !== undefined) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].sort(([one, n], [other, m]) => m - n || (one < other ? -1 : 1));
}

/** @param filter a code; `all`, `allowed`, `refused`. */
export function filtered({ decisions }: DecisionList, filter: string): readonly Decision[] {
  if (filter === 'all') return decisions;
  if (filter === 'allowed') return decisions.filter(({ outcome }) => outcome === 'allowed');
  if (filter === 'refused') return decisions.filter(({ outcome }) => outcome !== 'allowed');
  return decisions.filter(({ code }) => code === filter);
}
