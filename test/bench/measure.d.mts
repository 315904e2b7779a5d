import type { Row } from './model.ts';

export interface MeasuredCase {
  readonly id: string;
  readonly name: string;
  readonly isAsync?: boolean;
  readonly run: (index: number) => unknown;
  readonly prepare?: (end: number) => void;
}

export function measure(
  cases: readonly MeasuredCase[],
  options: { readonly rounds: number; readonly roundMs?: number },
): Promise<readonly Row[]>;
