import type { Argument } from '../arguments.ts';
import { KEY_OPTIONS } from './config/key-options.ts';
import { ROUTES } from './config/routes.ts';
import { SMALL_STEPS } from './config/small-steps.ts';
import { THE_API } from './config/the-api.ts';
import { THE_FILE } from './config/the-file.ts';

export const CONFIG: readonly Argument[] = [
  ...KEY_OPTIONS,
  ...ROUTES,
  ...SMALL_STEPS,
  ...THE_API,
  ...THE_FILE,
];
