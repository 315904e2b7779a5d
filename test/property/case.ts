/** An API with its callers, and what happens to it in order. */
import { FUNCTION_TIMEOUT_SECONDS } from '../../lambda/config/function-timeout.ts';
import type { RouteRule } from '../../lambda/config/types.ts';
import type { CallerCase, PolicyCase } from './policy-cases.ts';
import type { Network, ResourcePolicy } from './resource-policy.ts';
import type { Change, TableState } from './table.ts';

export interface Setup {
  readonly policies: readonly PolicyCase[];
  readonly onDenial: 'unauthorized' | 'policy';
  readonly expiryCondition: boolean;
  readonly authorizerCacheSeconds: number;
  readonly credentialCacheSeconds: number;
}

export interface RequestCase {
  readonly method: string;
  readonly path: string;
  readonly from: Network;
  readonly caller: CallerCase;
}

export type Step =
  /** `takesMs`: how long the function takes to answer what it has decided. */
  | { readonly kind: 'request'; readonly request: RequestCase; readonly takesMs: number }
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'pause'; readonly ms: number };

export interface Case {
  readonly setup: Setup;
  readonly routes: readonly RouteRule[];
  readonly resources: readonly string[];
  readonly resourcePolicy: ResourcePolicy;
  readonly table: TableState;
  readonly steps: readonly Step[];
}

/** The function's time limit. */
export const TIME_LIMIT_MS = FUNCTION_TIMEOUT_SECONDS * 1000;

/** From when on nobody passes by what was so before a change that took it away. */
export function boundMsOf({ credentialCacheSeconds }: Setup): number {
  return credentialCacheSeconds * 1000 + TIME_LIMIT_MS;
}
