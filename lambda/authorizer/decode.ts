import { type Denial, deny } from './denial.ts';
import type { UnverifiedToken } from './extract.ts';
import { type JsonObject, parseStrictObject } from './strict-json.ts';

/** A token taken apart. The names say what can be relied upon: nothing, until the signature held. */
export interface DecodedToken {
  readonly token: UnverifiedToken;
  readonly unverifiedHeader: JsonObject;
  readonly unverifiedClaims: JsonObject;
}

/**
 * Takes a JWS in compact serialisation apart (RFC 7515 §7.1) without judging its signature.
 * @returns a denial for what is none, or what two readers could read in two ways.
 */
export function decode(token: UnverifiedToken): DecodedToken | Denial {
  const [header = '', payload = '', signature, ...more] = token.split('.');
  if (signature === undefined || more.length > 0) return deny('token_malformed');
  const unverifiedHeader = decodeObject(header);
  if (unverifiedHeader === undefined) return deny('token_malformed');
  if (typeof unverifiedHeader['alg'] !== 'string' || unverifiedHeader['alg'].toLowerCase() === 'none') {
    return deny('algorithm_not_allowed');
  }
  // Extensions that must be understood to be safe; we understand none (RFC 7515 §4.1.11, RFC 7797 §6).
  if ('crit' in unverifiedHeader || ('b64' in unverifiedHeader && unverifiedHeader['b64'] !== true)) {
    return deny('critical_header_not_supported');
  }
  const unverifiedClaims = decodeObject(payload);
  if (unverifiedClaims === undefined || decodeBase64url(signature) === undefined)
    return deny('token_malformed');
  return { token, unverifiedHeader, unverifiedClaims };
}

function decodeObject(part: string): JsonObject | undefined {
  const bytes = decodeBase64url(part);
  return bytes && parseStrictObject(bytes);
}

/** Only the canonical spelling: no padding, white space, `+` or `/`, and no stray bits at the end (RFC 4648 §3.5). */
function decodeBase64url(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return part !== '' && bytes.toString('base64url') === part ? bytes : undefined;
}
