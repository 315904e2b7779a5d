/** What the console's server tells its page. Types alone: both sides have them. */
import type { Explanation } from '../explain/explanation.ts';
import type { Matrix } from './matrix.ts';

/** `GET console/api/about`: what does not change while the server runs. */
export interface About {
  readonly place: Place;
  /** Whether the Admin API is beside it. */
  readonly hasConsumers: boolean;
  /** Whether requests through a gateway can be watched. */
  readonly hasDecisions: boolean;
  /** What may be asked about, one of each route of the configuration: `/orders/7` for `/orders/{id}`. */
  readonly routes: readonly Route[];
  readonly matrix: Matrix;
  readonly policies: readonly PolicySummary[];
  /** Every code with what to do about it. */
  readonly remedies: Readonly<Record<string, string>>;
}

export type Place =
  | { readonly kind: 'local'; readonly gatewayUrl: string }
  | { readonly kind: 'table'; readonly table: string; readonly region?: string };

export interface Route {
  readonly method: string;
  readonly path: string;
}

/** A policy in words: never a key. */
export interface PolicySummary {
  readonly index: number;
  readonly tokenPlace: string;
  readonly keySource: string;
  readonly algorithms: readonly string[];
  readonly issuer: readonly string[];
  readonly audience: readonly string[];
  readonly isControlled: boolean;
}

/** `POST console/api/explain`. */
export interface ExplainRequest extends Route {
  readonly token?: string;
}

export type ExplainAnswer = Explanation;

/** A request that went through the local gateway: no token, query or header in it. */
export interface Decision {
  /** Counts from 1. */
  readonly number: number;
  /** When it was over. ISO 8601. */
  readonly at: string;
  readonly method: string;
  /** As it was sent, without the query. Absent where it could not be read. */
  readonly path?: string;
  /** Of the API, such as `/orders/{id}`; absent where it did not get that far. */
  readonly resource?: string;
  readonly outcome: 'allowed' | 'denied' | 'failed' | 'other';
  readonly status: number;
  /** Why it was not let in: a denial's code, or the gateway's reason. */
  readonly code?: string;
  /** A username, or who the principal is. */
  readonly consumer?: string;
  /** Whether the authorizer's answer came out of the cache. */
  readonly cache?: 'hit' | 'miss' | 'off';
  readonly durationMs: number;
}

/** `GET console/api/decisions?after=NUMBER`. */
export interface Decisions {
  /** Of the run of the server: numbers begin anew with another. */
  readonly run: string;
  /** The number of the last request; 0 before the first. */
  readonly last: number;
  /** Those after the number that was asked for, as far as they are kept. The oldest first. */
  readonly decisions: readonly Decision[];
}
