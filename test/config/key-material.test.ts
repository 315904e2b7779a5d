import {
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { algorithmsOfKey, importKey, isLongEnough } from '../../lambda/config/key-material.ts';
import { certificatePem, EC, RSA, spkiPem } from './keys.ts';

const imported = (material: string | Uint8Array) => importKey(Buffer.from(material));
const codeOf = (material: string | Uint8Array) => {
  const result = imported(material);
  return result.ok ? 'ok' : result.code;
};
const rsaPublic = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).publicKey;
const ecPublic = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).publicKey;

describe('public keys are read', () => {
  const pem = spkiPem(RSA.publicKey);
  const pkcs1 = RSA.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  test.each([
    ['SPKI', pem],
    ['PKCS#1', pkcs1],
    ['with CRLF', pem.replaceAll('\n', '\r\n')],
    ['with a BOM', `\ufeff${pem}`],
    ['with blank lines around', `\n\n${pem}\n\n`],
    ['without a line break at the end', pem.trimEnd()],
  ])('%s', (_, text) => {
    const result = imported(text);
    expect(result.ok && result.key.equals(RSA.publicKey)).toBe(true);
  });
  test.each(['rsa', 'ec'] as const)('from an %s certificate', (type) => {
    const result = imported(certificatePem(type));
    expect(result.ok && [result.key.type, result.key.asymmetricKeyType]).toEqual(['public', type]);
  });
  test.each(['rsa', 'ec'] as const)('from an %s certificate, which that of its issuer follows', (type) => {
    const issuer = certificatePem(type === 'rsa' ? 'ec' : 'rsa');
    const result = imported(certificatePem(type) + issuer);
    expect(result.ok && result.key.asymmetricKeyType).toBe(type);
  });
  test('behind the parameters of its curve', () => {
    const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
    const result = imported(parameters + spkiPem(EC.publicKey));
    expect(result.ok && result.key.equals(EC.publicKey)).toBe(true);
  });
});

describe('a block that is not read is not skipped for one behind it', () => {
  const [leaf, issuer] = [certificatePem('ec'), certificatePem('rsa')];
  const labelled = (label: string) => leaf.replaceAll(' CERTIFICATE-', ` ${label}-`);
  test.each(['TRUSTED CERTIFICATE', 'CERTIFICATE REQUEST', 'PKCS7', 'CERTIFICAT', 'PUBLIC KEYS'])(
    '%s',
    (label) => {
      expect(codeOf(labelled(label) + issuer)).toBe('key_invalid');
    },
  );
  test('X509 CERTIFICATE is another word for it', () => {
    const result = imported(labelled('X509 CERTIFICATE') + issuer);
    expect(result.ok && result.key.asymmetricKeyType).toBe('ec');
  });
});

describe('several keys in one place are refused, of which one would count', () => {
  const [rsa, ec] = [spkiPem(RSA.publicKey), spkiPem(EC.publicKey)];
  const pkcs1 = RSA.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  test.each([
    ['two', rsa + ec],
    ['the same twice', ec + ec],
    ['PKCS#1 and SPKI', pkcs1 + ec],
    ['a certificate and a key', certificatePem('rsa') + ec],
    ['a key and a certificate', rsa + certificatePem('ec')],
    ['PKCS#1 twice', pkcs1 + pkcs1],
    ['a PKCS#1 key and a certificate', pkcs1 + certificatePem('ec')],
  ])('%s', (_, pem) => {
    expect(codeOf(pem)).toBe('key_invalid');
  });
});

describe('private keys are refused', () => {
  const pkcs8 = RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const sec1 = EC.privateKey.export({ type: 'sec1', format: 'pem' }).toString();
  const encryption = { cipher: 'aes-256-cbc', passphrase: 'x' };
  test.each([
    ['PKCS#8', pkcs8],
    ['PKCS#8, encrypted', RSA.privateKey.export({ type: 'pkcs8', format: 'pem', ...encryption }).toString()],
    ['PKCS#1', RSA.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['SEC1', sec1],
    [
      'Ed25519',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ],
    [
      'OpenSSH',
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE=\n-----END OPENSSH PRIVATE KEY-----',
    ],
    ['on one line', pkcs8.replaceAll('\n', '\\n')],
    ['indented', pkcs8.replace(/^/gm, '  ')],
    ['after a certificate', certificatePem('rsa') + pkcs8],
    ['after its public key', spkiPem(RSA.publicKey) + pkcs8],
    [
      'after EC parameters, as openssl ecparam writes it',
      `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${sec1}`,
    ],
  ])('%s', (_, text) => {
    expect(codeOf(text)).toBe('key_is_private');
  });
});

describe('weak and unusable keys are refused', () => {
  const withExponent = (e: string) =>
    spkiPem(createPublicKey({ format: 'jwk', key: { ...RSA.publicKey.export({ format: 'jwk' }), e } }));

  test('RSA from 2048 bits', () => {
    expect(codeOf(spkiPem(rsaPublic(2047)))).toBe('key_too_weak');
    expect(codeOf(spkiPem(rsaPublic(2048)))).toBe('ok');
  });
  test('RSA from the exponent 3', () => {
    expect(codeOf(withExponent('AQ'))).toBe('key_too_weak');
    expect(codeOf(withExponent('Aw'))).toBe('ok');
  });
  test.each(['secp256k1', 'P-224'])('the curve %s', (curve) => {
    expect(codeOf(spkiPem(ecPublic(curve)))).toBe('key_invalid');
  });
  test.each(['ed25519', 'x25519'] as const)('%s', (type) => {
    const { publicKey } = type === 'ed25519' ? generateKeyPairSync(type) : generateKeyPairSync(type);
    expect(codeOf(spkiPem(publicKey))).toBe('key_invalid');
  });
  test.each([
    ['cut off', spkiPem(RSA.publicKey).slice(0, 120)],
    ['of noise', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'],
    ['of another kind', '-----BEGIN PGP PUBLIC KEY BLOCK-----\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----'],
    ['of a request', '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----'],
    ['of a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
  ])('PEM %s', (_, text) => {
    expect(codeOf(text)).toBe('key_invalid');
  });
});

describe('secrets', () => {
  test.each(['', ' ', '\n', '\ufeff', '\t \r\n'])('%j is empty', (text) => {
    expect(codeOf(text)).toBe('secret_empty');
  });
  test('are taken byte by byte, spaces and line breaks included', () => {
    const bytes = Buffer.concat([Buffer.from(' '), randomBytes(32), Buffer.from('\n')]);
    const result = imported(bytes);
    expect(result.ok && result.key.equals(createSecretKey(bytes))).toBe(true);
  });
  test.each([
    ['HS256', 32],
    ['HS384', 48],
    ['HS512', 64],
  ] as const)('%s needs %d bytes', (algorithm, bytes) => {
    expect(isLongEnough(createSecretKey(randomBytes(bytes)), algorithm)).toBe(true);
    expect(isLongEnough(createSecretKey(randomBytes(bytes - 1)), algorithm)).toBe(false);
  });
});

describe('algorithms by key type', () => {
  test.each<[string, KeyObject, string[]]>([
    ['a secret', createSecretKey(randomBytes(1)), ['HS256', 'HS384', 'HS512']],
    ['RSA', RSA.publicKey, ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']],
    ['P-256', EC.publicKey, ['ES256']],
    ['P-384', ecPublic('P-384'), ['ES384']],
    ['P-521', ecPublic('P-521'), ['ES512']],
    ['secp256k1', ecPublic('secp256k1'), []],
  ])('%s', (_, key, algorithms) => {
    expect(algorithmsOfKey(key)).toEqual(algorithms);
  });

  // `jsonwebtoken` verifies with no other RSA-PSS keys, so that another would deny every token.
  describe('RSA-PSS', () => {
    const pss = (hashAlgorithm?: string, saltLength?: number, mgf1HashAlgorithm = hashAlgorithm) => {
      // An `object`, since its declared type says that the salt's length is a string.
      const parameters: object = JSON.parse(JSON.stringify({ hashAlgorithm, mgf1HashAlgorithm, saltLength }));
      return generateKeyPairSync('rsa-pss', { modulusLength: 2048, ...parameters }).publicKey;
    };

    test.each(['256', '384', '512'])('with sha%s does that alone', (bits) => {
      const key = pss(`sha${bits}`, Number(bits) / 8);
      expect(codeOf(spkiPem(key))).toBe('ok');
      expect(algorithmsOfKey(key)).toEqual([`PS${bits}`]);
    });
    test.each([
      ['without parameters', pss()],
      ['with another hash for the mask', pss('sha256', 32, 'sha512')],
      ['with too long a salt', pss('sha256', 33)],
      ['with sha1', pss('sha1', 20)],
    ])('%s does none', (_, key) => {
      expect(codeOf(spkiPem(key))).toBe('key_invalid');
    });
  });
});

describe('what is no secret, though long enough', () => {
  test.each([
    ['zeros', Buffer.alloc(64), 'secret_empty'],
    ['31 bytes and a zero', Buffer.concat([Buffer.alloc(31, 7), Buffer.alloc(1)]), 'secret_too_short'],
    ['three bytes and zeros', Buffer.concat([Buffer.from('abc'), Buffer.alloc(61)]), 'secret_too_short'],
    ['a URL', Buffer.from('https://id.example.com/.well-known/jwks.json'), 'secret_looks_like_key'],
    [
      'an ARN',
      Buffer.from('arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-AbCdEf'),
      'secret_looks_like_key',
    ],
    ['a path', Buffer.from('/etc/authorizer/keys/production-public-key.pem'), 'secret_looks_like_key'],
    ['a variable', Buffer.from(`\${${'JWT_SIGNING_SECRET_FOR_PRODUCTION'}}`), 'secret_looks_like_key'],
    [
      'a key in XML',
      Buffer.from(`<RSAKeyValue><Modulus>${'A'.repeat(40)}</Modulus></RSAKeyValue>`),
      'secret_looks_like_key',
    ],
  ])('%s', (_, bytes, code) => {
    expect(importKey(bytes)).toMatchObject({ ok: false, code });
  });

  test.each([
    'http://keys-of.nobody.invalid/jwks',
    'https://keys-of.nobody.invalid/jwks',
    'file:/etc/keys/orders',
    '$JWT_SIGNING_SECRET',
    '{{resolve:secretsmanager:orders}}',
  ])('the address %s', (text) => {
    expect(codeOf(text)).toBe('secret_looks_like_key');
    expect(codeOf(`x ${text}`)).toBe('ok');
    expect(codeOf(`${text} x`)).toBe('ok');
  });

  test('a random secret may end in a zero', () => {
    expect(importKey(Buffer.concat([Buffer.alloc(32, 7), Buffer.alloc(1)]))).toMatchObject({ ok: true });
  });
});
