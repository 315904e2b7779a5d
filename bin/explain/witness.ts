import { checkClaims } from '../../lambda/authorizer/claims.ts';
import { areSeveralControlled, findConsumer } from '../../lambda/authorizer/consumer.ts';
import type { Dependencies } from '../../lambda/authorizer/dependencies.ts';
import { toldAtOnce } from '../../lambda/authorizer/moment-of-refusal.ts';
import { deliver, type Outcome, respond } from '../../lambda/authorizer/respond.ts';
import type { TraceStep } from '../../lambda/authorizer/trace.ts';
import type { AuthorizerConfig, JwtPolicy } from '../../lambda/config/types.ts';
import { StoreUnavailable } from '../../lambda/consumers/model.ts';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import type { Invoke } from '../local/authorize.ts';
import type { LocalGateway } from './local-gateway.ts';

/** What a decision depends on. */
export interface Circumstances {
  readonly config: AuthorizerConfig;
  readonly dependencies: Pick<
    Dependencies,
    'keysOf' | 'credentialKeys' | 'findCredential' | 'findRevocation'
  >;
  /** Where a policy's key comes from, for a person. */
  readonly keySourceOf: (policy: JwtPolicy) => string;
  /** Whether it is AWS that knows which API keys are in which plans. @default false */
  readonly isDeployed?: boolean;
  /** Undefined where it is API Gateway that keeps answers, or nobody can tell. */
  readonly localGateway?: LocalGateway | undefined;
  /** The stack that was asked for table and secrets. */
  readonly stack?: string;
  /** The ARN of the secret that it made for a policy. @default not known */
  readonly generatedSecretArn?: (policyIndex: number) => string | undefined;
  /** The moment, in milliseconds since 1970. */
  readonly nowMs: number;
}

/** The function itself, with somebody who watches each step. */
export interface Witness {
  readonly invoke: Invoke;
  /** Undefined while it was not invoked. */
  outcome(): Outcome | undefined;
  readonly steps: readonly TraceStep[];
}

export function createWitness({ config, dependencies, nowMs }: Circumstances): Witness {
  const steps: TraceStep[] = [];
  let outcome: Outcome | undefined;
  const observed: Dependencies = {
    ...dependencies,
    config,
    now: () => nowMs,
    momentOfRefusal: toldAtOnce,
    observe: (step) => void steps.push(step),
  };
  return {
    steps,
    outcome: () => outcome,
    invoke: async (event) => {
      outcome = await respond(event, observed);
      return deliver(outcome);
    },
  };
}

/** Whether what failed may be within the function's reach, though not within ours. */
export const isUnreachable = (error: unknown): error is Error =>
  error instanceof KeyUnavailable || error instanceof StoreUnavailable;

/**
 * Where no key could be reached: what the same checks make of the claims as they stand, though nobody vouches
 * for them; and of the credential that they name, if the table can be reached.
 */
export async function unverifiedSteps(
  { steps }: Pick<Witness, 'steps'>,
  policy: JwtPolicy,
  { config, dependencies, nowMs }: Circumstances,
): Promise<{ readonly steps: readonly TraceStep[]; readonly error?: Error }> {
  const decoded = steps.findLast((step) => step.step === 'decode');
  const { header, claims } = decoded ?? {};
  if (header === undefined || claims === undefined) return { steps: [] };
  const told: TraceStep[] = [];
  const watching = { nowSeconds: nowMs / 1000, observe: (step: TraceStep) => void told.push(step) };
  const denial = checkClaims({ header, claims }, policy, watching);
  if (denial !== undefined || !policy.checkCredentialExistence || policy.keySource.kind === 'credential')
    return { steps: told };
  const isOneOfSeveral = areSeveralControlled(config.policies);
  const find = dependencies.findCredential;
  try {
    await findConsumer(claims, policy, { ...watching, find, isOneOfSeveral });
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return { steps: told, error };
  }
  return { steps: told };
}
