/** What is fuzzed: the authorizer in this process, at each of the worlds. */
import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import type { Dependencies } from '../../lambda/authorizer/dependencies.ts';
import { type Outcome, respond } from '../../lambda/authorizer/respond.ts';
import { createVerifiedTokens } from '../../lambda/authorizer/verified-tokens.ts';
import { parseConfig } from '../../lambda/config/parse.ts';
import { createKeyFinder } from '../../lambda/keys/policy-keys.ts';
import { dependenciesOf, foundForUser } from '../authorizer/fixtures.ts';
import { KEY_SET, NOW_SECONDS, type World } from './worlds.ts';

/** `threw`: what no specification allows. */
export type Verdict = 'allowed' | 'refused' | 'unauthorized' | 'unavailable' | 'threw';

export interface Answered {
  readonly verdict: Verdict;
  /** A denial's code, or an error's name. */
  readonly why: string;
  readonly answer?: APIGatewayAuthorizerResult;
}

export interface Subject {
  /** As a warm function answers, which remembers tokens. */
  ask(world: World, event: unknown): Promise<Answered>;
  /** As one that remembers none. Undefined where there is none of the kind. */
  askFresh?(world: World, event: unknown): Promise<Answered>;
}

export function openInProcess(worlds: readonly World[]): Subject {
  const warm = new Map(worlds.map((world) => [world, open(world)]));
  const askOf = async (world: World, event: unknown, isFresh: boolean): Promise<Answered> => {
    const dependencies = warm.get(world);
    if (dependencies === undefined) throw new Error(`not opened: ${world.name}`);
    const { verified, ...fresh } = dependencies;
    try {
      return answeredOf(await respond(event, isFresh ? fresh : dependencies));
    } catch (error) {
      return { verdict: 'threw', why: String(error) };
    }
  };
  return {
    ask: (world, event) => askOf(world, event, false),
    askFresh: (world, event) => askOf(world, event, true),
  };
}

function open({ file, credentials }: World): Dependencies {
  // As the function gets it.
  const parsed = parseConfig(JSON.parse(JSON.stringify(file)));
  if (!parsed.ok) throw new Error(`a world has problems: ${JSON.stringify(parsed.problems)}`);
  const { config } = parsed;
  const now = () => NOW_SECONDS * 1000;
  const finders = config.policies.map((policy) =>
    createKeyFinder(policy, {
      now,
      report: (failure) => {
        throw failure;
      },
      fetchSecret: () => Promise.reject(new Error('no world has a store')),
      fetchKeySet: async () => KEY_SET,
    }),
  );
  return dependenciesOf({
    // Few, so that they are dropped and come again, and the memory of a long run is flat.
    ...{ config, now, verified: createVerifiedTokens({ maximumTokens: 200 }) },
    keysOf: ({ index }) => finders[index] as ReturnType<typeof createKeyFinder>,
    findCredential: async (keyId) => {
      const stored = credentials && Object.hasOwn(credentials, keyId) ? credentials[keyId] : undefined;
      return stored && foundForUser({ keyId, scopes: stored.scopes, isActive: stored.counts });
    },
  });
}

function answeredOf(outcome: Outcome): Answered {
  if (outcome.kind === 'unavailable') {
    const { error } = outcome;
    return {
      verdict: 'unavailable',
      why: error instanceof Error ? `${error.name}: ${error.message}` : 'no error',
    };
  }
  const { decision, answer } = outcome;
  const why = decision.kind === 'allowed' ? decision.caller.kind : decision.denial.code;
  return { ...verdictOf(answer), why };
}

/** What API Gateway makes of an answer: any Allow counts. */
export function verdictOf(
  answer: APIGatewayAuthorizerResult | undefined,
): Pick<Answered, 'verdict' | 'answer'> {
  if (answer === undefined) return { verdict: 'unauthorized' };
  const allows = answer.policyDocument.Statement.some(({ Effect }) => Effect === 'Allow');
  return { verdict: allows ? 'allowed' : 'refused', answer };
}
