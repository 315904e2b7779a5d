/** The management side of the consumers on DynamoDB. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type ApiKeys, noApiKeys, type TableWithApiKeys } from './api-keys.ts';
import { readFlag } from './attributes.ts';
import { changeScopes } from './change-scopes.ts';
import { resumeDeletions } from './clean-up.ts';
import { createApplication, createUser } from './create-consumer.ts';
import { createCredential } from './create-credential.ts';
import { deleteRecord } from './delete-record.ts';
import type { Table } from './dynamodb-send.ts';
import { update } from './dynamodb-write.ts';
import { holdersOfApplication, holdersOfCredential } from './holders.ts';
import { isKeyId, type Key, recordKey } from './items.ts';
import { type Listed, listCredentialsOf, listRecords } from './listing.ts';
import { findApplication, findCredential, findUser, isReference } from './lookup.ts';
import type { Application, Credential, User } from './model.ts';
import { parseApplication, parseCredential, parseUser } from './records.ts';
import { setActive } from './requests.ts';
import { revokeIssuedBefore, revokeToken } from './revoke.ts';
import { rotateCredential } from './rotate-credential.ts';
import { createScopes, deleteScope, hasScope, listScopes, resumeScopeDeletions } from './scopes.ts';
import type { ConsumerStore, Outcome, StateChange } from './store.ts';
import { updateApplication, updateUser } from './update-consumer.ts';

/**
 * @param options.now the clock, in milliseconds since 1970. @default Date.now
 * @param options.apiKeys makes and deletes the API keys of credentials. @default there are no plans
 * @returns the store; each method rejects with StoreUnavailable when the table fails.
 */
export function createDynamoDbStore(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly now?: () => number;
  readonly apiKeys?: ApiKeys;
}): ConsumerStore {
  const { client, tableName, now = Date.now, apiKeys = noApiKeys } = options;
  const table: TableWithApiKeys = { client, tableName, apiKeys };
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

    updateUser: (id, changes) => updateUser(table, id, { changes, nowMs: now() }),
    updateApplication: (id, changes) => updateApplication(table, id, { changes, nowMs: now() }),
    changeScopes: (keyId, change) => changeScopes(table, keyId, { change, nowMs: now() }),
    rotateCredential: (keyId, key = {}) => rotateCredential(table, keyId, { key, nowMs: now() }),

    deleteUser: (id) => deleteRecord(table, { kind: 'user', id }, 'user_not_found'),
    deleteApplication: (id) => deleteRecord(table, { kind: 'app', id }, 'application_not_found'),
    deleteCredential: (id) => deleteRecord(table, { kind: 'cred', id }, 'credential_not_found'),
    deleteScope: (scope) => deleteScope(table, scope),
    revokeToken: (token) => revokeToken(table, token, now()),
    revokeIssuedBefore: (whose, issuedBeforeSeconds = Math.ceil(now() / 1000)) =>
      revokeIssuedBefore(table, whose, { issuedBeforeSeconds, nowMs: now() }),
    resumeCleanUp: async () => (await resumeDeletions(table)) + (await resumeScopeDeletions(table)),

    listUsers: (page = {}) => listRecords(table, users, page),
    listApplications: (page = {}) => listRecords(table, applications, page),
    listCredentials: (page = {}) => listRecords(table, credentials, page),
    listCredentialsOf: (consumer, page = {}) => listCredentialsOf(table, consumer, page),
    hasScope: (scope) => hasScope(table, scope),
    listScopes: () => listScopes(table),
  };
}

const users: Listed<User> = { kind: 'user', parse: parseUser, holdersOf: () => [] };
const applications: Listed<Application> = {
  kind: 'app',
  parse: parseApplication,
  holdersOf: holdersOfApplication,
};
const credentials: Listed<Credential> = {
  kind: 'cred',
  parse: parseCredential,
  holdersOf: holdersOfCredential,
};

async function getCredential(table: Table, keyId: string): ReturnType<ConsumerStore['getCredential']> {
  return found((await findCredential(table, keyId))?.credential, 'credential_not_found');
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
