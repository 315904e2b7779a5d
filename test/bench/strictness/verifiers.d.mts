import type { Wants } from '../../attack/doors.ts';

export interface Wanted {
  readonly algorithm: string;
  /** Secret or PEM; undefined where the keys are a set. */
  readonly text: string | undefined;
  readonly keySet: { readonly keys: readonly object[] };
  readonly issuer: string;
  readonly audience: string;
  /** What else the policy wants: nothing, as a rule. */
  readonly wants: Wants;
}

export interface Peer {
  readonly name: string;
  /** As it stands on the page. */
  readonly call: string;
  /** A verify that throws, or rejects, to refuse; undefined where the library has no such thing, or no such option. */
  verifierFor(wanted: Wanted): Promise<((token: string) => unknown) | undefined>;
}

export const PEERS: readonly Peer[];
