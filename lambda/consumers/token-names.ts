/** What a revocation names a token by: hashes, so that neither tokens nor claims lie in the table. */
import { createHash } from 'node:crypto';

/** A token whose signature held. */
export interface NamedToken {
  /** `header.payload` as received: the signature may be spelled in other ways, and count all the same. */
  readonly signedPart: string;
  /** Its `iss`. */
  readonly issuer?: string;
  readonly jti?: string;
}

/** @param signedPart `header.payload`. @returns base64url. */
export const tokenHashOf = (signedPart: string): string => hash(signedPart);

/** A `jti` is unique for its issuer alone (RFC 7519 §4.1.7). @returns base64url. */
export const jtiHashOf = (jti: string, issuer = ''): string => hash(`${issuer}\0${jti}`);

export const isTokenHash = (value: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(value);

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url');
