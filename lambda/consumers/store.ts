/**
 * The management side of the consumers: what the Admin API and the CLI call. Expected outcomes are values;
 * every method rejects with StoreUnavailable when the table fails, and those that make or delete credentials with
 * ApiKeysUnavailable when their API keys cannot be.
 */
import type { Application, ConsumerType, Credential, User } from './model.ts';

export interface NewUser {
  /** For records that come from elsewhere: a UUID in lower case that no record has. @default a random one */
  readonly id?: string;
  /** Unique and immutable; 1 to 256 characters. */
  readonly username: string;
  readonly firstname?: string;
  readonly lastname?: string;
  readonly email?: string;
  readonly redirectUri?: string;
  /** @default true */
  readonly isActive?: boolean;
  /** Free properties: JSON values, 64 kB in all. @default none */
  readonly properties?: Readonly<Record<string, unknown>>;
}

export interface NewApplication {
  /** As a user's. */
  readonly id?: string;
  /** The owning user's id or username. */
  readonly userId: string;
  /** Unique among the user's applications; 1 to 256 characters. */
  readonly name: string;
  readonly redirectUri?: string;
  /** @default true */
  readonly isActive?: boolean;
  /** As a user's. @default none */
  readonly properties?: Readonly<Record<string, unknown>>;
}

export interface NewCredential {
  /** A user's id or username, or an application's id or unambiguous name; looked for in this order. */
  readonly consumerId: string;
  /** The `sub` of its tokens; 1 to 256 printable ASCII characters. @default 128 random bits, url-safe */
  readonly keyId?: string;
  /** HMAC secret, as text. Not together with `publicKey`. @default 64 random bytes, base64url */
  readonly keySecret?: string;
  /** PEM (SPKI, PKCS#1 or X.509); needs `algorithm`. @default none: a secret is used */
  readonly publicKey?: string;
  /** What the public key verifies: an RS*, PS* or ES* that fits it. */
  readonly algorithm?: string;
  /** Each must exist. @default none */
  readonly scopes?: readonly string[];
  /** The `iss` whose tokens may name this credential. @default any that the policy takes */
  readonly issuer?: string;
  /** The value of an API key that was made elsewhere, for usage plans. @default none */
  readonly apiKey?: string;
  /** The usage plan, by name or id, of an API key to make with it; not beside an `apiKey`. @default none */
  readonly plan?: string;
  /** @default true */
  readonly isActive?: boolean;
  /** From then on it counts as inactive; seconds since 1970. @default never */
  readonly expiresAtSeconds?: number;
  /** As a user's. @default none */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** What is not given stays; `null` takes it away. A username never changes. */
export interface UserChanges {
  readonly firstname?: string | null;
  readonly lastname?: string | null;
  readonly email?: string | null;
  readonly redirectUri?: string | null;
  /** Those that are not named stay. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** As a user's. An application stays with its user. */
export interface ApplicationChanges {
  readonly name?: string;
  readonly redirectUri?: string | null;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** `set` replaces all; to add or remove what is, or is not, there already changes nothing. */
export type ScopeChange =
  | { readonly add: readonly string[] }
  | { readonly remove: readonly string[] }
  | { readonly set: readonly string[] };

/** The new key of a credential; of the fields of {@link NewCredential} that say it. */
export interface NewKey extends Pick<NewCredential, 'keySecret' | 'publicKey' | 'algorithm'> {
  /** How long the key until now goes on to verify; 0 to 31,536,000. @default 86,400 */
  readonly overlapSeconds?: number;
}

/** The token that is to be revoked, by one of its names, until it has expired. */
export type TokenRevocation = (
  | {
      /** base64url of the SHA-256 of its `header.payload`. */
      readonly tokenHash: string;
    }
  | {
      readonly jti: string;
      /** Its `iss`. @default none */
      readonly issuer?: string;
    }
) & {
  /** When it expires: the revocation is kept that long, and an hour for clocks; not passed by more than that. Seconds since 1970. @default for ever */
  readonly expiresAtSeconds?: number;
};

/** The record counts no more. `cleanedUp`: nothing of it is left; else `resumeCleanUp` has something to do. */
export type Deletion = { readonly cleanedUp: boolean };

/** A credential as only its creation and its rotation show it. */
export interface CreatedCredential {
  readonly credential: Credential;
  /** Shown this once; absent when the credential has a public key. */
  readonly keySecret?: string;
}

export type Done<T> = { readonly ok: true; readonly value: T };
export type Failed<Code extends string> = { readonly ok: false; readonly code: Code };
export type Outcome<T, Code extends string> = Done<T> | Failed<Code>;

/** `isBeingMade`: by a record that does not count yet; when its maker is dead, it is free after 30 s. */
export type Taken<Code extends string> = Failed<Code> & { readonly isBeingMade?: true };

/** What is wrong with an input; never quotes its values. */
export interface InputProblem {
  readonly field: string;
  readonly problem: string;
}
export type InvalidInput = Failed<'invalid_input'> & { readonly problems: readonly InputProblem[] };
/** `scopes`: those of the call that the code speaks of. */
export type ScopeFailure<Code extends 'scope_exists' | 'scope_unknown'> = Failed<Code> & {
  readonly scopes: readonly string[];
};

/** `plans`: of an unknown plan the names of those that there are, of an ambiguous one the ids of those it may be. */
export type PlanFailure = Failed<'plan_unknown' | 'plan_ambiguous'> & { readonly plans: readonly string[] };

/** `changed` is false when the record already was in that state. */
export type StateChange = { readonly changed: boolean };

export interface PageRequest {
  /** 1 to 1,000. @default 100 */
  readonly limit?: number;
  /** `next` of the page before. @default from the start */
  readonly after?: string;
}
/** May hold fewer items than asked for, even none, and still have a `next`; without `next` it is the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

export interface ConsumerStore {
  createUser(input: NewUser): Promise<Done<User> | Taken<'username_taken' | 'id_taken'> | InvalidInput>;
  createApplication(
    input: NewApplication,
  ): Promise<
    Outcome<Application, 'user_not_found'> | Taken<'application_name_taken' | 'id_taken'> | InvalidInput
  >;
  createCredential(
    input: NewCredential,
  ): Promise<
    | Outcome<CreatedCredential, 'consumer_not_found' | 'consumer_ambiguous'>
    | Taken<'key_id_taken'>
    | ScopeFailure<'scope_unknown'>
    | PlanFailure
    | InvalidInput
  >;
  /** All or none. @param scopes 1 to 50, printable ASCII without spaces. */
  createScopes(
    scopes: readonly string[],
  ): Promise<Done<readonly string[]> | ScopeFailure<'scope_exists'> | InvalidInput>;

  /** An id goes before a username. */
  getUser(idOrName: string): Promise<Outcome<User, 'user_not_found'>>;
  /** An id goes before a name; a name that several users have given is ambiguous. */
  getApplication(
    idOrName: string,
  ): Promise<Outcome<Application, 'application_not_found' | 'application_ambiguous'>>;
  getCredential(keyId: string): Promise<Outcome<Credential, 'credential_not_found'>>;

  /** One write, at once effective for all that hangs on the record. The same for the two below. */
  setUserActive(id: string, isActive: boolean): Promise<Outcome<StateChange, 'user_not_found'>>;
  setApplicationActive(id: string, isActive: boolean): Promise<Outcome<StateChange, 'application_not_found'>>;
  setCredentialActive(
    keyId: string,
    isActive: boolean,
  ): Promise<Outcome<StateChange, 'credential_not_found'>>;

  updateUser(id: string, changes: UserChanges): Promise<Outcome<User, 'user_not_found'> | InvalidInput>;
  updateApplication(
    id: string,
    changes: ApplicationChanges,
  ): Promise<Outcome<Application, 'application_not_found'> | Taken<'application_name_taken'> | InvalidInput>;
  /** All or none; those that are added must exist. 200 at most on a credential. */
  changeScopes(
    keyId: string,
    change: ScopeChange,
  ): Promise<Outcome<Credential, 'credential_not_found'> | ScopeFailure<'scope_unknown'> | InvalidInput>;
  /**
   * The key until now verifies for a while beside the new one; one that was rotated out before ends at once.
   * A credential with a public key needs another public key.
   */
  rotateCredential(
    keyId: string,
    key?: NewKey,
  ): Promise<Outcome<CreatedCredential, 'credential_not_found'> | InvalidInput>;

  /**
   * One write, at once effective for all that hangs on the record: a user's applications and credentials, an
   * application's credentials. What is left is cleaned up then. The same for the three below.
   */
  deleteUser(id: string): Promise<Outcome<Deletion, 'user_not_found'>>;
  deleteApplication(id: string): Promise<Outcome<Deletion, 'application_not_found'>>;
  deleteCredential(keyId: string): Promise<Outcome<Deletion, 'credential_not_found'>>;
  /** It cannot be bound any more from that one write on, and then leaves every credential. */
  deleteScope(scope: string): Promise<Outcome<Deletion, 'scope_not_found'>>;
  /** One token. That it is revoked is seen as a deactivation is. */
  revokeToken(token: TokenRevocation): Promise<Done<undefined> | InvalidInput>;
  /**
   * All tokens that were issued before a moment: a user's with those of its applications, an application's, or
   * everybody's. A later moment that was given before stays.
   * @param issuedBeforeSeconds seconds since 1970, not to come (but for a minute). @default now
   * @returns the moment that counts.
   */
  revokeIssuedBefore(
    whose: { readonly type: ConsumerType; readonly id: string } | 'all',
    issuedBeforeSeconds?: number,
  ): Promise<Outcome<number, 'consumer_not_found'> | InvalidInput>;
  /** Goes on with what deletions left behind. @returns how many were finished. */
  resumeCleanUp(): Promise<number>;

  /** In order of creation. On AWS a record may take a moment to appear. The same for the two below. */
  listUsers(page?: PageRequest): Promise<Page<User>>;
  listApplications(page?: PageRequest): Promise<Page<Application>>;
  listCredentials(page?: PageRequest): Promise<Page<Credential>>;
  /** In order of keyId; consistent. @param page with a limit of at most 100. */
  listCredentialsOf(
    consumer: { readonly type: ConsumerType; readonly id: string },
    page?: PageRequest,
  ): Promise<Page<Credential>>;
  hasScope(scope: string): Promise<boolean>;
  /** All of them, sorted; consistent. */
  listScopes(): Promise<readonly string[]>;
}
