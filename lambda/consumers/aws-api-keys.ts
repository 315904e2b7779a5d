/** API keys and usage plans of API Gateway. Region, endpoint and credentials are the AWS SDK's own. */
import { randomBytes } from 'node:crypto';
import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  paginateGetApiKeys,
  paginateGetUsagePlans,
} from '@aws-sdk/client-api-gateway';
import { withoutNodeVersionWarning } from '../aws/node-version-warning.ts';
import { type ApiKey, type ApiKeys, ApiKeysUnavailable, type Plan } from './api-keys.ts';
import type { Done, PlanFailure } from './store.ts';

/**
 * A creation ends by then: half the time that a maker holds its keyId, so that what it deletes in that name is
 * never another maker's.
 */
const CREATE_WITHIN_MS = 15_000;
const DELETE_WITHIN_MS = 10_000;
/** API Gateway makes 5 API keys a second for an account; more are asked to wait. */
const MAX_ATTEMPTS = 8;
const PAGE_SIZE = 500;

export interface AwsApiKeysOptions {
  /** Tells the API keys of one table from those of another: keyIds are unique in a table alone. */
  readonly tableName: string;
  /** The ids of the plans, by name. @default all usage plans of the account in the region */
  readonly planIds?: ReadonlyMap<string, string>;
  /** @default the SDK's own */
  readonly region?: string;
}

/**
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateApiKey.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
export function openAwsApiKeys({ tableName, planIds, region }: AwsApiKeysOptions): ApiKeys {
  const client = withoutNodeVersionWarning(
    () =>
      new APIGatewayClient({
        ...(region !== undefined && { region }),
        maxAttempts: MAX_ATTEMPTS,
        requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
      }),
  );
  return {
    findPlan: async (idOrName) =>
      chosen(planIds === undefined ? await plansOfAccount(client) : plansIn(planIds), idOrName),
    create: (keyId, plan) =>
      within('CreateApiKey', CREATE_WITHIN_MS, (signal) =>
        createKey(client, { name: `${keyId} (${tableName})`, plan }, signal),
      ),
    delete: (id) => within('DeleteApiKey', DELETE_WITHIN_MS, (signal) => deleteKey(client, id, signal)),
  };
}

const plansIn = (planIds: ReadonlyMap<string, string>): readonly Plan[] =>
  [...planIds].map(([name, id]) => ({ id, name }));

const plansOfAccount = (client: APIGatewayClient): Promise<readonly Plan[]> =>
  within('GetUsagePlans', CREATE_WITHIN_MS, async (signal) => {
    const plans: Plan[] = [];
    for await (const { items = [] } of paginateGetUsagePlans(
      { client, pageSize: PAGE_SIZE },
      {},
      { abortSignal: signal },
    )) {
      for (const { id, name } of items) {
        if (id !== undefined && name !== undefined) plans.push({ id, name });
      }
    }
    return plans;
  });

/** An id goes before a name. */
function chosen(plans: readonly Plan[], idOrName: string): Done<Plan> | PlanFailure {
  const byId = plans.find(({ id }) => id === idOrName);
  const [only, ...others] = byId ? [byId] : plans.filter(({ name }) => name === idOrName);
  if (only === undefined) {
    return { ok: false, code: 'plan_unknown', plans: [...new Set(plans.map(({ name }) => name))] };
  }
  if (others.length > 0)
    return { ok: false, code: 'plan_ambiguous', plans: [only, ...others].map(({ id }) => id) };
  return { ok: true, value: only };
}

async function createKey(
  client: APIGatewayClient,
  { name, plan }: { readonly name: string; readonly plan: Plan },
  abortSignal: AbortSignal,
): Promise<ApiKey> {
  for (const id of await keysNamed(client, name, abortSignal)) await deleteKey(client, id, abortSignal);
  // Ours rather than API Gateway's, so that of two tries, the first's answer being lost, the second is refused.
  const value = randomBytes(32).toString('hex');
  const id = await putKey(client, { name, value }, abortSignal);
  try {
    const key = { usagePlanId: plan.id, keyId: id, keyType: 'API_KEY' };
    await client.send(new CreateUsagePlanKeyCommand(key), { abortSignal }).catch(unless('ConflictException'));
    return { id, value };
  } catch (error) {
    const signal = AbortSignal.timeout(DELETE_WITHIN_MS);
    await deleteKey(client, id, signal).catch(() => undefined);
    throw error;
  }
}

/** @returns the id of the key. */
async function putKey(
  client: APIGatewayClient,
  { name, value }: { readonly name: string; readonly value: string },
  abortSignal: AbortSignal,
): Promise<string> {
  const description = 'Of a credential of the JWT authorizer; goes with it';
  const request = new CreateApiKeyCommand({ name, value, description, enabled: true });
  const made = await client.send(request, { abortSignal }).catch(unless('ConflictException'));
  // Nobody else has the value, and there was no other key of the name.
  const id = made === undefined ? (await keysNamed(client, name, abortSignal))[0] : made.id;
  if (id === undefined) throw new ApiKeysUnavailable('API keys: CreateApiKey named no key');
  return id;
}

/** API Gateway's own search finds longer names too. No value is asked for. */
async function keysNamed(
  client: APIGatewayClient,
  name: string,
  abortSignal: AbortSignal,
): Promise<readonly string[]> {
  const found: string[] = [];
  const pages = paginateGetApiKeys(
    { client, pageSize: PAGE_SIZE },
    { nameQuery: name, includeValues: false },
    { abortSignal },
  );
  for await (const { items = [] } of pages) {
    for (const key of items) if (key.name === name && key.id !== undefined) found.push(key.id);
  }
  return found;
}

async function deleteKey(client: APIGatewayClient, apiKey: string, abortSignal: AbortSignal): Promise<void> {
  abortSignal.throwIfAborted();
  await client.send(new DeleteApiKeyCommand({ apiKey }), { abortSignal }).catch(unless('NotFoundException'));
}

/** @returns what turns that error into nothing, and throws any other. */
const unless =
  (name: string) =>
  (error: unknown): undefined => {
    if (error instanceof Error && error.name === name) return undefined;
    throw error;
  };

/** @throws ApiKeysUnavailable, with the SDK's error as its cause: that one may quote what was sent. */
async function within<T>(
  operation: string,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await work(AbortSignal.timeout(milliseconds));
  } catch (cause) {
    if (cause instanceof ApiKeysUnavailable) throw cause;
    const reason = cause instanceof Error ? cause.name : 'unknown failure';
    throw new ApiKeysUnavailable(`API keys: ${operation} failed (${reason})`, { cause });
  }
}
