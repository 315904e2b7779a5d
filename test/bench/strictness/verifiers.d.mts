export interface Wanted {
  readonly algorithm: string;
  /** Secret or PEM; undefined where the keys are a set. */
  readonly text: string | undefined;
  readonly keySet: { readonly keys: readonly object[] };
  readonly issuer: string;
  readonly audience: string;
}

export interface Peer {
  readonly name: string;
  /** As it stands on the page. */
  readonly call: string;
  /** A verify that throws, or rejects, to refuse; undefined where the library has no such thing. */
  verifierFor(wanted: Wanted): Promise<((token: string) => unknown) | undefined>;
}

export const PEERS: readonly Peer[];
