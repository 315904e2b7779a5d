import type { KeySource } from '../config/types.ts';
import type { FoundCredential } from '../consumers/find-credential.ts';
import type { SpelledClaims } from './decode.ts';
import type { VerifiedClaims } from './verify.ts';

/** Who calls: a verified token's subject, with its consumer in the controlled modality; or nobody known. */
export type Caller = AuthenticatedCaller | AnonymousCaller;

export interface AuthenticatedCaller {
  readonly kind: 'authenticated';
  readonly claims: VerifiedClaims;
  /** The claims as the token spells them. @default as we would */
  readonly spelled?: SpelledClaims;
  /** Where the key came from that verified the token. */
  readonly keySource: KeySource['kind'];
  /** In the controlled modality. */
  readonly found?: FoundCredential;
  /** What the caller may do, as far as scopes say; empty where nothing is a source of scopes. */
  readonly scopes: readonly string[];
  /** Not empty. */
  readonly principalId: string;
  /** From this moment on the caller would be denied. Seconds since 1970; undefined: never. */
  readonly expiresAtSeconds?: number;
  /** Its object is there for the next request with the token. */
  readonly isRemembered?: true;
}

export interface AnonymousCaller {
  readonly kind: 'anonymous';
}

export const ANONYMOUS: AnonymousCaller = { kind: 'anonymous' };
