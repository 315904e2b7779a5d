import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { looksLikeKey } from './looks-like-key.ts';
import type { ProblemCode } from './problem.ts';
import type { Algorithm } from './types.ts';

/** A key, or why the bytes are none. Messages never quote the bytes. */
export type KeyImport =
  | { readonly ok: true; readonly key: KeyObject }
  | { readonly ok: false; readonly code: ProblemCode; readonly message: string };

const PEM_LABEL = /^-----BEGIN ([A-Z0-9 ]+)-----/;
const PRIVATE_KEY = /-BEGIN [A-Z0-9 ]*PRIVATE KEY/;
const BLOCK = /-BEGIN ([A-Z0-9 ]+)-/g;
/** What node:crypto reads a public key from; it skips all else. */
const READ = /^(?:RSA )?PUBLIC KEY$|^(?:X509 )?CERTIFICATE$/;
/** Taken as a secret, an address is one that everybody knows. */
const REFERENCE =
  /^(?:(?:https?|file):\S+|arn:\S+|\$\{[^}]*\}|\$[A-Z_]+|\{\{resolve:.*\}\}|\S*\.(?:pem|key|crt|cer|der|json))$/i;

const MINIMUM_RSA_BITS = 2048;
const CURVES: Readonly<Record<string, Algorithm>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};
const PSS = ['PS256', 'PS384', 'PS512'] as const;
const HMAC_BYTES: Readonly<Record<string, number>> = { HS256: 32, HS384: 48, HS512: 64 };

/**
 * A verification key from what a configuration or a secret store holds: a PEM public key or certificate, or
 * else an HMAC secret. Whatever looks like a key but does not read as one is refused rather than taken for
 * a secret: with a public key as the secret, anyone could sign HS256 (RFC 8725 §2.1).
 */
export function importKey(bytes: Uint8Array): KeyImport {
  const text = Buffer.from(bytes).toString('utf8').trim();
  const label = PEM_LABEL.exec(text)?.[1];
  if (label !== undefined) return importPem(text, label);
  if (looksLikeKey(bytes)) {
    return refuse(
      'secret_looks_like_key',
      'this looks like a key (PEM, DER or JWK, perhaps quoted, escaped or encoded once more), not like a secret; give a PEM public key as it stands in its file',
    );
  }
  // HMAC pads a key with zeros, so those at its end add nothing, and a key of zeros is the empty one.
  const length = bytes.findLastIndex((byte) => byte !== 0) + 1;
  if (text === '' || length === 0)
    return refuse('secret_empty', 'the secret is empty; give one of at least 32 random bytes');
  if (length < 32 && bytes.length >= 32)
    return refuse('secret_too_short', `all but ${length} bytes of the secret are zeros at its end`);
  if (REFERENCE.test(text)) {
    return refuse(
      'secret_looks_like_key',
      'this looks like the address of a key (a URL, an ARN, a path, a variable), not like a secret; use secretOrPublicKeyFile or secretArn',
    );
  }
  return { ok: true, key: createSecretKey(bytes) };
}

function importPem(pem: string, label: string): KeyImport {
  // Anywhere: a private key may follow its certificate or its EC parameters, and would be read as public.
  if (PRIVATE_KEY.test(pem)) {
    return refuse(
      'key_is_private',
      'this is a private key; give the public key, and keep the private one where tokens are signed',
    );
  }
  const labels = Array.from(pem.matchAll(BLOCK), ([, each = '']) => each).filter(
    (each) => each !== 'EC PARAMETERS',
  );
  // Of certificates the first is the key's, and those behind it are of who issued it. Of keys, one alone would count.
  if (labels.length > 1 && labels.some((each) => each.endsWith('PUBLIC KEY')))
    return refuse(
      'key_invalid',
      `this PEM holds ${labels.length} keys; give one, or where keys change a key set (jwksUri) or a stored key (secretArn)`,
    );
  const [first = label] = labels;
  if (!READ.test(first)) return unreadable(first);
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    return unreadable(first);
  }
  return assertStrong(key);
}

const unreadable = (label: string): KeyImport =>
  refuse(
    'key_invalid',
    `this PEM "${label}" cannot be read; give the file as it was made, with its line breaks`,
  );

/** Whether a public key is of a kind and a size that may verify. */
export function assertStrong(key: KeyObject): KeyImport {
  const { namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa' || key.asymmetricKeyType === 'rsa-pss') return assertStrongRsa(key);
  if (namedCurve !== undefined && namedCurve in CURVES) return { ok: true, key };
  return refuse(
    'key_invalid',
    `a key of type ${namedCurve ?? key.asymmetricKeyType}; give RSA, or EC on P-256, P-384 or P-521`,
  );
}

function assertStrongRsa(key: KeyObject): KeyImport {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (modulusLength < MINIMUM_RSA_BITS) {
    return refuse(
      'key_too_weak',
      `an RSA key of ${modulusLength} bits; give one of at least ${MINIMUM_RSA_BITS} (RFC 7518 §3.3)`,
    );
  }
  // With the exponent 1 every signature is the message itself.
  if (publicExponent < 3n)
    return refuse('key_too_weak', `an RSA key with the exponent ${publicExponent}; the usual one is 65537`);
  if (algorithmsOfKey(key).length === 0) {
    return refuse(
      'key_invalid',
      'an RSA-PSS key without the parameters of PS256, PS384 or PS512 (one hash for message and mask, a salt no longer than it); give such a key, or a plain RSA key, which does PS* too',
    );
  }
  return { ok: true, key };
}

function refuse(code: ProblemCode, message: string): KeyImport {
  return { ok: false, code, message };
}

/** Every algorithm that a key of this type can verify; for a secret, whatever its length. */
export function algorithmsOfKey(key: KeyObject): readonly Algorithm[] {
  if (key.type === 'secret') return ['HS256', 'HS384', 'HS512'];
  if (key.asymmetricKeyType === 'rsa') return ['RS256', 'RS384', 'RS512', ...PSS];
  if (key.asymmetricKeyType === 'rsa-pss') return PSS.filter((algorithm) => fitsPss(key, algorithm));
  const curve = CURVES[key.asymmetricKeyDetails?.namedCurve ?? ''];
  return curve === undefined ? [] : [curve];
}

/** An RSA-PSS key carries its hash (RFC 4055 §3.1); `jsonwebtoken` asks for one that is the algorithm's own. */
function fitsPss(key: KeyObject, algorithm: (typeof PSS)[number]): boolean {
  const { hashAlgorithm, mgf1HashAlgorithm, saltLength = 0 } = key.asymmetricKeyDetails ?? {};
  const bits = algorithm.slice(2);
  return (
    hashAlgorithm === `sha${bits}` && mgf1HashAlgorithm === hashAlgorithm && saltLength <= Number(bits) / 8
  );
}

/** Whether an HMAC secret is at least as long as the algorithm's hash (RFC 7518 §3.2); a key of any other algorithm always is. */
export function isLongEnough(secret: KeyObject, algorithm: Algorithm): boolean {
  return (secret.symmetricKeySize ?? 0) >= (HMAC_BYTES[algorithm] ?? 0);
}
