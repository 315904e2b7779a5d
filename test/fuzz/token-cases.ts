/** Tokens that are right, and what is done to them at every layer: claims, JSON, header, key, signature, base64url, characters. */
import type { Draw } from './draw.ts';
import { createDraw } from './draw.ts';
import {
  anyName,
  anyScalarText,
  anyValueText,
  broken,
  type Member,
  nestedText,
  objectText,
  withBytes,
  withEscapes,
  withSpace,
} from './json-text.ts';
import {
  ES256,
  FOREIGN_ES256,
  FOREIGN_HS256,
  HS256,
  HS512,
  PUBLIC_AS_SECRET,
  SECOND_HS256,
  type Signer,
  sign,
} from './keys.ts';
import { createRandom, type Random } from './random.ts';
import { NOW_SECONDS, type World } from './worlds.ts';

const member = (name: string, value: unknown): Member => ({ name, text: JSON.stringify(value) });

/** On both sides of every boundary of the worlds: `exp`, `nbf` ± 30, `iat` + 60, `iat` − 600. */
const OFFSETS = [
  ...[-3600, -601, -600.5, -600, -599, -61, -31, -30.5, -30, -29, -1, -0.001, 0, 0.001, 0.5, 1, 29, 30, 31],
  ...[59, 60, 60.001, 61, 599, 600, 3600, 1e9],
];
const ODD_TIMES = [
  ...[
    '"1800003600"',
    'null',
    'true',
    '[]',
    '{}',
    '-1',
    '0',
    '-0',
    '1e308',
    '1e309',
    '-1e309',
    '""',
    '[1800003600]',
  ],
  ...[
    '9007199254740993',
    '1.8000036e9',
    '1800003600.0',
    '"NaN"',
    '{"valueOf":1}',
    '1E+99999',
    '253402300800',
  ],
];
const spelledTime = (seconds: number, random: Random): string => {
  if (!Number.isInteger(seconds) || random.oneIn(2)) return String(seconds);
  return random.pick([`${seconds}.0`, `${seconds}e0`, `${seconds}00E-2`, `${seconds / 10}e1`]);
};

const ODD_TEXTS: Readonly<Record<string, readonly unknown[]>> = {
  iss: [
    ...[
      'https://id.example.com',
      'https://id.example.com/ ',
      'HTTPS://ID.EXAMPLE.COM/',
      'https://id.example.org',
      '',
    ],
    ...[
      ['https://id.example.com/'],
      7,
      null,
      true,
      {},
      'https://id.example.com/\u0000',
      'https://id.example.com/?',
    ],
  ],
  aud: [
    ...[
      'orders',
      'orders-api ',
      'Orders-API',
      '',
      [],
      [[]],
      [['orders-api']],
      [null, 7, 'orders-api'],
      'other-api',
    ],
    ...[
      { 0: 'orders-api' },
      { includes: 'orders-api' },
      7,
      null,
      ['a', 'b'],
      ['orders-api', 'orders-api'],
      'orders-api,x',
    ],
  ],
  sub: [
    '',
    ' ',
    'bob',
    'eve',
    '__proto__',
    'constructor',
    'ada\u0000',
    'a\nb',
    7,
    null,
    ['ada'],
    {},
    'ADA',
    '*',
    'ada ',
  ],
  jti: ['', 'one', 7, null, [], {}, '__proto__'],
  scope: [
    ...[
      '',
      'orders:read',
      'orders:write',
      'admin orders:read',
      'orders:read  admin',
      'ORDERS:READ',
      'orders:read\tadmin',
    ],
    ...[
      ['orders:read', 'admin'],
      ['orders:read admin'],
      [7, null, 'orders:write'],
      7,
      null,
      {},
      'orders:*',
      'admin,orders:read',
    ],
  ],
  tenant: ['acme', 7, true, 'true', '7', 'ACME', ['acme'], ['x', 7], [['acme']], null, {}, 'other', 1],
};

/** What a token is made of before it is spelled. */
interface Parts {
  readonly header: Member[];
  readonly claims: Member[];
}

function drawClaims(claims: Member[], draw: Draw): void {
  const set = (name: string, text: string) => {
    const at = claims.findIndex((one) => one.name === name);
    claims.splice(at < 0 ? claims.length : at, at < 0 ? 0 : 1, { name, text });
  };
  for (const name of ['exp', 'nbf', 'iat'])
    draw.maybe(`${name} at a boundary`, 12, (random) =>
      set(name, spelledTime(NOW_SECONDS + random.pick(OFFSETS), random)),
    );
  draw.maybe('an odd time', 24, (random) => set(random.pick(['exp', 'nbf', 'iat']), random.pick(ODD_TIMES)));
  for (const [name, values] of Object.entries(ODD_TEXTS))
    draw.maybe(`an odd ${name}`, 20, (random) => set(name, JSON.stringify(random.pick(values))));
  draw.maybe('a claim is left out', 20, (random) => claims.splice(random.below(claims.length), 1));
  draw.maybe('any value', 30, (random) => set(random.pick(claims).name, anyValueText(random)));
  draw.harmlessly('more claims', 5, (random) => {
    for (let i = random.below(3); i >= 0; i--) {
      const name = random.pick([
        'a',
        'b',
        'role',
        'email',
        'https://x.example/claim',
        'principalId',
        'claimsJson',
        'then',
        '0',
      ]);
      if (!claims.some((one) => one.name === name)) claims.push({ name, text: anyScalarText(random) });
    }
  });
  draw.maybe('a claim of any name', 16, (random) =>
    claims.push({ name: anyName(random), text: anyValueText(random) }),
  );
  draw.maybe('a long claim', 30, (random) => {
    const unit = random.pick(['x', 'x y ', '\u007f', 'é', '\u{1f600}', '"', '\u0001', '\ud800', '\\', ':']);
    const length = random.pick([300, 1000, 2000, 4000, 6000]);
    set(
      random.pick(['sub', 'iss', 'scope', 'jti', 'email']),
      JSON.stringify(unit.repeat(length / unit.length)),
    );
  });
  draw.maybe('nested claim', 40, (random) =>
    claims.push({ name: 'deep', text: nestedText(random.pick([1, 5, 30, 31, 32, 33, 200, 2500]), random) }),
  );
  draw.maybe('a claim twice', 24, (random) => {
    const one = random.pick(claims);
    const text = random.oneIn(2) ? one.text : anyValueText(random);
    claims.splice(random.below(claims.length + 1), 0, { name: one.name, text });
  });
  draw.maybe('a claim twice, within another', 40, (random) => {
    const name = anyName(random);
    claims.push({
      name: 'within',
      text: objectText([name, 'q', name].map((same) => ({ name: same, text: anyValueText(random, 2) }))),
    });
  });
  draw.harmlessly('another order', 6, (random) => claims.sort(() => random.below(3) - 1));
}

const ALGORITHMS = [
  ...[
    'none',
    'None',
    'nOnE',
    '',
    'HS256 ',
    'hs256',
    'HS256\0',
    'EdDSA',
    'RS1',
    'ES256K',
    'HS384',
    'HS512',
    'RS256',
  ],
  ...[
    'RS384',
    'PS256',
    'ES256',
    'ES384',
    'ES512',
    '__proto__',
    'constructor',
    'ＨＳ256',
    ['HS256'],
    7,
    null,
    { alg: 'HS256' },
  ],
];
const HEADERS: readonly (readonly [name: string, value: unknown])[] = [
  ...(['exp', [], 'b64', {}, 7, null, ['exp', 'exp']] as const).map((value) => ['crit', value] as const),
  ...([false, true, 'true', null, 0] as const).map((value) => ['b64', value] as const),
  ...(
    ['one', 'two', 'three', '', '../../dev/null', '__proto__', 7, null, ['one'], 'x'.repeat(3000)] as const
  ).map((value) => ['kid', value] as const),
  ...(
    ['at+jwt', 'AT+JWT', 'application/at+jwt', 'jwt', 'JWT ', 'application/', 7, null, ['JWT'], ''] as const
  ).map((value) => ['typ', value] as const),
  ['jku', 'https://evil.example/jwks'],
  ['jwk', { kty: 'oct', k: 'AAAA' }],
  ['x5u', 'https://evil.example/cert'],
  ['x5c', ['MIIB']],
  ['cty', 'JWT'],
  ['zip', 'DEF'],
  ['enc', 'A256GCM'],
  ['__proto__', { alg: 'none' }],
];

function drawHeader(header: Member[], draw: Draw): void {
  const set = ([name, value]: readonly [string, unknown]) => {
    const at = header.findIndex((one) => one.name === name);
    header.splice(at < 0 ? header.length : at, at < 0 ? 0 : 1, member(name, value));
  };
  draw.maybe('another alg', 16, (random) => set(['alg', random.pick(ALGORITHMS)]));
  draw.maybe('a header of another kind', 14, (random) => set(random.pick(HEADERS)));
  draw.maybe('a header is left out', 40, (random) => header.splice(random.below(header.length), 1));
  draw.maybe('a header twice', 30, (random) => {
    const one = random.pick(header);
    header.push({ name: one.name, text: random.oneIn(2) ? one.text : anyValueText(random) });
  });
  draw.maybe('any header', 30, (random) =>
    header.push({ name: anyName(random), text: anyValueText(random) }),
  );
}

function spell(members: readonly Member[], draw: Draw, what: string): Buffer {
  let text = objectText(members);
  draw.harmlessly(`${what}: white space`, 12, (random) => {
    text = withSpace(text, random);
  });
  draw.maybe(`${what}: escapes`, 10, (random) => {
    text = withEscapes(text, random);
  });
  draw.maybe(`${what}: broken JSON`, 30, (random) => {
    text = broken(text, random);
  });
  let bytes: Buffer = Buffer.from(text);
  draw.maybe(`${what}: other bytes`, 50, (random) => {
    bytes = withBytes(bytes, random);
  });
  return bytes;
}

function chooseSigner(signer: Signer, draw: Draw): Signer {
  let chosen = signer;
  draw.maybe('another key', 24, (random) => {
    const secrets = [FOREIGN_HS256.key, SECOND_HS256.key, HS256.key, ...PUBLIC_AS_SECRET];
    const hmacOf = (key: Signer['key']): Signer => ({
      algorithm: random.pick(['HS256', 'HS512']),
      key,
      publicKey: key,
    });
    chosen = random.pick([...secrets.map(hmacOf), FOREIGN_ES256, ES256, HS256, HS512]);
  });
  return chosen;
}

interface Signed {
  readonly header: Buffer;
  readonly payload: Buffer;
  readonly signature: Buffer;
}

function drawSigned(world: World, which: number, signer: Signer, draw: Draw): Signed {
  const claims = Object.entries({ ...world.claims[which], iat: NOW_SECONDS - 10, exp: NOW_SECONDS + 3600 });
  const parts: Parts = {
    header: [
      member('alg', signer.algorithm),
      member('typ', 'JWT'),
      ...(signer.kid === undefined ? [] : [member('kid', signer.kid)]),
    ],
    claims: claims.map(([name, value]) => member(name, value)),
  };
  drawClaims(parts.claims, draw);
  if (world.credentials !== undefined)
    draw.maybe('another consumer', 4, (random) => {
      const others = ['bob', 'eve', 'nobody', 'constructor'];
      for (const [i, { name }] of parts.claims.entries())
        if (name === 'sub') parts.claims[i] = member('sub', random.pick(others));
    });
  drawHeader(parts.header, draw);
  const by = chooseSigner(signer, draw);
  draw.maybe('its alg is told', 60, () => {
    parts.header[0] = member('alg', by.algorithm);
  });
  const header = spell(parts.header, draw, 'header');
  const payload = spell(parts.claims, draw, 'claims');
  const input = `${header.toString('base64url')}.${payload.toString('base64url')}`;
  return { header, payload, signature: sign(input, by) };
}

/** How many signed tokens are kept for a slow signer; what follows the signature is new for each case. */
const KEPT = 64;
const kept = new Map<Signer, (Signed & Pick<Draw, 'done' | 'isRight'>)[]>();

function keptSigned(world: World, which: number, signer: Signer, random: Random) {
  const all = kept.get(signer) ?? [];
  kept.set(signer, all);
  const position = random.below(KEPT);
  const made = all[position];
  if (made !== undefined) return made;
  // Each second one has nothing done to it.
  const draw = createDraw(createRandom(position, 1), { calm: position % 2 === 0 ? 1000 : 2 });
  const signed = { ...drawSigned(world, which, signer, draw), done: draw.done, isRight: draw.isRight };
  all[position] = signed;
  return signed;
}

function alterSignature(signature: Buffer, random: Random): Buffer {
  const { length } = signature;
  const half = length / 2;
  switch (random.below(9)) {
    case 0:
    case 1: {
      const flipped = Buffer.from(signature);
      const bit = random.below(length * 8);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return flipped;
    }
    case 2:
      return signature.subarray(0, random.below(length));
    case 3:
      return Buffer.concat([signature, Buffer.alloc(1 + random.below(3), random.below(256))]);
    case 4:
      return Buffer.alloc(length);
    case 5:
      return Buffer.concat([Buffer.alloc(1), signature]);
    case 6:
      return Buffer.concat([signature.subarray(half), signature.subarray(0, half)]);
    case 7: {
      // DER of two integers, as a P-256 signature has it elsewhere.
      const integer = (part: Buffer) => Buffer.concat([Buffer.of(2, part.length + 1, 0), part]);
      const both = Buffer.concat([integer(signature.subarray(0, half)), integer(signature.subarray(half))]);
      return Buffer.concat([Buffer.of(0x30, both.length & 0x7f), both]);
    }
    default:
      return Buffer.alloc(length, 0xff);
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Another spelling of base64url: of the same bytes for a lenient reader. */
function respelled(part: string, random: Random): string {
  const last = ALPHABET.indexOf(part.at(-1) ?? '');
  switch (random.below(8)) {
    case 0:
      return `${part}${'='.repeat(1 + random.below(3))}`;
    case 1:
      return part.replaceAll('-', '+').replaceAll('_', '/');
    case 2:
      return `${part.slice(0, -1)}${ALPHABET[last ^ 1] ?? ''}`;
    case 3:
      return `${part}${random.pick(['A', '\n', ' ', '\0', '%3D', '.'])}`;
    case 4: {
      const at = random.below(part.length + 1);
      return `${part.slice(0, at)}${random.pick(['\n', ' ', '\t', '!', '*', '\u200b', 'é', '='])}${part.slice(at)}`;
    }
    case 5:
      return '';
    case 6:
      return part.replace(/[A-Za-z]/, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
    default:
      return `${part.slice(0, -1)}${ALPHABET[(last + 16) % 64] ?? ''}`;
  }
}

function alterCharacters(token: string, random: Random): string {
  const at = random.below(token.length + 1);
  const [before, after] = [token.slice(0, at), token.slice(at)];
  switch (random.below(9)) {
    case 0:
      return before;
    case 1:
      return `${before}${after.slice(1)}`;
    case 2:
      return `${before}${String.fromCharCode(random.below(random.oneIn(2) ? 128 : 65_536))}${after.slice(1)}`;
    case 3:
      return `${before}${random.pick(['.', '..', ',', ' ', '\n', '\0', ';', '"', '。', '\u2024'])}${after}`;
    case 4:
      return `${before}${after.slice(0, 1).toLowerCase()}${after.slice(1)}`;
    case 5:
      return `${before}${after.slice(0, 1).toUpperCase()}${after.slice(1)}`;
    case 6:
      return `${before}${after.slice(1, 2)}${after.slice(0, 1)}${after.slice(2)}`;
    case 7:
      return `${token}${random.pick(['.', '..', '.AAAA', '.AAAA.AAAA', ' ', '\t', '\r\n', 'A', token, `, ${token}`])}`;
    default:
      return random.pick([
        '',
        '.',
        '..',
        '...',
        'x',
        'a.b.c',
        'e30.e30.',
        '.e30.',
        'null',
        token.repeat(3),
        'A'.repeat(8192),
        'A.'.repeat(5000),
      ]);
  }
}

/** The token of a case. @param which of the world's policies it is made for. */
export function drawToken(world: World, which: number, draw: Draw): string {
  const { signers } = world.verifiers[which] ?? { signers: [] };
  const signer = draw.random.pick(signers);
  let signed: Signed;
  if (signer.isSlow) {
    const made = keptSigned(world, which, signer, draw.random);
    signed = made;
    if (!made.isRight()) draw.was(made.done);
  } else signed = drawSigned(world, which, signer, draw);
  let parts: string[] = [signed.header, signed.payload, signed.signature].map((bytes) =>
    bytes.toString('base64url'),
  );
  draw.maybe('another signature', 20, (random) => {
    parts[2] = alterSignature(signed.signature, random).toString('base64url');
  });
  draw.maybe('the signature of another token', 60, () => {
    parts[2] = sign('eyJhbGciOiJIUzI1NiJ9.e30', signer.isSlow ? HS256 : signer).toString('base64url');
  });
  draw.maybe('claims of another token', 60, (random) => {
    const claims = { ...world.claims[which], sub: random.pick(['bob', 'root']), exp: NOW_SECONDS + 60 };
    parts[1] = Buffer.from(JSON.stringify(claims)).toString('base64url');
  });
  draw.maybe('another base64url', 20, (random) => {
    const at = random.below(3);
    parts[at] = respelled(parts[at] ?? '', random);
  });
  draw.maybe('more or fewer parts', 60, (random) => {
    parts = random.pick([
      parts.slice(0, 2),
      parts.slice(1),
      [...parts, ''],
      ['', ...parts],
      [...parts, 'AAAA'],
      [parts[0] ?? ''],
    ]);
  });
  let token = parts.join('.');
  draw.maybe('other characters', 20, (random) => {
    token = alterCharacters(token, random);
  });
  return token;
}
