/** Creates credentials. The order of the writes is argued in make-record.ts. */
import { randomUUID } from 'node:crypto';
import type { Plan, TableWithApiKeys } from './api-keys.ts';
import { type Item, marshal, optional, readTextSet } from './attributes.ts';
import { addApiKey, takeBackApiKey, type WithApiKey } from './credential-api-key.ts';
import { freeKeyId } from './delete-record.ts';
import { getLiveItem, getLiveItems } from './dynamodb-get.ts';
import type { Table } from './dynamodb-send.ts';
import { put } from './dynamodb-write.ts';
import { holdersOfCredential } from './holders.ts';
import { credentialProblems, invalid } from './input.ts';
import { credentialLinkKey, keySlotKey, recordKey, scopesKey } from './items.ts';
import { generateKeyId } from './key-material.ts';
import { type Consumer, findConsumer } from './lookup.ts';
import { makeRecord } from './make-record.ts';
import { type Credential, StoreUnavailable } from './model.ts';
import { credentialItem } from './records.ts';
import { type Draft, putKeySlot, putLink } from './requests.ts';
import { newKey } from './rotate-credential.ts';
import type { ConsumerStore, Failed, NewCredential, ScopeFailure } from './store.ts';
import { isPending, taken } from './taken.ts';

type BindingFailure = Failed<'consumer_not_found'> | ScopeFailure<'scope_unknown'>;

/** @param nowMs milliseconds since 1970. */
export async function createCredential(
  table: TableWithApiKeys,
  input: NewCredential,
  nowMs: number,
): ReturnType<ConsumerStore['createCredential']> {
  const problems = credentialProblems(input);
  if (problems.length > 0) return invalid(problems);
  const consumer = await findConsumer(table, input.consumerId);
  if (!consumer.ok) return consumer;
  const plan = input.plan === undefined ? undefined : await table.apiKeys.findPlan(input.plan);
  if (plan?.ok === false) return plan;
  const credential = newCredential(input, consumer.value, nowMs);
  const key = newKey(input);
  const make = () => makeCredential(table, credential, { key: marshal(key), plan: plan?.value, nowMs });
  // The consumer was there just now: what is worth a look before anything is written are the scopes.
  const unknown = await scopesFailure(table, credential.scopes);
  if (unknown !== undefined) return unknown;
  let made = await make();
  if (made.failure === 'exists' && (await freeKeyId(table, credential.keyId))) made = await make();
  if (made.failure === 'exists') {
    return taken('key_id_taken', await isPending(table, recordKey('cred', credential.keyId)));
  }
  if (made.failure !== undefined) return made.failure;
  return {
    ok: true,
    value: { credential: { ...credential, ...made.apiKey }, ...optional('keySecret', key.keySecret) },
  };
}

interface Made {
  readonly failure?: BindingFailure | 'exists' | undefined;
  readonly apiKey?: WithApiKey | undefined;
}

async function makeCredential(
  table: TableWithApiKeys,
  credential: Credential,
  { key, plan, nowMs }: { readonly key: Item; readonly plan: Plan | undefined; readonly nowMs: number },
): Promise<Made> {
  const { keyId: id, createdAt, consumerType, consumerId } = credential;
  const fields = credentialItem(credential);
  const draft: Draft = {
    ...{ kind: 'cred', id, fields, createdAt, startedAtMs: nowMs },
    attempt: randomUUID(),
  };
  const link = credentialLinkKey(consumerType, consumerId, id);
  const slot = keySlotKey(id, 1);
  let apiKey: WithApiKey | undefined;
  const making = makeRecord(table, draft, {
    // The link goes last: while the slot is there, whoever deletes the consumer finds it by the link.
    traces: [slot, link],
    steps: async () => {
      await put(table, putLink(link, draft.attempt));
      // After the link: whoever deletes the consumer, or a scope, either is seen here, or sees what is written.
      const failure = await bindingFailure(table, credential);
      if (failure !== undefined) return failure;
      // Not before: API keys are few, and one that is made has to be taken back.
      if (plan !== undefined) apiKey = await addApiKey(table, draft, plan);
      // Before the commit: a credential is never live without a key.
      if (await put(table, putKeySlot(slot, key, draft))) return undefined;
      throw new StoreUnavailable('credentials table: creation took too long and was given up');
    },
  });
  try {
    const failure = await making;
    return failure === undefined ? { apiKey } : { failure };
  } catch (error) {
    // No step fails after the key was made but by an outage.
    if (apiKey !== undefined) await takeBackApiKey(table, draft, apiKey.apiKeyId);
    throw error;
  }
}

/** @returns what a credential would hang on and is not there: its consumer, the consumer's owner, a scope. */
async function bindingFailure(table: Table, credential: Credential): Promise<BindingFailure | undefined> {
  const [scopesItem, ...consumers] = await getLiveItems(table, [
    scopesKey,
    ...holdersOfCredential(credential),
  ]);
  if (consumers.includes(undefined)) return { ok: false, code: 'consumer_not_found' };
  return unknownScopes(credential.scopes, scopesItem);
}

async function scopesFailure(table: Table, scopes: readonly string[]): Promise<BindingFailure | undefined> {
  return scopes.length > 0 ? unknownScopes(scopes, await getLiveItem(table, scopesKey)) : undefined;
}

function unknownScopes(scopes: readonly string[], item: Item | undefined): BindingFailure | undefined {
  const known = new Set(item && readTextSet(item, 'scopeNames'));
  const unknown = scopes.filter((scope) => !known.has(scope));
  return unknown.length > 0 ? { ok: false, code: 'scope_unknown', scopes: unknown } : undefined;
}

function newCredential(input: NewCredential, consumer: Consumer, nowMs: number): Credential {
  const createdAt = new Date(nowMs).toISOString();
  return {
    keyId: input.keyId ?? generateKeyId(),
    type: 'jwt',
    ...consumer,
    scopes: [...new Set(input.scopes)].sort(),
    ...optional('issuer', input.issuer),
    ...optional('apiKey', input.apiKey),
    ...optional('expiresAtSeconds', input.expiresAtSeconds),
    isActive: input.isActive ?? true,
    createdAt,
    updatedAt: createdAt,
    ...optional('properties', input.properties),
  };
}
