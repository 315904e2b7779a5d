import type { KeyObject } from 'node:crypto';
import { type Denial, deny } from './denial.ts';
import type { UnverifiedToken } from './extract.ts';
import { type JsonObject, parseSpelledObject, parseStrictObject } from './strict-json.ts';

/** A token taken apart. The names say what can be relied upon: nothing, until the signature held. */
export interface DecodedToken {
  readonly token: UnverifiedToken;
  readonly unverifiedHeader: JsonObject;
  readonly unverifiedClaims: JsonObject;
  /** The claims as the token spells them, where that can be passed on as it is. */
  readonly spelled?: SpelledClaims;
  /** The key that the signature is known to hold with. The object is then there for the next request with the token. */
  readonly heldWith?: KeyObject;
}

/** Claims as JSON on one line and without escapes, and the same in base64url. */
export interface SpelledClaims {
  readonly json: string;
  readonly base64url: string;
}

/**
 * Takes a JWS in compact serialisation apart (RFC 7515 §7.1) without judging its signature.
 * @returns a denial for what is none, or what two readers could read in two ways.
 */
export function decode(token: UnverifiedToken): DecodedToken | Denial {
  const [first, last] = [token.indexOf('.'), token.lastIndexOf('.')];
  if (first === last || token.indexOf('.', first + 1) !== last) return deny('token_malformed');
  const unverifiedHeader = decodeHeader(token.slice(0, first));
  if (unverifiedHeader === undefined) return deny('token_malformed');
  if (typeof unverifiedHeader['alg'] !== 'string' || unverifiedHeader['alg'].toLowerCase() === 'none') {
    return deny('algorithm_not_allowed');
  }
  // Extensions that must be understood to be safe; we understand none (RFC 7515 §4.1.11, RFC 7797 §6).
  if ('crit' in unverifiedHeader || ('b64' in unverifiedHeader && unverifiedHeader['b64'] !== true)) {
    return deny('critical_header_not_supported');
  }
  const payload = token.slice(first + 1, last);
  const bytes = bytesOf(payload);
  const claims = bytes && parseSpelledObject(bytes);
  if (claims === undefined || !bytesOf(token.slice(last + 1))) return deny('token_malformed');
  const { object: unverifiedClaims, text: json } = claims;
  const isPlain = !UNLIKE_OURS.some((character) => json.includes(character));
  return isPlain
    ? { token, unverifiedHeader, unverifiedClaims, spelled: { json, base64url: payload } }
    : { token, unverifiedHeader, unverifiedClaims };
}

/** Of the escapes, `\u0000` would be read by some; and no more than one line goes into a header or a log. */
const UNLIKE_OURS = ['\\', '\n', '\r', '\t'];

/** An issuer's tokens begin alike: the last header is kept. */
let lastHeader: { readonly part: string; readonly header: JsonObject } | undefined;

function decodeHeader(part: string): JsonObject | undefined {
  if (lastHeader?.part === part) return lastHeader.header;
  const bytes = bytesOf(part);
  const header = bytes && parseStrictObject(bytes);
  if (header !== undefined) lastHeader = { part, header };
  return header;
}

/**
 * Only of the spelling that an encoder gives: no padding, white space, `+` or `/`, no stray bits at the end, and nothing that
 * a decoder skips (RFC 4648 §3.3, §3.5).
 * @returns undefined for any other, and for no bytes at all.
 */
function bytesOf(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return part !== '' && bytes.toString('base64url') === part ? bytes : undefined;
}
