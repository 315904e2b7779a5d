/**
 * What the authorizer and the management surfaces know of consumers. Times are seconds since 1970 where
 * the name says so, else ISO 8601 strings as Express Gateway writes them.
 */

export type ConsumerType = 'user' | 'application';

/** What a consumer holds: the `sub` of its tokens is the `keyId`. Never carries a secret. */
export interface Credential {
  readonly keyId: string;
  readonly type: 'jwt';
  readonly consumerId: string;
  readonly consumerType: ConsumerType;
  /** The user that owns the application; only for `consumerType: 'application'`. */
  readonly ownerUserId?: string;
  readonly scopes: readonly string[];
  readonly isActive: boolean;
  /** The `iss` whose tokens may name this credential; required when several controlled policies exist. */
  readonly issuer?: string;
  /** The value of an API key of a usage plan; becomes `usageIdentifierKey`. */
  readonly apiKey?: string;
  /** API Gateway's id of that key, where it was made with the credential and goes with it. */
  readonly apiKeyId?: string;
  /** The name of the usage plan that the key was added to. */
  readonly plan?: string;
  /** From this moment on the credential counts as inactive. Seconds since 1970. */
  readonly expiresAtSeconds?: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Free properties, as Express Gateway allows on credentials; absent when there are none. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

export interface User {
  readonly id: string;
  readonly username: string;
  readonly firstname?: string;
  readonly lastname?: string;
  readonly email?: string;
  readonly redirectUri?: string;
  readonly isActive: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Free properties, as Express Gateway allows on users. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Tokens of its credentials, and of its applications', that were issued before then are revoked. Seconds since 1970. */
  readonly issuedBeforeSeconds?: number;
}

export interface Application {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly redirectUri?: string;
  readonly isActive: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Tokens of its credentials that were issued before then are revoked. Seconds since 1970. */
  readonly issuedBeforeSeconds?: number;
}

/** A credential with the records that decide whether it counts; a missing record was deleted. */
export interface CredentialHolder {
  readonly user?: User;
  readonly application?: Application;
}

/**
 * What the authorizer needs of the store: two round trips, by key, consistently read.
 * Both reject with {@link StoreUnavailable} when the table cannot be reached or answers nonsense.
 */
export interface CredentialReader {
  /** @returns the credential, or undefined when no credential has this keyId. */
  readCredential(keyId: string): Promise<Credential | undefined>;
  /** @returns the consumer of a credential and, for an application, the user that owns it. */
  readHolder(credential: HeldBy): Promise<CredentialHolder>;
}

/** Who holds a credential, by name. */
export type HeldBy = Pick<Credential, 'consumerType' | 'consumerId' | 'ownerUserId'>;

/** The table could not be reached, or did not answer in time: ours, never the caller's fault. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** The table answered, and its item is not what we write: as an outage to the caller, but none that a wait would end. */
export class RecordUnreadable extends StoreUnavailable {}
