import { ecPair, P256, RSA, rsaPair, SECRET } from '../doors.ts';
import { forge, secretOf } from '../forge.ts';
import type { Theme, TokenAttack } from '../model.ts';

const NOT_ALLOWED = 'algorithm_not_allowed';
const CASE = ['RFC 8725 §3.1', 'RFC 7515 §4.1.1'] as const;
const named = (id: string, alg: unknown, row: string): TokenAttack => ({
  id: `algorithms/${id}`,
  row,
  cites: CASE,
  doors: ['HS256', 'HS* by default'],
  token: () => forge('HS256', { header: { alg } }),
  expected: NOT_ALLOWED,
});

const MISSPELLED = [
  ...[
    'hs256',
    'Hs256',
    'HS256 ',
    ' HS256',
    'HS256\n',
    'HS256\u0000',
    'HS-256',
    'HS',
    '256',
    'HS25',
    'HS2560',
  ],
  ...['HMAC', 'HmacSHA256', 'sha256', '\uff28\uff33\uff12\uff15\uff16', 'H\u0405256', 'HS256,none'],
];
const FOREIGN = [
  'HS1',
  'HS224',
  'RS1',
  'ES256K',
  'EdDSA',
  'Ed25519',
  'dir',
  'A128KW',
  'RSA-OAEP',
  'PBES2-HS256+A128KW',
];
const PROTOTYPE = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length'];
const NO_TEXT: readonly (readonly [string, unknown])[] = [
  ['missing', undefined],
  ['null', null],
  ['a number', 256],
  ['true', true],
  ['a list', ['HS256']],
  ['a list of lists', [['HS256']]],
  ['an object', { alg: 'HS256' }],
];

/** Right signatures of the door's own key, by an algorithm that the policy does not name. */
const siblings: readonly TokenAttack[] = (
  [
    ['HS256', 'HS384'],
    ['HS256', 'HS512'],
    ['RS256', 'RS384'],
    ['RS256', 'RS512'],
    ['RS256', 'PS256'],
    ['PS256', 'RS256'],
    ['PS256', 'PS384'],
  ] as const
).map(([door, algorithm]) => ({
  id: `algorithms/${algorithm} where ${door} is pinned`,
  row: 'another algorithm of the same key than the one that is pinned',
  cites: ['RFC 8725 §3.1'],
  doors: [door],
  token: () => forge(door, { header: { alg: algorithm }, algorithm }),
  expected: NOT_ALLOWED,
}));

const stranger = rsaPair();
const foreignKeys: readonly TokenAttack[] = [
  {
    id: 'algorithms/RS256 to a secret',
    row: 'a signature of a stranger’s key of another type',
    cites: ['RFC 8725 §3.1', 'CVE-2022-23541'],
    doors: ['HS256', 'HS* by default'],
    token: () => forge('HS256', { header: { alg: 'RS256' }, algorithm: 'RS256', key: stranger.privateKey }),
    expected: NOT_ALLOWED,
  },
  {
    id: 'algorithms/ES256 to an RSA key',
    row: 'a signature of a stranger’s key of another type',
    cites: ['RFC 8725 §3.1', 'CVE-2022-23539'],
    doors: ['RS256', 'RSA by default'],
    token: () => forge('RS256', { header: { alg: 'ES256' }, algorithm: 'ES256', key: P256.privateKey }),
    expected: NOT_ALLOWED,
  },
  {
    id: 'algorithms/RS256 to an EC key',
    row: 'a signature of a stranger’s key of another type',
    cites: ['RFC 8725 §3.1', 'CVE-2022-23539'],
    doors: ['ES256', 'P-256 by default'],
    token: () => forge('ES256', { header: { alg: 'RS256' }, algorithm: 'RS256', key: RSA.privateKey }),
    expected: NOT_ALLOWED,
  },
  ...(['P-384', 'P-521'] as const).map(
    (curve): TokenAttack => ({
      id: `algorithms/its own name for a key on ${curve}`,
      row: 'another curve',
      cites: ['RFC 7518 §3.4', 'RFC 8725 §3.4', 'CVE-2022-23539'],
      doors: ['ES256', 'P-256 by default'],
      token: () => {
        const alg = curve === 'P-384' ? 'ES384' : 'ES512';
        return forge('ES256', { header: { alg }, algorithm: alg, key: ecPair(curve).privateKey });
      },
      expected: NOT_ALLOWED,
    }),
  ),
  {
    id: 'algorithms/ES256K by a key on secp256k1',
    row: 'another curve',
    cites: ['RFC 7518 §3.4', 'RFC 8725 §3.4'],
    doors: ['ES256', 'P-256 by default'],
    token: () =>
      forge('ES256', { header: { alg: 'ES256K' }, algorithm: 'ES256', key: ecPair('secp256k1').privateKey }),
    expected: NOT_ALLOWED,
  },
  ...(['secp256k1', 'P-384', 'P-521'] as const).map(
    (curve): TokenAttack => ({
      id: `algorithms/ES256 by a key on ${curve}`,
      row: 'another curve under the name of ES256',
      cites: ['RFC 7518 §3.4', 'RFC 8725 §3.4'],
      doors: ['ES256', 'P-256 by default'],
      token: () => forge('ES256', { key: ecPair(curve).privateKey }),
      expected: 'signature_invalid',
    }),
  ),
  {
    id: 'algorithms/EdDSA to an EC key',
    row: 'another curve',
    cites: ['RFC 8725 §3.1'],
    doors: ['ES256', 'HS256', 'RS256'],
    token: () => forge('HS256', { header: { alg: 'EdDSA' } }),
    expected: NOT_ALLOWED,
  },
];

/** Secrets that everybody tries first; the door has none of them. */
const GUESSES = [
  '',
  '\0',
  '\0'.repeat(32),
  'secret',
  'changeme',
  'your-256-bit-secret',
  'null',
  'undefined',
  '[object Object]',
];

export const algorithms: Theme = {
  title: '`alg`: others than the policy’s',
  attacks: [
    ...MISSPELLED.map((alg) =>
      named(`misspelled ${JSON.stringify(alg)}`, alg, 'HS256 misspelled, with a right MAC'),
    ),
    ...FOREIGN.map((alg) =>
      named(alg, alg, 'the name of an algorithm that is none of the policy’s, with a right MAC'),
    ),
    ...PROTOTYPE.map((alg) => named(alg, alg, 'a name that objects inherit, with a right MAC')),
    ...NO_TEXT.map(([id, alg]) => named(id, alg, 'missing or no text, with a right MAC')),
    ...siblings,
    ...foreignKeys,
    ...GUESSES.map(
      (guess): TokenAttack => ({
        id: `algorithms/guessed secret ${JSON.stringify(guess)}`,
        row: 'signed with an empty secret, or one that everybody knows',
        cites: ['CVE-2019-20933', 'CVE-2026-44351', 'RFC 8725 §2.2', 'RFC 8725 §3.5'],
        doors: ['HS256', 'HS* by default'],
        token: () => forge('HS256', { key: secretOf(guess) }),
        expected: 'signature_invalid',
      }),
    ),
  ],
  controls: [
    {
      id: 'algorithms/any HS* of a long secret',
      doors: ['HS* by default'],
      token: () => forge('HS256', { header: { alg: 'HS512' }, algorithm: 'HS512', key: SECRET.privateKey }),
    },
    {
      id: 'algorithms/any RS* and PS* of an RSA key',
      doors: ['RSA by default'],
      token: () => forge('RS256', { header: { alg: 'PS384' }, algorithm: 'PS384' }),
    },
  ],
};
