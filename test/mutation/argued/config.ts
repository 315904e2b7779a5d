import type { Argument } from '../arguments.ts';
import { KEY_OPTIONS } from './config/key-options.ts';
import { ROUTES } from './config/routes.ts';
import { THE_API } from './config/the-api.ts';
import { THE_FILE } from './config/the-file.ts';

export const CONFIG: readonly Argument[] = [...KEY_OPTIONS, ...ROUTES, ...THE_API, ...THE_FILE];
