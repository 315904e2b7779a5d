/** The public key, which everybody knows, as a secret: in each of the spellings in which one may be stored. */
import type { KeyObject } from 'node:crypto';
import { DISGUISES } from '../../config/disguises.ts';
import { certificatePem, spkiPem } from '../../config/keys.ts';
import { type DoorName, KID, P256, RSA } from '../doors.ts';
import { forge, secretOf } from '../forge.ts';
import type { Theme, TokenAttack } from '../model.ts';

const CITES = [
  ...(['CVE-2015-9235', 'CVE-2016-5431', 'CVE-2016-10555', 'CVE-2022-23541', 'CVE-2023-48238'] as const),
  ...(['CVE-2024-54150', 'RFC 8725 §2.1', 'RFC 8725 §3.1'] as const),
];

interface Subject {
  readonly name: string;
  readonly pem: string;
  readonly doors: readonly [DoorName, ...DoorName[]];
  readonly cites?: TokenAttack['cites'];
}

const pkcs1 = (key: KeyObject) => key.export({ type: 'pkcs1', format: 'pem' }).toString();
const SUBJECTS: readonly Subject[] = [
  { name: 'RSA key', pem: spkiPem(RSA.publicKey), doors: ['RS256', 'RSA by default', 'PS256'] },
  {
    name: 'PKCS#1 RSA key',
    pem: pkcs1(RSA.publicKey),
    doors: ['RS256', 'RSA by default'],
    cites: ['CVE-2023-48223'],
  },
  { name: 'EC key', pem: spkiPem(P256.publicKey), doors: ['ES256', 'P-256 by default'] },
  { name: 'RSA certificate', pem: certificatePem('rsa'), doors: ['RSA certificate'] },
  { name: 'EC certificate', pem: certificatePem('ec'), doors: ['EC certificate'] },
];

/** Beside the disguises: the file as it stands, and with the white space that CVE-2026-34950 is about. */
const SPELLINGS: Readonly<Record<string, (pem: string) => string | Uint8Array>> = {
  'as it stands': (pem) => pem,
  'without the last line break': (pem) => pem.trimEnd(),
  'with CRLF': (pem) => pem.replaceAll('\n', '\r\n'),
  'after a line break': (pem) => `\n${pem}`,
  'after spaces': (pem) => `   ${pem}`,
  'before a zero byte': (pem) => `${pem}\0`,
  ...DISGUISES,
};

const macs = ({ name, pem, doors, cites = [] }: Subject): TokenAttack[] =>
  Object.entries(SPELLINGS).map(([spelling, spell]) => ({
    id: `confusion/${name}, ${spelling}`,
    row: `HS256 with the ${name} for its secret, in every spelling`,
    cites: [...CITES, ...cites, 'CVE-2026-34950', 'CVE-2022-29217'],
    doors,
    token: () => forge('HS256', { key: secretOf(spell(pem)) }),
    expected: 'algorithm_not_allowed',
  }));

const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' });
/** A JWK in the spellings of those who fetch one; and its parts, of which an attacker may try each. */
const JWKS = (key: KeyObject): Readonly<Record<string, string | Uint8Array>> => {
  const jwk = jwkOf(key);
  const inOrder = JSON.stringify(
    Object.fromEntries(Object.entries(jwk).sort(([a], [b]) => a.localeCompare(b))),
  );
  return {
    'a JWK': JSON.stringify(jwk),
    'a JWK with its members in order': inOrder,
    'an indented JWK': JSON.stringify(jwk, null, 2),
    'a JWK with a kid': JSON.stringify({ ...jwk, kid: KID }),
    'a key set': JSON.stringify({ keys: [jwk] }),
    'a JWK in base64': Buffer.from(JSON.stringify(jwk)).toString('base64'),
    'a JWK in base64url': Buffer.from(JSON.stringify(jwk)).toString('base64url'),
    'the text of its number': String(jwk.n ?? jwk.x),
    'the bytes of its number': Buffer.from(String(jwk.n ?? jwk.x), 'base64url'),
  };
};

const jwkMacs = (name: string, key: KeyObject, doors: TokenAttack['doors']): TokenAttack[] =>
  Object.entries(JWKS(key)).map(([spelling, bytes]) => ({
    id: `confusion/${name}, ${spelling}`,
    row: `HS256 with the ${name}’s JWK for its secret, in every spelling`,
    cites: [...CITES, 'CVE-2026-48526'],
    doors,
    token: () => forge('HS256', { key: secretOf(bytes) }),
    expected: 'algorithm_not_allowed',
  }));

/** The same MACs under a name that the policy does allow: somebody goes by the key's looks, not by the header. */
const underItsName = (name: string, door: DoorName, key: KeyObject): TokenAttack => ({
  id: `confusion/${name}, a MAC under the name of its algorithm`,
  row: 'a MAC with the public key under the name of the key’s own algorithm',
  cites: CITES,
  doors: [door],
  token: () => forge(door, { algorithm: 'HS256', key: secretOf(spkiPem(key)) }),
  expected: 'signature_invalid',
});

const OTHER_HASHES = ['HS384', 'HS512'].map(
  (alg): TokenAttack => ({
    id: `confusion/${alg} with the RSA key`,
    row: 'HS384 and HS512 with the RSA key for their secret',
    cites: CITES,
    doors: ['RS256', 'RSA by default', 'key set'],
    token: () => forge('RS256', { header: { alg }, algorithm: alg, key: secretOf(spkiPem(RSA.publicKey)) }),
    expected: 'algorithm_not_allowed',
  }),
);

export const confusion: Theme = {
  title: 'A public key for a secret',
  attacks: [
    ...SUBJECTS.flatMap(macs),
    ...jwkMacs('RSA key', RSA.publicKey, ['RS256', 'RSA by default', 'key set']),
    ...jwkMacs('EC key', P256.publicKey, ['ES256', 'P-256 by default']),
    ...OTHER_HASHES,
    underItsName('RSA key', 'RS256', RSA.publicKey),
    underItsName('EC key', 'ES256', P256.publicKey),
  ],
};
