/** What the soak knows of callers: every fact with its history. Nothing of the code under test is in it. */
import { createHash } from 'node:crypto';
import { createHistory, type History } from './history.ts';

export type PolicyName = 'shared' | 'plain' | 'set' | 'found' | 'own';

/** What a policy of the soak's configuration comes to. */
export interface PolicyFacts {
  readonly issuer: string;
  readonly isControlled: boolean;
  readonly isRevocable: boolean;
  /** Whether a token's own scopes count. */
  readonly hasScopeClaim: boolean;
  /** Whether its keys are fetched. */
  readonly isFetched: boolean;
}

/** A user, or an application with its owner. */
export interface Holder {
  readonly kind: 'user' | 'application';
  readonly id: string;
  /** The owner's, of an application. */
  readonly username: string;
  readonly owner?: Holder;
  readonly isActive: History<boolean>;
  /** Seconds since 1970. */
  readonly issuedBefore: History<number>;
}

export const newHolder = (given: Pick<Holder, 'kind' | 'id' | 'username'> & { owner?: Holder }): Holder => ({
  ...given,
  isActive: createHistory(true),
  issuedBefore: createHistory(0),
});

export interface CredentialState {
  readonly isActive: boolean;
  readonly scopes: readonly string[];
  /** Versions of its own key that verify. */
  readonly keys: readonly number[];
}

export interface Credential {
  readonly keyId: string;
  readonly holder: Holder;
  /** Undefined: it is deleted, or not made yet. */
  readonly state: History<CredentialState | undefined>;
}

/** A key of an issuer's set. */
export interface SetKey {
  readonly kid: string;
  readonly isPublished: History<boolean>;
}

/** A token that was made, and what is true of it. */
export interface Minted {
  /** Never printed. */
  readonly token: string;
  readonly policy: PolicyName;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly issuedAtSeconds: number;
  readonly expMs: number;
  /** Why nobody may take it, whatever the table says. */
  readonly flaw?: string;
  readonly credential?: Credential;
  /** The version of the credential's own key that signed. */
  readonly keyVersion?: number;
  readonly setKey?: SetKey;
  readonly isRevoked: History<boolean>;
}

/** `header.payload`, as revocations name it. */
export const hashOf = (token: string): string =>
  createHash('sha256')
    .update(token.slice(0, token.lastIndexOf('.')))
    .digest('base64url');
