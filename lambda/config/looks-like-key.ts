import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';

const ARMOUR =
  /-{2,}\s*BEGIN|BEGIN [A-Z0-9 ]*(?:KEY|CERTIFICATE)|(?:ssh-(?:rsa|ed25519)|ecdsa-sha2-\S+)\s+AAAA/i;
/** PEM in base64 in a JSON string in base64 is as far as anyone gets by accident. */
const MAXIMUM_WRAPPINGS = 3;

/**
 * Whether bytes in the place of a secret are a key in disguise: PEM with spaces, quotes or escapes around
 * it, DER, a JWK (set), or any of these in base64, base64url, hex, a JSON string or UTF-16.
 */
export function looksLikeKey(bytes: Uint8Array, wrappings = MAXIMUM_WRAPPINGS): boolean {
  if (isDer(bytes)) return true;
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replaceAll('\0', '')
    .replace(/^\ufeff/, '')
    .trim();
  if (ARMOUR.test(text) || isJwk(text)) return true;
  return wrappings > 0 && unwrappings(text).some((inner) => looksLikeKey(inner, wrappings - 1));
}

function isDer(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x30) return false;
  const key = Buffer.from(bytes);
  return [
    () => createPublicKey({ key, format: 'der', type: 'spki' }),
    () => createPublicKey({ key, format: 'der', type: 'pkcs1' }),
    () => createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
    () => createPrivateKey({ key, format: 'der', type: 'pkcs1' }),
    () => createPrivateKey({ key, format: 'der', type: 'sec1' }),
    () => new X509Certificate(key),
  ].some(succeeds);
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

function isJwk(text: string): boolean {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null && ('kty' in value || 'keys' in value);
}

/** What the text may be a wrapping of: the content of a JSON string, hex, base64 or base64url. */
function unwrappings(text: string): Uint8Array[] {
  const found: Uint8Array[] = [];
  const unquoted = parseJson(text);
  if (typeof unquoted === 'string') found.push(Buffer.from(unquoted, 'utf8'));
  const packed = text.replace(/\\[nr]|[\s'"]/g, '');
  if (/^(?:[0-9a-f]{2}){16,}$/i.test(packed)) found.push(Buffer.from(packed, 'hex'));
  if (/^[A-Za-z0-9+/_-]{20,}={0,2}$/.test(packed)) found.push(Buffer.from(packed, 'base64'));
  return found;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
