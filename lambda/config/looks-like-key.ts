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
/** What holds more that may be a wrapping, or may be DER, is not looked through: it is no secret that anybody made. */
const MOST_LOOKS = 4_096;
/** What it takes to see that DER is no key, in such looks. */
const LOOKS_OF_DER = 16;

/**
 * Whether bytes in the place of a secret hold a key in disguise, whatever is around it: PEM with spaces, quotes or escapes,
 * DER, a JWK (set), or any of these in base64, base64url, hex, a JSON string or UTF-16.
 */
export function looksLikeKey(bytes: Uint8Array): boolean {
  return holdsKey(Buffer.from(bytes), MAXIMUM_WRAPPINGS, { left: MOST_LOOKS });
}

interface Looks {
  left: number;
}

function holdsKey(bytes: Buffer, wrappings: number, looks: Looks): boolean {
  looks.left -= 1;
  if (looks.left < 0 || holdsDer(bytes, looks)) return true;
  const text = bytes
    .toString('utf8')
    .replaceAll('\0', '')
    // The byte order mark of UTF-16, being no UTF-8; that of UTF-8 counts as a space.
    .replace(/^\ufffd\ufffd/, '')
    .trim();
  if (KEY_TEXT.some((pattern) => pattern.test(text)) || isJwk(text)) return true;
  if (wrappings === 0) return false;
  for (const inner of unwrappings(text)) if (holdsKey(inner, wrappings - 1, looks)) return true;
  return false;
}

/** 1.2.840.113549.1.7, which PKCS#7 (.p7b) and PKCS#12 (.p12, .pfx) files name at their beginning. */
const PKCS7_OID = Buffer.from('06092a864886f70d0107', 'hex');

function holdsDer(bytes: Buffer, looks: Looks): boolean {
  if (bytes.includes(PKCS7_OID)) return true;
  for (let at = bytes.indexOf(SEQUENCE); at !== -1; at = bytes.indexOf(SEQUENCE, at + 1)) {
    const key = bytes.subarray(at);
    if (!mayBeDer(key)) continue;
    looks.left -= LOOKS_OF_DER;
    if (looks.left < 0 || isDer(key)) return true;
  }
  return false;
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;

/** A sequence that is there as far as it says, and begins with another, or with a number, that ends in it: as every key does. */
function mayBeDer(bytes: Buffer): boolean {
  const outer = contentOf(bytes);
  if (outer === undefined) return false;
  return (outer[0] === SEQUENCE || outer[0] === INTEGER) && contentOf(outer) !== undefined;
}

/** @returns the content of a value in DER or BER (X.690 §8.1.3), undefined where less is there than it says. */
function contentOf(value: Buffer): Buffer | undefined {
  const [, first = 0] = value;
  const more = first > 0x80 ? first - 0x80 : 0;
  // As long as it is until its end is told.
  if (first === 0x80) return value.subarray(2);
  // OpenSSL reads up to five octets.
  if (more > 5 || value.length < 2 + more) return undefined;
  const end = 2 + more + (more === 0 ? first : value.readUIntBE(2, more));
  return end > value.length ? undefined : value.subarray(2 + more, end);
}

const isDer = (key: Buffer): boolean =>
  [
    () => createPublicKey({ key, format: 'der', type: 'spki' }),
    () => createPublicKey({ key, format: 'der', type: 'pkcs1' }), // of a private one too
    () => createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
    () => createPrivateKey({ key, format: 'der', type: 'sec1' }),
    () => new X509Certificate(key),
  ].some(isKeyOf);

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

/**
 * What the text may be a wrapping of: the content of a JSON string, and whatever there is of hex, base64 or base64url in it. Words
 * may run into that, so that where its bytes begin is tried.
 */
function* unwrappings(text: string): Generator<Buffer> {
  const unquoted = parseJson(text);
  if (typeof unquoted === 'string') yield Buffer.from(unquoted, 'utf8');
  const packed = text.replace(/\\[nr]|[\s'"]/g, '');
  const digits = packed.replace(/0x|[:,]/gi, '');
  for (const [run] of digits.matchAll(/[0-9a-f]{32,}/gi))
    for (const at of [0, 1]) yield Buffer.from(run.slice(at), 'hex');
  for (const [run] of packed.matchAll(/[A-Za-z0-9+/_-]{20,}/g))
    for (const at of [0, 1, 2, 3]) yield Buffer.from(run.slice(at), 'base64');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
