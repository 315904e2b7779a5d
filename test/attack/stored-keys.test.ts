/** What a secret store may hold by mistake, and everybody can sign with: no key of a policy, and no denial either. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import { DISGUISES } from '../config/disguises.ts';
import { certificatePem, spkiPem } from '../config/keys.ts';
import { deciding, tokenBy } from '../keys/deciding.ts';
import { outcome, settle } from '../keys/support.ts';
import { P256, RSA, SECRET } from './doors.ts';
import { secretOf } from './forge.ts';

const SECRET_SIZE = 'RFC 8725 §3.5, RFC 7518 §3.2';
const CONFUSION = 'CVE-2015-9235, CVE-2022-29217, CVE-2026-34950, RFC 8725 §2.1';
const good = SECRET.publicKey.export();
const pem = spkiPem(RSA.publicKey);
const jwk = JSON.stringify(RSA.publicKey.export({ format: 'jwk' }));

type Held = readonly [id: string, held: string | Uint8Array];

/** Each with where it is known from. */
const SHORT: readonly Held[] = [
  [`4 bytes (${SECRET_SIZE})`, '1234'],
  [`31 bytes (${SECRET_SIZE})`, good.subarray(0, 31)],
  [`a short secret, zeros added (${SECRET_SIZE})`, Buffer.concat([Buffer.from('1234'), Buffer.alloc(60)])],
];
/** Where short ones are allowed, too. */
const NONE: readonly Held[] = [
  [`nothing (CVE-2019-20933, CVE-2026-44351, CVE-2026-45363, ${SECRET_SIZE})`, ''],
  [`white space (CVE-2026-44351, ${SECRET_SIZE})`, ' \n\t '],
  [`64 zeros (CVE-2019-20933, ${SECRET_SIZE})`, Buffer.alloc(64)],
  ...Object.entries({
    'an RSA key': pem,
    'an EC key': spkiPem(P256.publicKey),
    'an RSA certificate': certificatePem('rsa'),
  }).flatMap(([name, text]) =>
    Object.entries({ 'as it stands': (one: string) => one, ...DISGUISES }).map(
      ([how, disguise]) => [`${name}, ${how} (${CONFUSION})`, disguise(text)] as const,
    ),
  ),
  [`a JWK (CVE-2026-48526, ${CONFUSION})`, jwk],
  [`a key set (CVE-2026-48526, ${CONFUSION})`, `{"keys":[${jwk}]}`],
];

const STORED = {
  ...{ secretArn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders-AbCdEf' },
  ...{ algorithms: ['HS256'], checkCredentialExistence: false },
};

async function judged(options: object, held: string | Uint8Array, token: string) {
  const bench = deciding({ ...STORED, ...options }, { secret: () => ({ current: Buffer.from(held) }) });
  await settle();
  return outcome(bench.decided(token));
}

describe('a secret that a store holds', () => {
  async function expectNone(held: string | Uint8Array, options: object = {}): Promise<void> {
    const forged = tokenBy({ key: secretOf(held) }, undefined, { algorithm: 'HS256' });
    const result = await judged(options, held, forged);
    expect(result).toBeInstanceOf(KeyUnavailable);
    const text = Buffer.from(held).toString().trim();
    if (text.length > 3) expect(String(result)).not.toContain(text);
  }

  test.each([...NONE, ...SHORT])('%s', (_, held) => expectNone(held));
  test.each(NONE)('%s, where short ones are allowed', (_, held) =>
    expectNone(held, { allowShortSecret: true }),
  );

  test('an honest one verifies', async () => {
    const token = tokenBy({ key: SECRET.privateKey }, undefined, { algorithm: 'HS256' });
    expect(await judged({}, good, token)).toBe('allowed');
  });
});

describe('a key that a store holds (RFC 8725 §3.1, §3.5, RFC 7518 §3.3)', () => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const RS256 = { algorithms: ['RS256'] };

  test.each([
    ['an RSA key of 1,024 bits', spkiPem(weak.publicKey), weak.privateKey],
    ['a private key', RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), RSA.privateKey],
    ['a key that is cut off', `${pem.slice(0, 200)}\n-----END PUBLIC KEY-----\n`, RSA.privateKey],
    ['a key of another type', spkiPem(P256.publicKey), RSA.privateKey],
    ['a secret', good, RSA.privateKey],
  ])('%s', async (_, held, key) => {
    expect(await judged(RS256, held, tokenBy({ key }))).toBeInstanceOf(KeyUnavailable);
  });

  test('an honest one verifies, and no MAC with it', async () => {
    expect(await judged(RS256, pem, tokenBy({ key: RSA.privateKey }))).toBe('allowed');
    const mac = tokenBy({ key: secretOf(pem) }, undefined, { algorithm: 'HS256' });
    expect(await judged(RS256, pem, mac)).toBe('algorithm_not_allowed');
  });
});
