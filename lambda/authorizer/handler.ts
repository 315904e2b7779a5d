import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import { needsTable } from '../config/modality.ts';
import type { AuthorizerConfig } from '../config/types.ts';
import { type FindCredential, findThrough, rememberFound } from '../consumers/find-credential.ts';
import { createPolicyKeys } from '../keys/policy-keys.ts';
import type { FetchSecret } from '../keys/secret-store.ts';
import { allow, refuse } from './answer.ts';
import { type Decision, decide } from './decide.ts';
import { configFrom, type Environment, generatedSecretVariable } from './environment.ts';
import { logDenial, logPassedThrough, logUnavailable, type WriteLine } from './log.ts';
import { createMetrics } from './metrics.ts';
import { type AuthorizationRequest, parseRequest } from './request.ts';

/** The function that API Gateway invokes. @throws exactly `Unauthorized` for a 401, anything else for a 500. */
export type Handler = (event: unknown) => Promise<APIGatewayAuthorizerResult>;

/** Composition: environment → dependencies → decide → answer. The only place that knows clock and console. */
function createHandler(environment: Environment): Handler {
  const config = configFrom(environment, new URL('config.json', import.meta.url));
  const now = Date.now;
  // biome-ignore lint/suspicious/noConsole: standard output is the function's log
  const write: WriteLine = (line) => console.log(line);
  // CloudWatch reads metrics out of the log; elsewhere nobody does.
  const isInLambda = environment['AWS_LAMBDA_FUNCTION_NAME'] !== undefined;
  const count: ReturnType<typeof createMetrics> = isInLambda ? createMetrics(write, now) : () => undefined;
  const keyFor = createPolicyKeys({
    generatedSecretArn: (index) => environment[generatedSecretVariable(index)],
    fetchSecret: lazySecretStore(),
  });
  const findCredential = rememberFound(findInTable(config, environment), {
    seconds: config.credentialCacheSeconds,
    now,
  });

  return async (event) => {
    let request: AuthorizationRequest | undefined;
    let decision: Decision;
    try {
      request = parseRequest(event);
      decision = await decide(request, { config, keyFor, findCredential, now });
    } catch (error) {
      count('Unavailable');
      logUnavailable(write, error, request?.requestId);
      throw new Error('the authorizer is unavailable; see its log');
    }
    if (decision.kind === 'allowed') {
      count('Allowed');
      if (decision.passedThrough) logPassedThrough(write, decision.passedThrough, request);
      return allow(decision.caller, request, config);
    }
    const { caller, denial } = decision;
    const { code } = denial;
    const credentialId = caller?.kind === 'authenticated' ? caller.found?.credential.keyId : undefined;
    count('Denied');
    logDenial(write, code, { request, credentialId });
    // A known or an anonymous caller who may not gets 403; who did not get that far, 401.
    if (caller !== undefined || (config.onDenial === 'policy' && decision.isLasting)) {
      return refuse(code, request, caller);
    }
    throw new Error('Unauthorized');
  };
}

/** The AWS SDK is loaded by configurations that need it, and by no others. */
function findInTable(config: AuthorizerConfig, environment: Environment): FindCredential {
  if (!needsTable(config)) return async () => undefined;
  const tableName = environment['CREDENTIALS_TABLE'] ?? '';
  // Begun at once, so that it is part of the function's start and not of the first request.
  const loading = import('../consumers/table-reader.ts').then(({ openTable }) =>
    findThrough(openTable(tableName)),
  );
  loading.catch(() => undefined);
  return async (keyId) => (await loading)(keyId);
}

function lazySecretStore(): FetchSecret {
  let loading: Promise<FetchSecret> | undefined;
  return async (arn, jsonField) => {
    loading ??= import('../keys/secret-store.ts').then(({ createSecretsManager }) => createSecretsManager());
    return (await loading)(arn, jsonField);
  };
}

export const handler: Handler = createHandler(process.env);
