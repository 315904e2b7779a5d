/** What is used of jws, which has no types of its own. */
declare module 'jws' {
  import type { KeyObject } from 'node:crypto';

  interface Jws {
    /** Whether the signature of a compact serialisation holds; nothing in it is read. @throws TypeError for a key that it cannot use. */
    verify(token: string, algorithm: string, key: KeyObject): boolean;
  }
  const jws: Jws;
  export default jws;
}
