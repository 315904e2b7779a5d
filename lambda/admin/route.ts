/** What a route of the Admin API is: data, from which both the app and its description are made. */
import type { Context } from 'hono';
import type { ConsumerStore } from '../consumers/store.ts';
import type { JsonSchema } from './json-schema.ts';
import type { RefusalStatus } from './refusal.ts';

export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** With parameters as `:name`. */
  readonly path: string;
  /** One line, for people. */
  readonly summary: string;
  /** Parameters of the query string, all optional. @default none */
  readonly query?: Readonly<Record<string, JsonSchema>>;
  /** What it takes as JSON. @default nothing */
  readonly body?: JsonSchema;
  /** Whether the body may be missing. @default false */
  readonly bodyIsOptional?: boolean;
  /** Its answer when all goes well; without a schema it is empty. */
  readonly answer: { readonly status: 200 | 201 | 204; readonly schema?: JsonSchema };
  /** Beside those of every body (400, 413, 415). */
  readonly refusals: readonly RefusalStatus[];
  /** Whether it asks the table, which may be away. @default true */
  readonly touchesTable?: boolean;
  readonly handle: (context: Context, store: ConsumerStore) => Promise<Response>;
}

/** @returns a parameter of the path, decoded. */
export const parameter = (context: Context, name: string): string => context.req.param(name) ?? '';
