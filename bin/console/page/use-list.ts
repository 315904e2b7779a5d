import { useEffect, useState } from 'preact/hooks';
import type { Page } from './admin.ts';
import { messageOf } from './ask.ts';

export interface List<T> {
  readonly items: readonly T[];
  readonly problem: string | undefined;
  /** Undefined: there are no more. */
  readonly more: (() => void) | undefined;
  /** From the beginning. */
  readonly again: () => void;
}

/** A list that comes page by page. @param read must stay the same function. */
export function useList<T>(read: (start?: string) => Promise<Page<T>>): List<T> {
  const [page, setPage] = useState<Page<T>>({ items: [], next: undefined });
  const [problem, setProblem] = useState<string>();
  const load = (known: readonly T[], start?: string) =>
    read(start).then(
      ({ items, next }) => {
        setPage({ items: [...known, ...items], next });
        setProblem(undefined);
      },
      (error: unknown) => setProblem(messageOf(error)),
    );
  useEffect(() => void load([]), [read]);
  const { items, next } = page;
  return {
    items,
    problem,
    more: next === undefined ? undefined : () => void load(items, next),
    again: () => void load([]),
  };
}
