import type { APIGatewayAuthorizerResult, Context } from 'aws-lambda';
import { needsTable } from '../config/modality.ts';
import { findThrough, rememberFound } from '../consumers/find-credential.ts';
import { createCredentialKeyStore } from '../consumers/find-credential-keys.ts';
import { createFindRevocation } from '../consumers/find-revocation.ts';
import { createTableState } from '../consumers/last-known.ts';
import type { LookupResult } from '../consumers/memory.ts';
import { openLater } from '../consumers/open-later.ts';
import { openPolicyKeys } from '../keys/open-policy-keys.ts';
import { configFrom, type Environment, generatedSecretVariable } from './environment.ts';
import {
  logDenial,
  logKeyFailure,
  logPassedThrough,
  logStale,
  logUnavailable,
  unavailableReason,
  type WriteLine,
} from './log.ts';
import { type Count, createMetrics } from './metrics.ts';
import { createMomentOfRefusal, REFUSED_AFTER_MS } from './moment-of-refusal.ts';
import { deliver, type Outcome, respond } from './respond.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

/** The function that API Gateway invokes. @throws exactly `Unauthorized` for a 401, anything else for a 500. */
export type Handler = (
  event: unknown,
  context?: Partial<Pick<Context, 'getRemainingTimeInMillis'>>,
) => Promise<APIGatewayAuthorizerResult>;

/** Composition: environment → dependencies → respond → log. The only place that chooses clocks and console. */
function createHandler(environment: Environment): Handler {
  const config = configFrom(environment, new URL('config.json', import.meta.url));
  const now = Date.now;
  // biome-ignore lint/suspicious/noConsole: standard output is the function's log
  const write: WriteLine = (line) => console.log(line);
  // CloudWatch reads metrics out of the log; elsewhere nobody does.
  const FunctionName = environment['AWS_LAMBDA_FUNCTION_NAME'];
  const count: Count = FunctionName ? createMetrics(write, { FunctionName, now }) : () => undefined;
  const keysOf = openPolicyKeys(config.policies, {
    now,
    generatedSecretArn: (index) => environment[generatedSecretVariable(index)],
    report: (failure, { index, keySource }) => {
      count('KeyRefreshFailed', keySource.kind);
      logKeyFailure(write, failure, index);
    },
  });
  const table = openLater(environment['CREDENTIALS_TABLE'] ?? '');
  // Begun at once, so that it is part of the function's start and not of the first request.
  if (needsTable(config)) table.prefetch();
  const { staleCredentialSeconds } = config;
  const stale = staleCredentialSeconds !== undefined && {
    seconds: staleCredentialSeconds,
    table: createTableState(now),
    now,
    // At most once a pause.
    report: (failure: unknown) => logStale(write, failure),
  };
  const remembering = {
    ...(stale && { stale }),
    seconds: config.credentialCacheSeconds,
    now,
    report: (result: LookupResult) => count('CredentialLookup', result),
  };
  const findCredential = rememberFound(findThrough(table), remembering);
  const credentialKeys = createCredentialKeyStore(table, remembering);
  const findRevocation = createFindRevocation(table, remembering);
  const verified = createVerifiedTokens();
  const dependencies = {
    ...{ config, keysOf, credentialKeys, findCredential, findRevocation, verified, now },
    momentOfRefusal: createMomentOfRefusal(REFUSED_AFTER_MS),
  };

  const record = (outcome: Outcome) => {
    if (outcome.kind === 'unavailable') {
      count('Unavailable', unavailableReason(outcome.error));
      logUnavailable(write, outcome.error, outcome.request?.requestId);
      return;
    }
    const { request, decision } = outcome;
    if (decision.kind === 'allowed') {
      const { caller } = decision;
      count('Allowed', caller.kind === 'authenticated' ? caller.keySource : caller.kind);
      if (decision.passedThrough) logPassedThrough(write, decision.passedThrough, request);
      return;
    }
    const { caller, denial } = decision;
    const credentialId = caller?.kind === 'authenticated' ? caller.found?.credential.keyId : undefined;
    count('Denied', denial.code);
    logDenial(write, denial.code, { request, credentialId });
  };

  return async (event, context) => {
    const outcome = await respond(event, dependencies, context?.getRemainingTimeInMillis?.());
    record(outcome);
    return deliver(outcome);
  };
}

export const handler: Handler = createHandler(process.env);
