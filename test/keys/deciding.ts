/** Policies of a configuration, deciding on tokens with keys from sources that the test plays. */
import { type Decision, decide } from '../../lambda/authorizer/decide.ts';
import type { KeySetSource, StoredKeySource } from '../../lambda/config/types.ts';
import type { KeyFinder } from '../../lambda/keys/key-finder.ts';
import { createKeyFinder, type KeyDependencies } from '../../lambda/keys/policy-keys.ts';
import type { StoredSecret } from '../../lambda/keys/stored-keys.ts';
import { dependenciesOf } from '../authorizer/fixtures.ts';
import { parsedFile } from '../config/parsing.ts';
import { bearerRequest } from '../support/requests.ts';
import { NOW_SECONDS, tokenOf } from '../support/tokens.ts';
import { type Clock, clock, type Signer } from './support.ts';

export const ISSUER = 'https://id.example';
export const JWKS = `${ISSUER}/jwks`;
/** A policy whose keys are a set. */
export const KEY_SET = { jwksUri: JWKS, issuer: ISSUER, audience: 'orders', checkCredentialExistence: false };

export interface Sources {
  /** What an issuer publishes; an Error is thrown. */
  keySet?: (source: KeySetSource) => unknown;
  /** What a store holds; an Error is thrown. */
  secret?: (source: StoredKeySource, policyIndex: number) => StoredSecret | Error;
}

export interface Deciding {
  readonly time: Clock;
  readonly finders: readonly KeyFinder[];
  /** A line for each fetch: the policy's kind of source. */
  readonly fetches: string[];
  readonly reports: { readonly failure: unknown; readonly policyIndex: number }[];
  /** May be replaced as time passes. */
  readonly sources: Sources;
  /** `allowed`, `anonymous`, or a denial's code. Rejects where keys cannot be had. */
  decided(token: string): Promise<string>;
}

/** @param jwt one policy, or a list. */
export function deciding(jwt: object, sources: Sources, time = clock()): Deciding {
  const config = parsedFile({ jwt });
  const fetches: string[] = [];
  const reports: { failure: unknown; policyIndex: number }[] = [];
  const given = <T>(source: { kind: string }, answer: T | Error | undefined): T => {
    fetches.push(source.kind);
    if (answer === undefined) throw new Error('the test gave no such source');
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const dependencies: KeyDependencies = {
    fetchKeySet: async (source) => given(source, sources.keySet?.(source)),
    fetchSecret: async (source, index) => given(source, sources.secret?.(source, index)),
    now: time.now,
    report: (failure, { index }) => void reports.push({ failure, policyIndex: index }),
  };
  const finders = config.policies.map((policy) => createKeyFinder(policy, dependencies));
  const keysOf = ({ index }: { index: number }) => finders[index] ?? fail(index);
  const all = dependenciesOf({ config, keysOf, now: time.now });
  return {
    ...{ time, finders, fetches, reports, sources },
    decided: async (token) => resultOf(await decide(bearerRequest(token), all)),
  };
}

function fail(index: number): never {
  throw new Error(`no policy ${index}`);
}

export function resultOf(decision: Decision): string {
  if (decision.kind === 'denied') return decision.denial.code;
  return decision.caller.kind === 'anonymous' ? 'anonymous' : 'allowed';
}

/** A token for the policy above, that lasts longer than any test. */
export function tokenBy(
  { key }: Pick<Signer, 'key'>,
  kid?: unknown,
  { algorithm = 'RS256', ...claims }: { algorithm?: string; [claim: string]: unknown } = {},
): string {
  const all = { iss: ISSUER, aud: 'orders', sub: 'ada', exp: NOW_SECONDS + 60 * 86_400, ...claims };
  return tokenOf(all, { algorithm, key, ...(kid !== undefined && { header: { kid } }) });
}
