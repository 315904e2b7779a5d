import type { KeyObject } from 'node:crypto';
import { type Denial, deny } from './denial.ts';
import type { UnverifiedToken } from './extract.ts';
import { type JsonObject, parseStrictObject } from './strict-json.ts';

/** A token taken apart. The names say what can be relied upon: nothing, until the signature held. */
export interface DecodedToken {
  readonly token: UnverifiedToken;
  readonly unverifiedHeader: JsonObject;
  readonly unverifiedClaims: JsonObject;
  /** The key that the signature is known to hold with. The object is then there for the next request with the token. */
  readonly heldWith?: KeyObject;
}

/** Three parts in the alphabet of base64url: no padding, white space, `+` or `/` (RFC 4648 §5). */
const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*$/;

/**
 * Takes a JWS in compact serialisation apart (RFC 7515 §7.1) without judging its signature.
 * @returns a denial for what is none, or what two readers could read in two ways.
 */
export function decode(token: UnverifiedToken): DecodedToken | Denial {
  if (!COMPACT.test(token)) return deny('token_malformed');
  const [first, last] = [token.indexOf('.'), token.lastIndexOf('.')];
  const unverifiedHeader = decodeHeader(token.slice(0, first));
  if (unverifiedHeader === undefined) return deny('token_malformed');
  if (typeof unverifiedHeader['alg'] !== 'string' || unverifiedHeader['alg'].toLowerCase() === 'none') {
    return deny('algorithm_not_allowed');
  }
  // Extensions that must be understood to be safe; we understand none (RFC 7515 §4.1.11, RFC 7797 §6).
  if ('crit' in unverifiedHeader || ('b64' in unverifiedHeader && unverifiedHeader['b64'] !== true)) {
    return deny('critical_header_not_supported');
  }
  const unverifiedClaims = decodeObject(token.slice(first + 1, last));
  const isSigned = isCanonical(token.slice(last + 1));
  return unverifiedClaims === undefined || !isSigned
    ? deny('token_malformed')
    : { token, unverifiedHeader, unverifiedClaims };
}

/** An issuer's tokens begin alike: the last header is kept. */
let lastHeader: { readonly part: string; readonly header: JsonObject } | undefined;

function decodeHeader(part: string): JsonObject | undefined {
  if (lastHeader?.part === part) return lastHeader.header;
  const header = decodeObject(part);
  if (header !== undefined) lastHeader = { part, header };
  return header;
}

function decodeObject(part: string): JsonObject | undefined {
  return isCanonical(part) ? parseStrictObject(Buffer.from(part, 'base64url')) : undefined;
}

/** Whether there is something, and no bits beyond its last byte (RFC 4648 §3.5). @param part in the alphabet of base64url. */
function isCanonical(part: string): boolean {
  const allowed = LAST[part.length % 4];
  return part !== '' && (allowed === undefined || allowed.includes(part.slice(-1)));
}

/** What the last character may be, by how many there are beyond groups of four. */
const LAST = [undefined, [], [...'AQgw'], [...'AEIMQUYcgkosw048']];
