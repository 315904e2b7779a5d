/** The authorizer at each door: real configuration, real keys, real answers; a clock that stands still. */
import type { Dependencies } from '../../lambda/authorizer/dependencies.ts';
import { type Outcome, respond } from '../../lambda/authorizer/respond.ts';
import { createVerifiedTokens } from '../../lambda/authorizer/verified-tokens.ts';
import { createKeyFinder } from '../../lambda/keys/policy-keys.ts';
import { dependenciesOf } from '../authorizer/fixtures.ts';
import { parsedFile } from '../config/parsing.ts';
import { type Event, requestEvent } from '../support/requests.ts';
import { NOW_SECONDS } from '../support/tokens.ts';
import { KEY_SET } from './doors.ts';

export interface Guard {
  /** `allowed`, a denial's code, or `unavailable`; a denial that is not answered as one is neither. */
  judge(token: string): Promise<string>;
  respond(event: unknown): Promise<Outcome>;
}

export interface Surroundings {
  /** Seconds since 1970; a function where it goes on. @default NOW_SECONDS */
  readonly nowSeconds?: number | (() => number);
  /** What an address answers with. @default the key set of the door of that name */
  readonly keySetAt?: (uri: string) => unknown;
  /** Where credentials and revocations are looked up. @default nowhere: there are none */
  readonly table?: Partial<Pick<Dependencies, 'findCredential' | 'credentialKeys' | 'findRevocation'>>;
}

/** A function that runs with a configuration, and remembers tokens as the deployed one does. */
export function guardOf(
  file: Readonly<Record<string, unknown>>,
  { nowSeconds = NOW_SECONDS, keySetAt = () => KEY_SET, table = {} }: Surroundings = {},
): Guard {
  const config = parsedFile(file);
  const now = () => (typeof nowSeconds === 'number' ? nowSeconds : nowSeconds()) * 1000;
  const finders = config.policies.map((policy) =>
    // Of `credentialKey`, the credentials have them.
    policy.keySource.kind === 'credential'
      ? undefined
      : createKeyFinder(policy, {
          now,
          report: (failure) => {
            throw failure;
          },
          fetchSecret: () => Promise.reject(new Error('no such source')),
          fetchKeySet: async (source) => keySetAt(source.kind === 'jwksUri' ? source.uri : ''),
        }),
  );
  const dependencies = dependenciesOf({
    ...{ config, now, verified: createVerifiedTokens(), ...table },
    keysOf: ({ index }) => finders[index] ?? fail(index),
  });
  const judgeEvent = async (event: unknown) => codeOf(await respond(event, dependencies));
  return {
    judge: (token) => judgeEvent(bearerEvent(token)),
    respond: (event) => respond(event, dependencies),
  };
}

export const bearerEvent = (token: string): Event =>
  requestEvent({ headers: [['Authorization', `Bearer ${token}`]] });

/** @throws Error when decision and answer do not say the same: an Allow is an Allow for both. */
export function codeOf(outcome: Outcome): string {
  if (outcome.kind === 'unavailable') return 'unavailable';
  const { decision, answer } = outcome;
  const allows = answer?.policyDocument.Statement.some(({ Effect }) => Effect === 'Allow') ?? false;
  if (allows !== (decision.kind === 'allowed')) throw new Error('the answer is not the decision');
  return decision.kind === 'allowed' ? 'allowed' : decision.denial.code;
}

function fail(index: number): never {
  throw new Error(`no policy ${index}`);
}
