import type { KeyObject } from 'node:crypto';
import type { Algorithm } from '../config/types.ts';

/** A key, and what it may be used for. */
export interface VerificationKey {
  readonly key: KeyObject;
  /** The allow-list and what the key can do, met. */
  readonly algorithms: readonly Algorithm[];
  /** Its name in a key set. */
  readonly kid?: string;
  /** From this moment on it does not verify. Milliseconds since 1970. */
  readonly endsAtMs?: number;
}

/** What an unverified header says of the key that signed. It chooses among keys that are ours, and no more. */
export interface KeyHint {
  readonly algorithm: Algorithm;
  /** The header's `kid`, whatever it is; undefined where there is none. */
  readonly kid: unknown;
}

export type Keys = readonly KeyObject[];

/** Where the keys of a policy come from. */
export interface KeyFinder {
  /**
   * @returns the keys that may have signed such a token, the likeliest first; at once when they are at hand.
   * @throws KeyUnavailable (or rejects with it)
   */
  find(hint: KeyHint): Keys | Promise<Keys>;
  /**
   * Asked when none of those held: another key may have come up since.
   * @returns newer keys; undefined when there are none, or it was looked only just now.
   * @throws KeyUnavailable (or rejects with it): then nobody knows whether the token is valid.
   */
  findNewer(hint: KeyHint): Promise<Keys | undefined> | undefined;
}
