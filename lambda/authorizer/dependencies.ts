import type { AuthorizerConfig, JwtPolicy } from '../config/types.ts';
import type { FindCredential } from '../consumers/find-credential.ts';
import type { CredentialKeyStore } from '../consumers/find-credential-keys.ts';
import type { FindRevocation } from '../consumers/find-revocation.ts';
import type { KeyFinder } from '../keys/key-finder.ts';
import type { MomentOfRefusal } from './moment-of-refusal.ts';
import type { Observe } from './trace.ts';
import type { VerifiedTokens } from './verified-tokens.ts';

/** What the steps of a request's way are given beside the request. */
export interface Dependencies {
  readonly config: AuthorizerConfig;
  /** The keys of a policy, for all but `credentialKey`. */
  readonly keysOf: (policy: JwtPolicy) => KeyFinder;
  /** The keys of credentials, for `credentialKey`. */
  readonly credentialKeys: CredentialKeyStore;
  readonly findCredential: FindCredential;
  readonly findRevocation: FindRevocation;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** When a refusal may be told that follows from what the table has, or has not. */
  readonly momentOfRefusal: MomentOfRefusal;
  /** Tokens that were accepted lately. @default none are remembered */
  readonly verified?: VerifiedTokens;
  /** Told of each step. @default nobody is, and it costs nothing */
  readonly observe?: Observe;
}
