import type { ProblemCode } from './problem.ts';
import type { Algorithm, KeySource } from './types.ts';

/** Reads a key file. @throws Error when it cannot be read. Absent where there are no files: in the function. */
export type ReadKeyFile = (path: string) => Uint8Array;

export interface ResolvedKey {
  readonly keySource: KeySource;
  readonly algorithms: readonly Algorithm[];
}

/** Adds a problem with an option of the policy; the empty name stands for the policy itself. */
export type Add = (code: ProblemCode, option: string, message: string) => undefined;
