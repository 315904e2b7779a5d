/** The file as a whole: how it is read, and what its parts make of each other. */
import type { Argument } from '../../arguments.ts';

export const THE_FILE: readonly Argument[] = [];
