import { type Denial, deny } from './denial.ts';
import type { UnverifiedToken } from './extract.ts';
import { type JsonObject, parseStrictObject } from './strict-json.ts';

/** A token taken apart. The names say what can be relied upon: nothing, until the signature held. */
export interface DecodedToken {
  readonly token: UnverifiedToken;
  readonly unverifiedHeader: JsonObject;
  readonly unverifiedClaims: JsonObject;
  /** Its object is there for the next request with the token. */
  readonly isRemembered?: true;
}

/**
 * Takes a JWS in compact serialisation apart (RFC 7515 §7.1) without judging its signature.
 * @returns a denial for what is none, or what two readers could read in two ways.
 */
export function decode(token: UnverifiedToken): DecodedToken | Denial {
  const [header = '', payload = '', signature, ...more] = token.split('.');
  if (signature === undefined || more.length > 0) return deny('token_malformed');
  const unverifiedHeader = decodeHeader(header);
  if (unverifiedHeader === undefined) return deny('token_malformed');
  if (typeof unverifiedHeader['alg'] !== 'string' || unverifiedHeader['alg'].toLowerCase() === 'none') {
    return deny('algorithm_not_allowed');
  }
  // Extensions that must be understood to be safe; we understand none (RFC 7515 §4.1.11, RFC 7797 §6).
  if ('crit' in unverifiedHeader || ('b64' in unverifiedHeader && unverifiedHeader['b64'] !== true)) {
    return deny('critical_header_not_supported');
  }
  const unverifiedClaims = decodeObject(payload);
  if (unverifiedClaims === undefined || !isBase64url(signature)) return deny('token_malformed');
  return { token, unverifiedHeader, unverifiedClaims };
}

/** An issuer's tokens begin alike: the last header is kept. */
let last: { readonly part: string; readonly header: JsonObject } | undefined;

function decodeHeader(part: string): JsonObject | undefined {
  if (last?.part === part) return last.header;
  const header = decodeObject(part);
  if (header !== undefined) last = { part, header };
  return header;
}

function decodeObject(part: string): JsonObject | undefined {
  return isBase64url(part) ? parseStrictObject(Buffer.from(part, 'base64url')) : undefined;
}

/** What the last character may be, with no bits beyond the last byte: by the length of what is left of groups of four. */
const LAST = [undefined, /^[AQgw]$/, /^[AEIMQUYcgkosw048]$/];

/** Only the canonical spelling: no padding, white space, `+` or `/`, and no stray bits at the end (RFC 4648 §3.5). */
function isBase64url(part: string): boolean {
  if (part === '' || !/^[A-Za-z0-9_-]+$/.test(part)) return false;
  const left = part.length % 4;
  return left === 0 || (left > 1 && LAST[left - 1]?.test(part.slice(-1)) === true);
}
