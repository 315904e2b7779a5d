/** What is used of jwa, which has no types of its own. */
declare module 'jwa' {
  import type { KeyObject } from 'node:crypto';

  interface Verifier {
    /** @param signature in base64url. @throws TypeError for a key, an Error for a signature that it cannot use. */
    verify(signedPart: string, signature: string, key: KeyObject): boolean;
  }
  /** @throws TypeError for an algorithm that it does not know. */
  export default function jwa(algorithm: string): Verifier;
}
