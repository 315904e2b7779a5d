/** Configurations that would open the door, by mistake or by design: each is refused, with its problem's code. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { ProblemCode } from '../../lambda/config/problem.ts';
import { DISGUISES } from '../config/disguises.ts';
import { certificatePem, spkiPem } from '../config/keys.ts';
import { ecPair, P256, RSA } from './doors.ts';
import type { Citation } from './model.ts';

export interface ConfigurationAttack {
  readonly id: string;
  readonly cites: readonly Citation[];
  /** Options of the policy beside `checkCredentialExistence: false`. */
  readonly policy: Readonly<Record<string, unknown>>;
  readonly expected: ProblemCode;
}

const KEY_SIZE = ['RFC 8725 §3.2', 'RFC 7518 §3.3'] as const;
const SECRET_SIZE = ['RFC 8725 §2.2', 'RFC 8725 §3.5', 'RFC 7518 §3.2'] as const;
/** InfluxDB's, fast-jwt's (GHSA-gmvf-9v4p-v8jc) and ruby-jwt's (GHSA-c32j-vqhx-rx3x). */
const EMPTY = ['CVE-2019-20933', 'CVE-2026-44351', 'CVE-2026-45363', ...SECRET_SIZE] as const;
const CONFUSION = [
  'CVE-2015-9235',
  'CVE-2016-5431',
  'CVE-2022-29217',
  'CVE-2026-34950',
  'CVE-2026-48526',
  'RFC 8725 §2.1',
] as const;
const KEY_TYPE = ['CVE-2022-23539', 'RFC 8725 §3.1', 'RFC 7518 §3.1'] as const;

const of = (
  id: string,
  cites: readonly Citation[],
  policy: Readonly<Record<string, unknown>>,
  expected: ProblemCode,
): ConfigurationAttack => ({ ...{ id: `configuration/${id}`, cites, policy, expected } });

const rsa = (modulusLength: number, publicExponent = 65_537) =>
  spkiPem(generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey);
const key = (secretOrPublicKey: unknown, more: object = {}) => ({ secretOrPublicKey, ...more });
const bytes = (value: Uint8Array) => ({ secretOrPublicKeyBase64: Buffer.from(value).toString('base64') });

/** An RSA key with the exponent 1, of which every signature is the message itself. */
function exponentOne(): string {
  const jwk = RSA.publicKey.export({ format: 'jwk' });
  const integer = (value: Buffer) =>
    tlv(0x02, (value[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.of(0), value]) : value);
  const der = tlv(
    0x30,
    Buffer.concat([integer(Buffer.from(String(jwk.n), 'base64url')), integer(Buffer.of(1))]),
  );
  return `-----BEGIN RSA PUBLIC KEY-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END RSA PUBLIC KEY-----\n`;
}

/** DER: type, length, value. */
function tlv(type: number, value: Buffer): Buffer {
  const { length } = value;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(type, ...size), value]);
}

const edPem = spkiPem(generateKeyPairSync('ed25519').publicKey);
const dsaPem = spkiPem(generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).publicKey);
const pem = spkiPem(RSA.publicKey);
const ecPem = spkiPem(P256.publicKey);
const pkcs8 = (privateKey: KeyObject) => privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const SECRET = 'k9Wz3uPq7sYd1LmX5vBn8cRf2gHj4tQaE6oIi0UyTrZxCvNwMbKlSdFpGhJ_AeVi';
const NONE = ['none', 'None', 'NONE', 'nOnE', ''];
const FOREIGN = ['HS1', 'HS224', 'RS1', 'ES256K', 'EdDSA', 'hs256', 'HS256 ', 'dir', '__proto__'];

/** Disguises that leave a key that reads as the very key it is: those are keys, and no secrets. */
const STILL_KEYS = ['indented', 'with a tab before every line'];
/** Those that begin as a PEM does, and are told to be a broken one. */
const BROKEN_PEM = [
  ...['on one line', 'on one line with spaces', 'with escaped line breaks', 'with twice escaped line breaks'],
  'without its last line',
];
const DISGUISED = Object.entries(DISGUISES)
  .filter(([how]) => !STILL_KEYS.includes(how))
  .map(([how, disguise]) => {
    const expected = BROKEN_PEM.includes(how) ? 'key_invalid' : 'secret_looks_like_key';
    return { how, disguise, expected } as const;
  });

export const configurations: readonly ConfigurationAttack[] = [
  of('an RSA key of 1,024 bits', KEY_SIZE, key(rsa(1024)), 'key_too_weak'),
  of('an RSA key of 2,040 bits', KEY_SIZE, key(rsa(2040)), 'key_too_weak'),
  of('an RSA key with the exponent 1', ['RFC 8725 §3.4', ...KEY_SIZE], key(exponentOne()), 'key_too_weak'),
  of('a DSA key', KEY_TYPE, key(dsaPem), 'key_invalid'),
  of('an Ed25519 key', KEY_TYPE, key(edPem), 'key_invalid'),
  of(
    'a key on secp256k1',
    [...KEY_TYPE, 'RFC 7518 §3.4'],
    key(spkiPem(ecPair('secp256k1').publicKey)),
    'key_invalid',
  ),
  of(
    'a key on P-224',
    [...KEY_TYPE, 'RFC 7518 §3.4'],
    key(spkiPem(ecPair('P-224').publicKey)),
    'key_invalid',
  ),
  of('a private key', ['RFC 8725 §3.5'], key(pkcs8(RSA.privateKey)), 'key_is_private'),
  of(
    'a private key behind a certificate',
    ['RFC 8725 §3.5'],
    key(`${certificatePem('rsa')}${pkcs8(RSA.privateKey)}`),
    'key_is_private',
  ),
  of(
    'a public key that is cut off',
    ['RFC 8725 §3.4'],
    key(`${pem.slice(0, 200)}\n-----END PUBLIC KEY-----\n`),
    'key_invalid',
  ),

  of('an empty secret', EMPTY, key(''), 'secret_empty'),
  of('a secret of white space', EMPTY, key(' \n\t '), 'secret_empty'),
  of('a secret of zeros', EMPTY, bytes(Buffer.alloc(64)), 'secret_empty'),
  of(
    'an empty secret where short ones are allowed',
    EMPTY,
    key('', { allowShortSecret: true }),
    'secret_empty',
  ),
  of(
    'zeros where short secrets are allowed',
    EMPTY,
    { ...bytes(Buffer.alloc(64)), allowShortSecret: true },
    'secret_empty',
  ),
  of('a secret of 4 bytes', SECRET_SIZE, key('1234'), 'secret_too_short'),
  of('a secret of 31 bytes', SECRET_SIZE, key(SECRET.slice(0, 31)), 'secret_too_short'),
  of(
    'a short secret, zeros added',
    SECRET_SIZE,
    bytes(Buffer.concat([Buffer.from('1234'), Buffer.alloc(60)])),
    'secret_too_short',
  ),
  of(
    'a secret of 32 bytes for HS512',
    SECRET_SIZE,
    key(SECRET.slice(0, 32), { algorithms: ['HS512'] }),
    'secret_too_short',
  ),
  of(
    'a secret that is an address',
    SECRET_SIZE,
    key('https://id.example.com/.well-known/jwks.json'),
    'secret_looks_like_key',
  ),
  of(
    'a secret that is a variable',
    SECRET_SIZE,
    key('$\u007bJWT_SECRET_FROM_THE_ENVIRONMENT}'),
    'secret_looks_like_key',
  ),
  of('a secret that is a number', ['CVE-2022-23529', ...SECRET_SIZE], key(12_345), 'value_invalid'),
  of('a secret that is an object', ['CVE-2022-23529'], key({ toString: 'x' }), 'value_invalid'),
  of('a secret that is a list', ['CVE-2022-23529'], key([SECRET]), 'value_invalid'),
  of('no key at all', ['CVE-2022-23540', 'RFC 8725 §3.1'], {}, 'key_source_missing'),
  of('a key that is null', ['CVE-2022-23540'], key(null), 'value_invalid'),
  of(
    'two keys',
    ['CVE-2022-23541'],
    key(pem, { secretOrPublicKeyFile: './public.pem' }),
    'key_source_ambiguous',
  ),
  of(
    'a secret and a key set',
    ['CVE-2022-23541'],
    key(SECRET, { jwksUri: 'https://id.example.com/jwks', issuer: 'x' }),
    'key_source_ambiguous',
  ),

  ...NONE.map((alg) =>
    of(
      `algorithms: ${JSON.stringify(alg)}`,
      ['CVE-2022-23540', 'RFC 8725 §3.1'],
      key(SECRET, { algorithms: [alg] }),
      'value_invalid',
    ),
  ),
  ...FOREIGN.map((alg) =>
    of(`algorithms: ${JSON.stringify(alg)}`, KEY_TYPE, key(SECRET, { algorithms: [alg] }), 'value_invalid'),
  ),
  of(
    'algorithms: none beside HS256',
    ['RFC 8725 §3.1'],
    key(SECRET, { algorithms: ['HS256', 'none'] }),
    'value_invalid',
  ),
  of('algorithms: an empty list', ['RFC 8725 §3.1'], key(SECRET, { algorithms: [] }), 'value_invalid'),
  of('algorithms: text', ['RFC 8725 §3.1'], key(SECRET, { algorithms: 'HS256' }), 'value_invalid'),
  of(
    'algorithms: HS256 for an RSA key',
    [...CONFUSION, ...KEY_TYPE],
    key(pem, { algorithms: ['HS256'] }),
    'algorithm_key_mismatch',
  ),
  of(
    'algorithms: HS256 beside RS256',
    [...CONFUSION, ...KEY_TYPE],
    key(pem, { algorithms: ['RS256', 'HS256'] }),
    'algorithm_key_mismatch',
  ),
  of(
    'algorithms: HS256 for an EC key',
    [...CONFUSION, ...KEY_TYPE],
    key(ecPem, { algorithms: ['HS256'] }),
    'algorithm_key_mismatch',
  ),
  of(
    'algorithms: HS256 for a certificate',
    [...CONFUSION, ...KEY_TYPE],
    key(certificatePem('rsa'), { algorithms: ['HS256'] }),
    'algorithm_key_mismatch',
  ),
  of(
    'algorithms: RS256 for a secret',
    KEY_TYPE,
    key(SECRET, { algorithms: ['RS256'] }),
    'algorithm_key_mismatch',
  ),
  of(
    'algorithms: ES256 for an RSA key',
    KEY_TYPE,
    key(pem, { algorithms: ['ES256'] }),
    'algorithm_key_mismatch',
  ),
  of(
    'algorithms: RS256 for an EC key',
    KEY_TYPE,
    key(ecPem, { algorithms: ['RS256'] }),
    'algorithm_key_mismatch',
  ),
  of(
    'algorithms: ES384 for P-256',
    [...KEY_TYPE, 'RFC 7518 §3.4'],
    key(ecPem, { algorithms: ['ES384'] }),
    'algorithm_key_mismatch',
  ),
  of(
    'algorithms: HS256 for a key set',
    [...CONFUSION],
    { jwksUri: 'https://id.example.com/jwks', issuer: 'x', audience: 'y', algorithms: ['HS256'] },
    'algorithm_key_mismatch',
  ),

  of(
    'a key set without TLS',
    ['RFC 8725 §3.10', 'RFC 7517 §9.1'],
    { jwksUri: 'http://id.example.com/jwks', issuer: 'x', audience: 'y' },
    'value_invalid',
  ),
  of(
    'a key set in a file',
    ['RFC 8725 §2.9'],
    { jwksUri: 'file:///etc/passwd', issuer: 'x', audience: 'y' },
    'value_invalid',
  ),
  of(
    'a key set for any issuer',
    ['RFC 8725 §3.8'],
    { jwksUri: 'https://id.example.com/jwks', audience: 'y' },
    'issuer_required',
  ),
  of(
    'a key set for any audience',
    ['RFC 8725 §3.9'],
    { jwksUri: 'https://id.example.com/jwks', issuer: 'x' },
    'audience_required',
  ),
  of(
    'an option that is misspelled',
    ['RFC 8725 §3.9'],
    key(SECRET, { audiences: 'orders-api' }),
    'unknown_key',
  ),
  of('an audience that is empty', ['RFC 8725 §3.9'], key(SECRET, { audience: '' }), 'value_invalid'),
  of('an audience that is an empty list', ['RFC 8725 §3.9'], key(SECRET, { audience: [] }), 'value_invalid'),
  of('an issuer that is empty', ['RFC 8725 §3.8'], key(SECRET, { issuer: '' }), 'value_invalid'),
  of(
    'a tolerance without end',
    ['RFC 7519 §4.1.4'],
    key(SECRET, { clockToleranceSeconds: Number.POSITIVE_INFINITY }),
    'value_invalid',
  ),
  of(
    'a tolerance that is negative',
    ['RFC 7519 §4.1.4'],
    key(SECRET, { clockToleranceSeconds: -1 }),
    'value_invalid',
  ),

  ...Object.entries({
    'RSA key': pem,
    'EC key': ecPem,
    'RSA certificate': certificatePem('rsa'),
    'EC certificate': certificatePem('ec'),
  }).flatMap(([name, text]) =>
    DISGUISED.map(({ how, disguise, expected }) =>
      of(`a secret that is an ${name}, ${how}`, CONFUSION, bytes(Buffer.from(disguise(text))), expected),
    ),
  ),
  ...Object.entries({ RSA: RSA.publicKey, EC: P256.publicKey }).flatMap(([name, publicKey]) => {
    const jwk = JSON.stringify(publicKey.export({ format: 'jwk' }));
    return [
      of(`a secret that is an ${name} JWK`, CONFUSION, key(jwk), 'secret_looks_like_key'),
      of(
        `a secret that is a set with an ${name} JWK`,
        CONFUSION,
        key(`{"keys":[${jwk}]}`),
        'secret_looks_like_key',
      ),
      of(
        `a secret that is an ${name} JWK in base64`,
        CONFUSION,
        key(Buffer.from(jwk).toString('base64')),
        'secret_looks_like_key',
      ),
    ];
  }),
];
