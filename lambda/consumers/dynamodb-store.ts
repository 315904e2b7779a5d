/** The management side of the consumers on DynamoDB. */
import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readFlag, readTextSet } from './attributes.ts';
import { createApplication, createUser } from './create-consumer.ts';
import { createCredential } from './create-credential.ts';
import { getItem, getLiveItem } from './dynamodb-get.ts';
import type { Table } from './dynamodb-send.ts';
import { update } from './dynamodb-write.ts';
import { invalid, scopesProblems } from './input.ts';
import { isKeyId, type Key, recordKey, scopesKey } from './items.ts';
import { listCredentialsOf, listRecords } from './listing.ts';
import { findApplication, findUser, isReference } from './lookup.ts';
import { parseApplication, parseCredential, parseUser } from './records.ts';
import { addScopes, setActive } from './requests.ts';
import type { ConsumerStore, Outcome, StateChange } from './store.ts';

/**
 * @param options.now the clock, in milliseconds since 1970. @default Date.now
 * @returns the store; each method rejects with StoreUnavailable when the table fails.
 */
export function createDynamoDbStore(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly now?: () => number;
}): ConsumerStore {
  const { client, tableName, now = Date.now } = options;
  const table: Table = { client, tableName };
  return {
    createUser: (input) => createUser(table, input, now()),
    createApplication: (input) => createApplication(table, input, now()),
    createCredential: (input) => createCredential(table, input, now()),
    createScopes: (scopes) => createScopes(table, scopes),

    getUser: async (idOrName) => found(await findUser(table, idOrName), 'user_not_found'),
    getApplication: (idOrName) => findApplication(table, idOrName),
    getCredential: (keyId) => getCredential(table, keyId),

    setUserActive: (id, isActive) =>
      setState(table, userOrApp('user', id), isActive, now(), 'user_not_found'),
    setApplicationActive: (id, isActive) =>
      setState(table, userOrApp('app', id), isActive, now(), 'application_not_found'),
    setCredentialActive: (keyId, isActive) =>
      setState(table, credential(keyId), isActive, now(), 'credential_not_found'),

    listUsers: (page = {}) => listRecords(table, 'user', page, parseUser),
    listApplications: (page = {}) => listRecords(table, 'app', page, parseApplication),
    listCredentials: (page = {}) => listRecords(table, 'cred', page, parseCredential),
    listCredentialsOf: (consumer, page = {}) => listCredentialsOf(table, consumer, page),
    listScopes: () => listScopes(table),
  };
}

async function createScopes(
  table: Table,
  input: readonly string[],
): ReturnType<ConsumerStore['createScopes']> {
  const problems = scopesProblems(input);
  if (problems.length > 0) return invalid(problems);
  const scopes = [...new Set(input)];
  if (await update(table, addScopes(scopes, randomUUID()))) return { ok: true, value: scopes };
  const existing = new Set(await listScopes(table));
  return { ok: false, code: 'scope_exists', scopes: scopes.filter((scope) => existing.has(scope)) };
}

async function listScopes(table: Table): Promise<readonly string[]> {
  const item = await getItem(table, scopesKey);
  return item === undefined ? [] : readTextSet(item, 'scopeNames');
}

async function getCredential(table: Table, keyId: string): ReturnType<ConsumerStore['getCredential']> {
  const key = credential(keyId);
  const item = key && (await getLiveItem(table, key));
  return found(item && parseCredential(item), 'credential_not_found');
}

async function setState<Code extends string>(
  table: Table,
  key: Key | undefined,
  isActive: boolean,
  nowMs: number,
  notFound: Code,
): Promise<Outcome<StateChange, Code>> {
  const before = key && (await update(table, setActive(key, isActive, new Date(nowMs).toISOString())));
  if (before === undefined) return { ok: false, code: notFound };
  return { ok: true, value: { changed: readFlag(before, 'isActive') !== isActive } };
}

// Undefined for what is no id: DynamoDB would refuse a key that is too long, and that is no outage.
const userOrApp = (kind: 'user' | 'app', id: string): Key | undefined =>
  isReference(id) ? recordKey(kind, id) : undefined;

const credential = (keyId: string): Key | undefined =>
  isKeyId(keyId) ? recordKey('cred', keyId) : undefined;

const found = <T, Code extends string>(value: T | undefined, code: Code): Outcome<T, Code> =>
  value === undefined ? { ok: false, code } : { ok: true, value };
