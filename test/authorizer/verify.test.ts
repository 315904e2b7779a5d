import { createSecretKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import jwt from 'jsonwebtoken';
import { describe, expect, test } from 'vitest';
import { decode } from '../../lambda/authorizer/decode.ts';
import { isDenial } from '../../lambda/authorizer/denial.ts';
import type { UnverifiedToken } from '../../lambda/authorizer/extract.ts';
import type { Observe } from '../../lambda/authorizer/trace.ts';
import { verify } from '../../lambda/authorizer/verify.ts';
import { ALGORITHMS, type Algorithm, type JwtPolicy } from '../../lambda/config/types.ts';
import type { KeyFinder } from '../../lambda/keys/key-finder.ts';
import {
  base64url,
  NOW_SECONDS,
  OTHER_SECRET,
  SECRET,
  secretKey,
  tokenOf,
  tokenOfText,
} from '../support/tokens.ts';
import { finderOf, policyOf } from './fixtures.ts';

interface KeyPair {
  /** Signs. */
  readonly key: KeyObject;
  /** Verifies. */
  readonly publicKey: KeyObject;
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ecPair = (namedCurve: string): KeyPair => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return { key: privateKey, publicKey };
};
const RSA: KeyPair = { key: rsa.privateKey, publicKey: rsa.publicKey };
const CURVES = { ES256: ecPair('P-256'), ES384: ecPair('P-384'), ES512: ecPair('P-521') };
const HMAC: KeyPair = { key: SECRET, publicKey: SECRET };

const pairFor = (algorithm: Algorithm): KeyPair => {
  if (algorithm.startsWith('HS')) return HMAC;
  if (algorithm === 'ES256' || algorithm === 'ES384' || algorithm === 'ES512') return CURVES[algorithm];
  return RSA;
};

/** The code of a denial, or `accepted`; and whether the signature held. */
async function attempt(token: string, key: KeyObject, policy: Partial<JwtPolicy> = {}) {
  const decoded = decode(token as UnverifiedToken);
  if (isDenial(decoded)) throw new Error(`the test's token does not decode: ${decoded.code}`);
  const lookup = { keys: finderOf(key), nowSeconds: NOW_SECONDS };
  const { result, isAuthentic } = await verify(decoded, policyOf(policy), lookup);
  return [isDenial(result) ? result.code : 'accepted', isAuthentic] as const;
}

describe.each(ALGORITHMS)('%s', (algorithm) => {
  const { key, publicKey } = pairFor(algorithm);
  const policy = { algorithms: [algorithm] };
  const token = tokenOf({ sub: 'ada' }, { algorithm, key });
  const [header = '', payload = '', signature = ''] = token.split('.');

  test('accepts a right signature', async () => {
    expect(await attempt(token, publicKey, policy)).toEqual(['accepted', true]);
  });

  test('accepts nothing that was changed afterwards', async () => {
    const changed = base64url(JSON.stringify({ sub: 'eve', exp: NOW_SECONDS + 3600 }));
    const otherHeader = base64url(JSON.stringify({ alg: algorithm, typ: 'jwt' }));
    expect(await attempt(`${header}.${changed}.${signature}`, publicKey, policy)).toEqual([
      'signature_invalid',
      false,
    ]);
    expect(await attempt(`${otherHeader}.${payload}.${signature}`, publicKey, policy)).toEqual([
      'signature_invalid',
      false,
    ]);
  });

  test('accepts no signature that was cut off, extended or is all zeros', async () => {
    const bytes = Buffer.from(signature, 'base64url');
    const wrong = [
      bytes.subarray(0, -1),
      bytes.subarray(0, 1),
      Buffer.concat([bytes, bytes]),
      Buffer.concat([bytes, Buffer.of(0)]),
      Buffer.alloc(bytes.length),
      Buffer.alloc(bytes.length, 0xff),
    ];
    for (const other of wrong) {
      const [code] = await attempt(`${header}.${payload}.${base64url(other)}`, publicKey, policy);
      expect(code).toBe('signature_invalid');
    }
  });

  test('accepts no other algorithm of the same key where only it is allowed', async () => {
    for (const other of ALGORITHMS.filter((name) => name !== algorithm && pairFor(name).key === key)) {
      const forged = tokenOf({}, { algorithm: other, key });
      expect(await attempt(forged, publicKey, policy)).toEqual(['algorithm_not_allowed', false]);
    }
  });

  test('accepts no signature of another algorithm under its own name', async () => {
    for (const other of ALGORITHMS.filter((name) => name !== algorithm && pairFor(name).key === key)) {
      const forged = tokenOf({}, { algorithm: other, key, header: { alg: algorithm } });
      expect(await attempt(forged, publicKey, policy)).toEqual(['signature_invalid', false]);
    }
  });

  test('accepts no key of another type, whatever the policy allows', async () => {
    const others = [HMAC, RSA, ...Object.values(CURVES)].filter((pair) => pair.key !== key);
    for (const other of others) {
      const [code] = await attempt(token, other.publicKey, { algorithms: ALGORITHMS });
      expect(code).toBe('algorithm_not_allowed');
    }
  });
});

test('any of several allowed algorithms will do', async () => {
  const policy = { algorithms: ['RS256', 'PS512'] as const };
  for (const algorithm of policy.algorithms) {
    expect(await attempt(tokenOf({}, { algorithm, key: RSA.key }), RSA.publicKey, policy)).toEqual([
      'accepted',
      true,
    ]);
  }
});

test.each(['hs256', 'HS256 ', 'HS', 'none', 'ES256K', 'EdDSA', '__proto__', ''])(
  'alg %j is not allowed',
  async (alg) => {
    const token = tokenOf({}, { header: { alg } });
    if (alg === 'none') return expect(() => attempt(token, SECRET)).rejects.toThrow('algorithm_not_allowed');
    expect(await attempt(token, SECRET, { algorithms: ALGORITHMS })).toEqual([
      'algorithm_not_allowed',
      false,
    ]);
  },
);

describe('a public key taken for a secret', () => {
  const { publicKey } = RSA;
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const spellings: [string, KeyObject][] = [
    ['PEM', secretKey(pem)],
    ['PEM without the last line break', secretKey(pem.trim())],
    ['PKCS#1 PEM', secretKey(publicKey.export({ type: 'pkcs1', format: 'pem' }).toString())],
  ];

  test.each(spellings)('HS256 with its %s is not allowed', async (_, forger) => {
    const forged = tokenOf({}, { algorithm: 'HS256', key: forger });
    for (const algorithms of [['RS256'], ['RS256', 'HS256'], ALGORITHMS] as const) {
      expect(await attempt(forged, publicKey, { algorithms })).toEqual(['algorithm_not_allowed', false]);
    }
  });

  test('HS256 with its DER is not allowed', async () => {
    const der = publicKey.export({ type: 'spki', format: 'der' });
    const forged = tokenOf({}, { key: secretKey(der.toString('latin1')) });
    expect(await attempt(forged, publicKey, { algorithms: ALGORITHMS })).toEqual([
      'algorithm_not_allowed',
      false,
    ]);
  });
});

describe('a key that the token names', () => {
  const attacker = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = attacker.publicKey.export({ format: 'jwk' });

  test.each(['jwk', 'jku', 'x5u', 'x5c', 'kid'])('in %s is not used', async (name) => {
    const token = tokenOf({}, { algorithm: 'RS256', key: attacker.privateKey, header: { [name]: jwk } });
    expect(await attempt(token, RSA.publicKey, { algorithms: ['RS256'] })).toEqual([
      'signature_invalid',
      false,
    ]);
  });
});

test('both halves of the ECDSA signatures are valid: low S and high S', async () => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const { key, publicKey } = CURVES.ES256;
  const token = tokenOf({}, { algorithm: 'ES256', key });
  const [header, payload, signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const mirrored = Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex');
  const other = base64url(Buffer.concat([bytes.subarray(0, 32), mirrored]));
  for (const one of [signature, other]) {
    const [code] = await attempt(`${header}.${payload}.${one}`, publicKey, { algorithms: ['ES256'] });
    expect(code).toBe('accepted');
  }
});

test('an ECDSA signature in DER is not one of a token', async () => {
  const { key, publicKey } = CURVES.ES256;
  const [header, payload] = tokenOf({}, { algorithm: 'ES256', key }).split('.');
  const der = sign('sha256', Buffer.from(`${header}.${payload}`), key);
  const [code] = await attempt(`${header}.${payload}.${base64url(der)}`, publicKey, {
    algorithms: ['ES256'],
  });
  expect(code).toBe('signature_invalid');
});

describe('the order of things', () => {
  test('the algorithm is refused before a key is fetched', async () => {
    const decoded = decode(tokenOf({}, { algorithm: 'HS512' }) as UnverifiedToken);
    if (isDenial(decoded)) throw new Error('does not decode');
    const keys: KeyFinder = {
      find: () => expect.fail('a key was asked for'),
      findNewer: () => expect.fail('another key was asked for'),
    };
    const { result } = await verify(decoded, policyOf(), { keys, nowSeconds: NOW_SECONDS });
    expect(result).toMatchObject({ kind: 'denial', code: 'algorithm_not_allowed' });
  });

  test('of several keys, one that could do the algorithm makes it the signature that is wrong', async () => {
    const decoded = decode(tokenOf({}, { key: OTHER_SECRET }) as UnverifiedToken);
    if (isDenial(decoded)) throw new Error('does not decode');
    const codeWith = async (...keys: KeyObject[]) => {
      const { result } = await verify(decoded, policyOf(), {
        keys: finderOf(...keys),
        nowSeconds: NOW_SECONDS,
      });
      return isDenial(result) ? result.code : 'accepted';
    };
    expect(await codeWith(RSA.publicKey, SECRET)).toBe('signature_invalid');
    expect(await codeWith(RSA.publicKey, CURVES.ES256.publicKey)).toBe('algorithm_not_allowed');
  });

  test('who listens is told which algorithms are wanted, and which the token has', async () => {
    const decoded = decode(tokenOf() as UnverifiedToken);
    if (isDenial(decoded)) throw new Error('does not decode');
    const told: unknown[] = [];
    const observe: Observe = (step) => told.push(step);
    await verify(decoded, policyOf(), { keys: finderOf(SECRET), nowSeconds: NOW_SECONDS, observe });
    expect(told[0]).toEqual({ step: 'algorithm', wanted: ['HS256'], got: 'HS256', code: undefined });
  });

  test('the claims of a forged token are not looked at', async () => {
    const forged = tokenOf({ exp: 1 }, { key: OTHER_SECRET });
    expect(await attempt(forged, SECRET)).toEqual(['signature_invalid', false]);
  });

  test('a denial of the claims of a genuine token is authentic', async () => {
    expect(await attempt(tokenOf({ exp: 1 }), SECRET)).toEqual(['token_expired', true]);
  });

  test('a key that cannot be reached is no denial', async () => {
    const decoded = decode(tokenOf() as UnverifiedToken);
    if (isDenial(decoded)) throw new Error('does not decode');
    const keys = { ...finderOf(), find: () => Promise.reject(new Error('unreachable')) };
    await expect(verify(decoded, policyOf(), { keys, nowSeconds: NOW_SECONDS })).rejects.toThrow(
      'unreachable',
    );
  });
});

test.each([
  ['without typ', { typ: undefined }],
  ['with a typ of its own', { typ: 'at+jwt' }],
  ['with a typ that is no text', { typ: 7 }],
  ['with other members', { kid: 'ключ', x: [1, { y: null }] }],
])('a header %s is fine', async (_, header) => {
  expect(await attempt(tokenOf({ name: 'Ада \u2028 "' }, { header }), SECRET)).toEqual(['accepted', true]);
});

test('white space and key order of the payload are the issuer’s', async () => {
  const payload = ` { "sub" : "a" ,\n "exp" : ${NOW_SECONDS + 1} } `;
  expect(await attempt(tokenOfText(payload), SECRET)).toEqual(['accepted', true]);
});

describe('a token that held before', () => {
  const decodedWith = (token: string, heldWith: KeyObject) => {
    const decoded = decode(token as UnverifiedToken);
    if (isDenial(decoded)) throw new Error('does not decode');
    return { ...decoded, heldWith };
  };
  /** Whose signature would not hold, were it looked at. */
  const forged = tokenOf({}, { key: OTHER_SECRET });
  const codeWith = async (key: KeyObject, policy: Partial<JwtPolicy> = {}) => {
    const lookup = { keys: finderOf(key), nowSeconds: NOW_SECONDS };
    const { result } = await verify(decodedWith(forged, SECRET), policyOf(policy), lookup);
    return isDenial(result) ? result.code : 'accepted';
  };

  test('is not verified again with that key', async () => {
    expect(await codeWith(SECRET)).toBe('accepted');
  });

  test('is with the same secret, fetched again', async () => {
    expect(await codeWith(createSecretKey(SECRET.export()))).toBe('signature_invalid');
  });

  test('needs an algorithm of the policy all the same', async () => {
    expect(await codeWith(SECRET, { algorithms: ['HS384'] })).toBe('algorithm_not_allowed');
  });
});

test('a signature holds where jsonwebtoken says so', async () => {
  const pairs = [HMAC, RSA, ...Object.values(CURVES)];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...ALGORITHMS),
      fc.constantFrom(...pairs),
      fc.oneof(fc.constant(undefined), fc.tuple(fc.nat(), fc.nat({ max: 7 }), fc.nat({ max: 3 }))),
      async (algorithm, { publicKey }, change) => {
        const { key } = pairFor(algorithm);
        const token = tokenOf({ sub: 'ada' }, { algorithm, key });
        const at = token.lastIndexOf('.') + 1;
        const bytes = Buffer.from(token.slice(at), 'base64url');
        if (change !== undefined) {
          const [position, bit, cut] = change;
          const i = position % bytes.length;
          bytes[i] = (bytes[i] ?? 0) ^ (1 << bit);
          if (cut > 0) bytes.fill(0, 0, bytes.length >> cut);
        }
        const changed = token.slice(0, at) + base64url(bytes);
        const [, holds] = await attempt(changed, publicKey, { algorithms: [algorithm] });
        expect(holds).toBe(isHeldByJsonwebtoken(changed, publicKey, algorithm));
      },
    ),
    { numRuns: 400 },
  );
});

function isHeldByJsonwebtoken(token: string, key: KeyObject, algorithm: Algorithm): boolean {
  try {
    jwt.verify(token, key, { algorithms: [algorithm], ignoreExpiration: true, ignoreNotBefore: true });
    return true;
  } catch {
    return false;
  }
}
