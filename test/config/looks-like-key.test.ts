import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { importKey } from '../../lambda/config/key-material.ts';
import { looksLikeKey } from '../../lambda/config/looks-like-key.ts';
import { certificatePem, derOf, EC, RSA, spkiPem } from './keys.ts';

const pkcs1 = RSA.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const PUBLIC_PEMS = {
  'RSA key': spkiPem(RSA.publicKey),
  'EC key': spkiPem(EC.publicKey),
  'PKCS#1 key': pkcs1,
  'RSA certificate': certificatePem('rsa'),
  'EC certificate': certificatePem('ec'),
};

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const base64 = (bytes: string | Uint8Array) => Buffer.from(bytes).toString('base64');
const wrapped = (text: string) => text.replace(/.{64}/g, '$&\n');

/** What happens to a key on its way into a YAML file, an environment variable or a secret store. */
const DISGUISES: Readonly<Record<string, (pem: string) => string | Uint8Array>> = {
  indented: (pem) => pem.replace(/^/gm, '    '),
  'with a tab before every line': (pem) => pem.replace(/^/gm, '\t'),
  'in double quotes': (pem) => `"${pem}"`,
  'in single quotes': (pem) => `'${pem}'`,
  'in JSON': (pem) => JSON.stringify(pem),
  'in JSON in JSON': (pem) => JSON.stringify(JSON.stringify(pem)),
  'in a JSON object': (pem) => JSON.stringify({ publicKey: pem }),
  'on one line': (pem) => pem.replaceAll('\n', ''),
  'on one line with spaces': (pem) => pem.replaceAll('\n', ' '),
  'with escaped line breaks': (pem) => pem.replaceAll('\n', '\\n'),
  'with twice escaped line breaks': (pem) => pem.replaceAll('\n', '\\\\n'),
  'as an environment variable': (pem) => `PUBLIC_KEY="${pem.replaceAll('\n', '\\n')}"`,
  'after a comment': (pem) => `# the issuer's key\n${pem}`,
  'in lower case': (pem) => pem.toLowerCase(),
  'without its first line': (pem) => pem.slice(pem.indexOf('\n') + 1),
  'without its last line': (pem) => pem.slice(0, pem.indexOf('-----END')),
  'without armour': (pem) => pem.replace(/-----[^-]+-----/g, ''),
  'without armour on one line': (pem) => base64(derOf(pem)),
  'without armour in quotes': (pem) => `"${base64(derOf(pem))}"`,
  'with two dashes': (pem) => pem.replaceAll('-----', '--'),
  'in UTF-16 LE': (pem) => Buffer.from(pem, 'utf16le'),
  'in UTF-16 LE with BOM': (pem) => Buffer.from(`\ufeff${pem}`, 'utf16le'),
  'in UTF-16 BE': (pem) => utf16be(pem),
  'in UTF-16 BE with BOM': (pem) => utf16be(`\ufeff${pem}`),
  'without armour in UTF-16 with BOM': (pem) => Buffer.from(`\ufeff${base64(derOf(pem))}`, 'utf16le'),
  DER: (pem) => derOf(pem),
  'DER and a line break': (pem) => Buffer.concat([derOf(pem), Buffer.from('\n')]),
  'DER in base64url': (pem) => derOf(pem).toString('base64url'),
  'DER in base64 in lines': (pem) => wrapped(base64(derOf(pem))),
  'DER in base64 in lines with CRLF': (pem) => wrapped(base64(derOf(pem))).replaceAll('\n', '\r\n'),
  'DER in base64 with escaped line breaks': (pem) => wrapped(base64(derOf(pem))).replaceAll('\n', '\\n'),
  'DER in base64 with BOM': (pem) => `\ufeff${base64(derOf(pem))}`,
  'DER in hex': (pem) => derOf(pem).toString('hex'),
  'DER in upper-case hex': (pem) => derOf(pem).toString('hex').toUpperCase(),
  'DER in hex with colons': (pem) =>
    derOf(pem)
      .toString('hex')
      .replace(/..(?!$)/g, '$&:'),
  'DER in hex with 0x': (pem) => `0x${derOf(pem).toString('hex')}`,
  'DER in base64 in base64': (pem) => base64(base64(derOf(pem))),
  'in base64': (pem) => base64(pem),
  'in base64 in lines': (pem) => wrapped(base64(pem)),
  'in base64url': (pem) => Buffer.from(pem).toString('base64url'),
  'in hex': (pem) => Buffer.from(pem).toString('hex'),
  'in JSON in base64': (pem) => base64(JSON.stringify(pem)),
  'in base64 in JSON': (pem) => JSON.stringify(base64(pem)),
};

const jwk = RSA.publicKey.export({ format: 'jwk' });
const ecJwk = EC.publicKey.export({ format: 'jwk' });
const javascript = (value: object) => JSON.stringify(value).replaceAll('"', "'");
const JWKS = {
  'an RSA JWK': JSON.stringify(jwk),
  'an EC JWK': JSON.stringify(ecJwk),
  'an indented JWK': JSON.stringify(jwk, null, 2),
  'a JWK Set': JSON.stringify({ keys: [jwk] }),
  'a list of JWKs': JSON.stringify([jwk, ecJwk]),
  'a JWK in base64': base64(JSON.stringify(jwk)),
  'a JWK in base64url': Buffer.from(JSON.stringify(jwk)).toString('base64url'),
  'a JWK in JSON': JSON.stringify(JSON.stringify(jwk)),
  'a JWK in an object': JSON.stringify({ key: jwk }),
  'a JWK with BOM': `\ufeff${JSON.stringify(jwk)}`,
  'a JWK with a comma too many': JSON.stringify(jwk).replace('}', ',}'),
  'a JWK in single quotes': javascript(ecJwk),
  'a JWK in YAML': Object.entries(jwk)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n'),
  'a JWK with escaped quotes': JSON.stringify(jwk).replaceAll('"', '\\"'),
};

const sshBlob = Buffer.concat([Buffer.from('\0\0\0\x07ssh-rsa'), randomBytes(270)]);
const OPENSSH = {
  'ssh-rsa': `ssh-rsa ${base64(sshBlob)} ann@example`,
  'ssh-rsa without its prefix': base64(sshBlob),
  'ecdsa-sha2-nistp256': `ecdsa-sha2-nistp256 AAAA${base64(randomBytes(90))}`,
  'SSH2 armour': `---- BEGIN SSH2 PUBLIC KEY ----\n${base64(sshBlob)}\n---- END SSH2 PUBLIC KEY ----`,
};

const { privateKey } = RSA;
const passphrase = { cipher: 'aes-256-cbc', passphrase: 'x' };
const PRIVATE = {
  'PKCS#8 DER': privateKey.export({ type: 'pkcs8', format: 'der' }),
  'PKCS#1 DER': privateKey.export({ type: 'pkcs1', format: 'der' }),
  'SEC1 DER': EC.privateKey.export({ type: 'sec1', format: 'der' }),
  'encrypted PKCS#8 DER': privateKey.export({ type: 'pkcs8', format: 'der', ...passphrase }),
  'PKCS#8 PEM in base64': base64(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  'PKCS#1 DER in hex': privateKey.export({ type: 'pkcs1', format: 'der' }).toString('hex'),
  'a private JWK': JSON.stringify(privateKey.export({ format: 'jwk' })),
  // SEQUENCE { INTEGER 3, SEQUENCE { OID pkcs7-data, … } }: how every PKCS#12 file begins.
  'PKCS#12': Buffer.concat([
    Buffer.from('308209ac02010330820972 06092a864886f70d010701'.replace(' ', ''), 'hex'),
    randomBytes(99),
  ]),
};

const importsAsSecret = (material: string | Uint8Array) => {
  const imported = importKey(Buffer.from(material));
  return imported.ok && imported.key.type === 'secret';
};

describe.each(Object.entries(PUBLIC_PEMS))('an %s is not taken for a secret', (_, pem) => {
  test.each(Object.entries(DISGUISES))('%s', (_how, disguise) => {
    expect(importsAsSecret(disguise(pem))).toBe(false);
  });
});

describe('nor is', () => {
  test.each(Object.entries({ ...JWKS, ...OPENSSH, ...PRIVATE }))('%s', (_, material) => {
    expect(importKey(Buffer.from(material))).toMatchObject({ ok: false, code: 'secret_looks_like_key' });
  });
});

/**
 * Random bytes begin as DER with a chance of 2^-8, and read as a key only if some 32 further bits agree; the
 * texts that are looked for are at least 36 bits long. All in all a random secret is refused with a chance
 * below 1e-8, so these runs do not fail by chance.
 */
describe('random secrets are taken', () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 128 });
  const isTaken = (material: string | Uint8Array) => !looksLikeKey(Buffer.from(material));

  test('as bytes', () => {
    fc.assert(fc.property(bytes, isTaken), { numRuns: 3000 });
  });
  test('as bytes that begin as DER does', () => {
    const sequence = bytes.map((rest) => Buffer.concat([Buffer.from([0x30, rest.length]), rest]));
    fc.assert(fc.property(sequence, isTaken), { numRuns: 1000 });
  });
  test.each(['base64', 'base64url', 'hex'] as const)('as %s', (encoding) => {
    fc.assert(
      fc.property(bytes, (secret) => isTaken(Buffer.from(secret).toString(encoding))),
      { numRuns: 3000 },
    );
  });
  test('as words', () => {
    expect(isTaken('correct horse battery staple')).toBe(true);
  });
});
