import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';

/** PEM and SSH2 armour, OpenSSH keys with or without their base64, and JWKs that are no strict JSON. */
const KEY_TEXT = [
  // With bounds: a secret may be long, and of nothing but dashes or beginnings.
  /--\s{0,99}BEGIN|BEGIN [A-Z0-9 ]{0,99}(?:KEY|CERTIFICATE)|-{5}\s{0,99}END/i,
  /ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp/i,
  /<RSAKeyValue|<Modulus>|^Modulus=|Public-Key: \(/im,
  /\bkty\b\\?["']?\s*:\s*\\?["']?(?:RSA|EC|OKP|oct)/,
];
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
    // The byte order mark of UTF-16, being no UTF-8; that of UTF-8 counts as a space.
    .replace(/^\ufffd\ufffd/, '')
    .trim();
  if (KEY_TEXT.some((pattern) => pattern.test(text)) || isJwk(text)) return true;
  return wrappings > 0 && unwrappings(text).some((inner) => looksLikeKey(inner, wrappings - 1));
}

/** 1.2.840.113549.1.7, which PKCS#7 (.p7b) and PKCS#12 (.p12, .pfx) files name at their beginning. */
const PKCS7_OID = Buffer.from('06092a864886f70d0107', 'hex');

function isDer(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x30) return false;
  const key = Buffer.from(bytes);
  if (key.includes(PKCS7_OID)) return true;
  return [
    () => createPublicKey({ key, format: 'der', type: 'spki' }),
    () => createPublicKey({ key, format: 'der', type: 'pkcs1' }), // of a private one too
    () => createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
    () => createPrivateKey({ key, format: 'der', type: 'sec1' }),
    () => new X509Certificate(key),
  ].some(isKeyOf);
}

function isKeyOf(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    // An encrypted private key.
    return error instanceof Error && 'code' in error && error.code === 'ERR_MISSING_PASSPHRASE';
  }
}

function isJwk(text: string): boolean {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null && ('kty' in value || 'keys' in value);
}

/** What the text may be a wrapping of: the content of a JSON string, and whatever there is of hex, base64 or base64url in it. */
function unwrappings(text: string): Uint8Array[] {
  const unquoted = parseJson(text);
  const packed = text.replace(/\\[nr]|[\s'"]/g, '');
  const digits = packed.replace(/0x|[:,]/gi, '');
  return [
    ...(typeof unquoted === 'string' ? [Buffer.from(unquoted, 'utf8')] : []),
    ...Array.from(digits.matchAll(/[0-9a-f]{32,}/gi), ([run]) => Buffer.from(run, 'hex')),
    ...Array.from(packed.matchAll(/[A-Za-z0-9+/_-]{20,}/g), ([run]) => Buffer.from(run, 'base64')),
  ];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
