/** A policy's options, and its own key. */
import type { Argument } from '../../arguments.ts';

export const KEY_OPTIONS: readonly Argument[] = [];
