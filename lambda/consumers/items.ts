/**
 * What lies in the credentials table, and where.
 *
 * | item | pk | sk | attributes |
 * | --- | --- | --- | --- |
 * | user | `user#<id>` | `record` | id, username, firstname, lastname, email, redirectUri, isActive, createdAt, updatedAt, properties (JSON), issuedBeforeSeconds |
 * | application | `app#<id>` | `record` | id, userId, name, redirectUri, isActive, createdAt, updatedAt, properties, issuedBeforeSeconds; renamingTo, renamingSinceMs, renameAttempt |
 * | credential | `cred#<keyId>` | `record` | keyId, type, consumerId, consumerType, ownerUserId, scopes (SS), isActive, issuer, apiKey, apiKeyId, plan, expiresAtSeconds, createdAt, updatedAt, properties; keySlot, previousKeyUntilSeconds, keyVersion; pendingScopes (SS), scopesAttempt |
 * | key slot | `cred#<keyId>` | `key#1`, `key#2` | keySecret, or publicKey + algorithm; attempt (its record's), startedAtMs (a creation's time, or a rotation's keyVersion) |
 * | username claim | `username#<username>` | `claim` | recordId |
 * | application name claim | `appname#<name>` | `user#<userId>` | recordId, attempt (of a rename) |
 * | application of a user | `user#<userId>` | `app#<id>` | attempt |
 * | credential of a consumer | `user#<id>` or `app#<id>` | `cred#<keyId>` | attempt |
 * | scopes | `scopes` | `record` | scopeNames (SS), lastAttempt, deletingScopes (SS) |
 * | revoked jti | `revoked#jti#<base64url(SHA-256(iss NUL jti))>` | `record` | purgeAtSeconds |
 * | revoked token | `revoked#token#<base64url(SHA-256(header.payload))>` | `record` | purgeAtSeconds |
 * | revocations | `revoked#all` | `record` | issuedBeforeSeconds, tokensUntilSeconds (no single token is revoked for longer) |
 *
 * | access | how |
 * | --- | --- |
 * | authorizer, round trip 1 | get `cred#…`; with it both key slots where they are asked for |
 * | authorizer, round trip 2 | batch get of the consumer's record and its owner's |
 * | authorizer, in one of the two | with them `revoked#all`, and the token's own revocations where there may be some (gathered-reads.ts) |
 * | in all three | no names of people, addresses or free properties (table-reader.ts) |
 * | user by name | get `username#…`, then the record |
 * | application by name | query `appname#…`, then the records: one, or ambiguous |
 * | a user's applications, a consumer's credentials | query `user#…`/`app#…` for sk `app#…`/`cred#…`, then the records |
 * | pages of all users, applications, credentials | index `listing`: listPk = kind, listSk = `<createdAt>#<id>`; eventually consistent |
 * | what deletions left behind | index `listing`: listPk = `deleting`, listSk = `<kind>#<id>` |
 * | deletion of a scope: who has it | a consistent scan |
 * | scopes: exist, list, create | get or update of the one item: creating several is one atomic write; 400 kB are some 10,000 names |
 *
 * Records are made live in steps, without transactions. `phase` says that a record does not count:
 * absent = live; `pending` = being made (with pendingSinceMs, and purgeAtSeconds in case its maker dies);
 * `deleting` = deleted by that one write, what belongs to it still being cleaned up. `attempt` tells one
 * maker's writes from another's. Claims and links whose record does not count, or is another's, are stale:
 * readers skip them, the next writer takes them over. A link may also outlive its credential when the same
 * keyId was then made for another consumer: whoever follows it compares `consumerId`.
 *
 * How each is done, and what a crash leaves: make-record.ts, claim-name.ts (names), clean-up.ts (deletions),
 * scopes.ts and change-scopes.ts, rotate-credential.ts, credential-api-key.ts. A record counts only while what it hangs on counts
 * (holders.ts): a deletion writes to one record alone.
 *
 * Secrets are in key slots only, which have no listing keys, and which nothing but a verifier reads.
 */
import type { Item } from './attributes.ts';
import type { ConsumerType } from './model.ts';

/** The parts of the listing, and the prefix of their records' keys. */
export type Kind = 'user' | 'app' | 'cred';

export type Key = { readonly pk: string; readonly sk: string };

export const PENDING = 'pending';
/** Also the part of the listing where records lie whose deletion is not cleaned up yet. */
export const DELETING = 'deleting';

export const recordKey = (kind: Kind, id: string): Key => ({ pk: `${kind}#${id}`, sk: 'record' });

export const consumerKey = (type: ConsumerType, id: string): Key =>
  recordKey(type === 'user' ? 'user' : 'app', id);

export const keySlotKey = (keyId: string, slot: 1 | 2): Key => ({ pk: `cred#${keyId}`, sk: `key#${slot}` });

export const usernameClaimKey = (username: string): Key => ({ pk: `username#${username}`, sk: 'claim' });

export const applicationClaimKey = (name: string, userId: string): Key => ({
  pk: `appname#${name}`,
  sk: `user#${userId}`,
});

export const applicationLinkKey = (userId: string, id: string): Key => ({
  pk: recordKey('user', userId).pk,
  sk: `app#${id}`,
});

export const credentialLinkKey = (type: ConsumerType, consumerId: string, keyId: string): Key => ({
  pk: consumerKey(type, consumerId).pk,
  sk: `cred#${keyId}`,
});

export const scopesKey: Key = { pk: 'scopes', sk: 'record' };

export const revocationsKey: Key = { pk: 'revoked#all', sk: 'record' };

/** @param tokenHash see token-names.ts. */
export const revokedTokenKey = (tokenHash: string): Key => ({
  pk: `revoked#token#${tokenHash}`,
  sk: 'record',
});

/** @param jtiHash see token-names.ts. */
export const revokedJtiKey = (jtiHash: string): Key => ({ pk: `revoked#jti#${jtiHash}`, sk: 'record' });

/** @returns whether a record counts: not while it is being made or deleted, nor in a phase yet unknown. */
export const isLive = (item: Item): boolean => item['phase'] === undefined;

/** What may name a credential: bounded by DynamoDB's key length, and safe in a URL, a log line and a header. */
export const isKeyId = (value: unknown): value is string =>
  typeof value === 'string' && /^[\x21-\x7e]{1,256}$/.test(value);
