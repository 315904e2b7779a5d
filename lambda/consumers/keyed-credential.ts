import type { Credential } from './model.ts';

/** A secret: never to be logged or shown. */
export type CredentialKey = (
  | { readonly keySecret: string }
  | { readonly publicKey: string; readonly algorithm: string }
) & {
  /** A key that was replaced verifies until then. Seconds since 1970. */
  readonly untilSeconds?: number;
};

/** A credential with the keys that verify its tokens. */
export interface KeyedCredential {
  readonly credential: Credential;
  /** The current one first. Which of them count is for the moment of use to say: {@link CredentialKey}. */
  readonly keys: readonly CredentialKey[];
}

/** @returns the keys that count now. @param nowSeconds seconds since 1970. */
export const countingKeys = (keys: readonly CredentialKey[], nowSeconds: number): readonly CredentialKey[] =>
  keys.filter(({ untilSeconds }) => untilSeconds === undefined || nowSeconds < untilSeconds);
