import type { Argument } from '../arguments.ts';
import { AUTHORIZER } from './authorizer.ts';
import { CONFIG } from './config.ts';
import { KEYS } from './keys.ts';

export const ARGUED: readonly Argument[] = [...AUTHORIZER, ...CONFIG, ...KEYS];
