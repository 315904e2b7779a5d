import type { Argument } from '../arguments.ts';

/** Reasons for changes of one file. @param name within `lambda`, such as `config/routes`. */
export const inFile = (name: string, reasons: readonly Omit<Argument, 'file'>[]): readonly Argument[] =>
  reasons.map((reason) => ({ file: `lambda/${name}.ts`, ...reason }));
