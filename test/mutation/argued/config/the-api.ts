/** What is made of it in API Gateway. */
import type { Argument } from '../../arguments.ts';

export const THE_API: readonly Argument[] = [];
