import type { Argument } from '../arguments.ts';
import { KEYS } from './keys.ts';

export const ARGUED: readonly Argument[] = [...KEYS];
