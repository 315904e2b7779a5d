/** What a route of the Admin API is: data, so that a description of the API can be made of the same. */
import type { Context } from 'hono';
import type { ConsumerStore } from '../consumers/store.ts';

export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** With parameters as `:name`. */
  readonly path: string;
  /** One line, for people. */
  readonly summary: string;
  readonly handle: (context: Context, store: ConsumerStore) => Promise<Response>;
}

/** @returns a parameter of the path, decoded. */
export const parameter = (context: Context, name: string): string => context.req.param(name) ?? '';
