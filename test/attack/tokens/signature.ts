import { constants, createHash, sign } from 'node:crypto';
import { signatureOf } from '../../support/tokens.ts';
import { type DoorName, doorOf, ecPair, honestToken, P256, RSA, rsaPair, SECRET } from '../doors.ts';
import { forge, inputOf, partsOf, withSignature } from '../forge.ts';
import type { Control, Theme, TokenAttack } from '../model.ts';

const CITES = ['RFC 8725 §2.1', 'RFC 8725 §3.3', 'RFC 7515 §5.2'] as const;
const INVALID = 'signature_invalid';

/** Order of P-256. */
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const P256_PRIME = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const octets = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
const rs = (r: bigint, s: bigint) => Buffer.concat([octets(r), octets(s)]);

const bytesOf = (door: DoorName): Buffer => {
  const { algorithm, pair } = doorOf(door);
  if (pair === undefined) throw new Error(`nobody can sign for ${door}`);
  return signatureOf(inputOf(door), algorithm, pair.privateKey);
};

/** r and s of an honest signature. */
const honestRs = (): [bigint, bigint] => {
  const hex = bytesOf('ES256').toString('hex');
  return [BigInt(`0x${hex.slice(0, 64)}`), BigInt(`0x${hex.slice(64)}`)];
};

const psychic = (id: string, signature: () => Uint8Array): TokenAttack => ({
  id: `signature/ES256, ${id}`,
  row: 'ES256: r or s zero, the order or beyond it',
  cites: ['CVE-2022-21449', 'RFC 8725 §3.4', 'RFC 7518 §3.4'],
  doors: ['ES256', 'P-256 by default'],
  token: () => withSignature('ES256', signature()),
  expected: INVALID,
});

const EVERY = ['HS256', 'RS256', 'PS256', 'ES256', 'ES512'] as const;

/** An honest signature, disturbed; or what stands in its place. */
const DISTURBED: Readonly<Record<string, (bytes: Buffer) => Uint8Array>> = {
  'all zero': (bytes) => Buffer.alloc(bytes.length),
  'all ones': (bytes) => Buffer.alloc(bytes.length, 0xff),
  'one byte': (bytes) => bytes.subarray(0, 1),
  'the first half': (bytes) => bytes.subarray(0, bytes.length / 2),
  'one byte less at the end': (bytes) => bytes.subarray(0, -1),
  'one byte less at the beginning': (bytes) => bytes.subarray(1),
  'one zero more at the end': (bytes) => Buffer.concat([bytes, Buffer.of(0)]),
  'one zero more at the beginning': (bytes) => Buffer.concat([Buffer.of(0), bytes]),
  twice: (bytes) => Buffer.concat([bytes, bytes]),
  'with one bit turned': (bytes) => Buffer.from(bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte))),
  backwards: (bytes) => Buffer.from(bytes).reverse(),
  'in hex': (bytes) => Buffer.from(bytes.toString('hex')),
  'in base64url twice': (bytes) => Buffer.from(bytes.toString('base64url')),
  'of 4 kB': () => Buffer.alloc(4096, 7),
};

const disturbed = EVERY.flatMap((door) =>
  Object.entries(DISTURBED).map(
    ([how, disturb]): TokenAttack => ({
      id: `signature/${door}, ${how}`,
      row: `${door}: an honest signature, disturbed`,
      cites: CITES,
      doors: [door],
      token: () => withSignature(door, disturb(bytesOf(door))),
      expected: INVALID,
    }),
  ),
);

/** An honest signature over something else. */
const moved = EVERY.flatMap((door): TokenAttack[] => [
  {
    id: `signature/${door}, other claims under it`,
    row: `${door}: other claims or another header under an honest signature`,
    cites: CITES,
    doors: [door],
    token: () => withSignature(door, bytesOf(door), { payload: { sub: 'eve' } }),
    expected: INVALID,
  },
  {
    id: `signature/${door}, another header over it`,
    row: `${door}: other claims or another header under an honest signature`,
    cites: CITES,
    doors: [door],
    token: () => withSignature(door, bytesOf(door), { header: { typ: 'at+jwt' } }),
    expected: INVALID,
  },
  {
    id: `signature/${door}, none`,
    row: 'none, three parts',
    cites: ['CVE-2020-28042', 'RFC 8725 §3.3'],
    doors: [door],
    token: () => `${inputOf(door)}.`,
    expected: 'token_malformed',
  },
]);

const strangers: readonly TokenAttack[] = [
  ...(['RS256', 'PS256'] as const).map(
    (door): TokenAttack => ({
      id: `signature/${door}, a stranger’s`,
      row: 'a stranger’s key of the same kind',
      cites: CITES,
      doors: [door],
      token: () => forge(door, { key: rsaPair().privateKey }),
      expected: INVALID,
    }),
  ),
  ...(
    [
      ['ES256', 'P-256'],
      ['ES512', 'P-521'],
    ] as const
  ).map(
    ([door, curve]): TokenAttack => ({
      id: `signature/${door}, a stranger’s`,
      row: 'a stranger’s key of the same kind',
      cites: CITES,
      doors: [door],
      token: () => forge(door, { key: ecPair(curve).privateKey }),
      expected: INVALID,
    }),
  ),
];

/** A right signature of the door's own key by another algorithm than the header says. */
const underTheName = (
  signed: string,
  doors: TokenAttack['doors'],
  row = 'RSA: the other padding, or another hash, under the algorithm’s name',
): TokenAttack => ({
  id: `signature/${signed} under the name of ${doors[0]}`,
  ...{ row, cites: CITES, doors },
  token: () => forge(doors[0], { algorithm: signed }),
  expected: INVALID,
});

const pss = (saltLength: number) =>
  sign('sha256', Buffer.from(inputOf('PS256')), {
    ...{ key: RSA.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength },
  });

const rsaOnly: readonly TokenAttack[] = [
  ...([0, 20, 31, 33, 222] as const).map(
    (saltLength): TokenAttack => ({
      id: `signature/PS256, a salt of ${saltLength} bytes`,
      row: 'PS256: a salt of another length than the hash’s',
      cites: ['RFC 7518 §3.5', 'RFC 8725 §3.3'],
      doors: ['PS256'],
      token: () => withSignature('PS256', pss(saltLength)),
      expected: INVALID,
    }),
  ),
  underTheName('RS256', ['PS256']),
  ...['PS256', 'RS384', 'RS512', 'RS1'].map((signed) => underTheName(signed, ['RS256', 'RSA by default'])),
  ...(
    [
      ['1', 1n],
      ['0', 0n],
    ] as const
  ).map(
    ([name, value]): TokenAttack => ({
      id: `signature/RS256, the number ${name}`,
      row: 'RS256: the number 0, 1, or the modulus and more',
      cites: ['RFC 8725 §3.3', 'RFC 8725 §3.4'],
      doors: ['RS256'],
      token: () => withSignature('RS256', Buffer.from(value.toString(16).padStart(512, '0'), 'hex')),
      expected: INVALID,
    }),
  ),
  {
    id: 'signature/RS256, the modulus added',
    row: 'RS256: the number 0, 1, or the modulus and more',
    cites: ['RFC 8725 §3.3', 'RFC 8725 §3.4'],
    doors: ['RS256'],
    token: () => withSignature('RS256', beyondModulus()),
    expected: INVALID,
  },
];

/** The honest signature and the modulus: the same to whoever does not look whether it is in range (RFC 8017 §8.2.2). */
function beyondModulus(): Buffer {
  const modulus = BigInt(
    `0x${Buffer.from(String(RSA.publicKey.export({ format: 'jwk' }).n), 'base64url').toString('hex')}`,
  );
  const value = BigInt(`0x${bytesOf('RS256').toString('hex')}`) + modulus;
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0').padStart(512, '0'), 'hex');
}

const highS: Control = {
  id: 'signature/ES256, both of the signatures with one r',
  doors: ['ES256'],
  token: () => {
    const [r, s] = honestRs();
    return withSignature('ES256', rs(r, N - s));
  },
};

export const signature: Theme = {
  title: 'Signatures',
  attacks: [
    psychic('r and s zero', () => Buffer.alloc(64)),
    psychic('r zero', () => rs(0n, honestRs()[1])),
    psychic('s zero', () => rs(honestRs()[0], 0n)),
    psychic('r the order', () => rs(N, honestRs()[1])),
    psychic('s the order', () => rs(honestRs()[0], N)),
    psychic('r and s the order', () => rs(N, N)),
    psychic('r the prime', () => rs(P256_PRIME, honestRs()[1])),
    psychic('r one, s one', () => rs(1n, 1n)),
    psychic('r one less than the order', () => rs(N - 1n, honestRs()[1])),
    psychic('ones', () => Buffer.alloc(64, 0xff)),
    {
      id: 'signature/ES256, in DER',
      cites: ['RFC 7518 §3.4', 'RFC 8725 §3.3'],
      doors: ['ES256', 'P-256 by default'],
      token: () => withSignature('ES256', sign('sha256', Buffer.from(inputOf('ES256')), P256.privateKey)),
      expected: INVALID,
    },
    {
      id: 'signature/ES256, zero in DER',
      cites: ['CVE-2022-21449', 'RFC 7518 §3.4'],
      doors: ['ES256', 'P-256 by default'],
      token: () => withSignature('ES256', Buffer.from('3006020100020100', 'hex')),
      expected: INVALID,
    },
    {
      id: 'signature/ES256, zero, of the length of ES384',
      cites: ['CVE-2022-21449', 'RFC 7518 §3.4'],
      doors: ['ES256'],
      token: () => withSignature('ES256', Buffer.alloc(96)),
      expected: INVALID,
    },
    ...disturbed,
    ...moved,
    ...strangers,
    ...rsaOnly,
    {
      id: 'signature/HS256, a MAC of the payload alone',
      row: 'HS256: a MAC over something else',
      cites: CITES,
      doors: ['HS256'],
      token: () => {
        const [, payload] = partsOf(honestToken('HS256') ?? '');
        return withSignature('HS256', signatureOf(payload, 'HS256', SECRET.privateKey));
      },
      expected: INVALID,
    },
    {
      id: 'signature/HS256, the hash without the secret',
      row: 'HS256: a MAC over something else',
      cites: CITES,
      doors: ['HS256'],
      token: () => withSignature('HS256', createHash('sha256').update(inputOf('HS256')).digest()),
      expected: INVALID,
    },
    ...['HS384', 'HS512'].map((signed) =>
      underTheName(signed, ['HS256', 'HS* by default'], 'HS256: a MAC over something else'),
    ),
  ],
  controls: [highS],
};
