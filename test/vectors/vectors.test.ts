/** The RFCs' own examples: each signature is right by node:crypto alone, and each token ends as its file says. */
import {
  constants,
  createHmac,
  createPublicKey,
  createSecretKey,
  type JsonWebKey,
  type KeyObject,
  verify as verifySignature,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { UnverifiedToken } from '../../lambda/authorizer/extract.ts';
import { verify } from '../../lambda/authorizer/verify.ts';
import { algorithmsOfKey } from '../../lambda/config/key-material.ts';
import { guardOf } from '../attack/ours.ts';
import { finderOf, policyOf } from '../authorizer/fixtures.ts';
import { spkiPem } from '../config/keys.ts';
import { NOW_SECONDS, SECRET_TEXT } from '../support/tokens.ts';

interface Vector {
  readonly section: string;
  readonly algorithm: string;
  /** The public part alone. Undefined: unsecured. */
  readonly key?: JsonWebKey;
  readonly signingInput?: string;
  readonly signature?: string;
  /** In the RFC's serialisation. */
  readonly token: string;
  /** `accepted`, or the denial's code. */
  readonly result: string;
  readonly nowSeconds?: number;
}

const FILES = ['rfc7515', 'rfc7520', 'rfc7797', 'rfc8037'] as const;
const read = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8'));

function keyOf(jwk: JsonWebKey): KeyObject {
  if (jwk.kty === 'oct') return createSecretKey(String(jwk.k), 'base64url');
  return createPublicKey({ key: jwk, format: 'jwk' });
}

function isRight({ algorithm, signingInput = '', signature = '' }: Vector, key: KeyObject): boolean {
  const input = Buffer.from(signingInput);
  const bytes = Buffer.from(signature, 'base64url');
  const hash = `sha${algorithm.slice(2)}`;
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants;
  switch (algorithm.slice(0, 2)) {
    case 'HS':
      return createHmac(hash, key).update(input).digest().equals(bytes);
    case 'ES':
      return verifySignature(hash, input, { key, dsaEncoding: 'ieee-p1363' }, bytes);
    case 'PS':
      return verifySignature(hash, input, { key, padding, saltLength }, bytes);
    case 'Ed':
      return verifySignature(null, input, key, bytes);
    default:
      return verifySignature(hash, input, key, bytes);
  }
}

/** A policy with the vector's key; one with a key of our own where there is none, or none that we take. */
function fileFor({ key, algorithm }: Vector) {
  const policy = { checkCredentialExistence: false };
  if (key === undefined || key.kty === 'OKP') return { jwt: { ...policy, secretOrPublicKey: SECRET_TEXT } };
  const jwk = keyOf(key);
  if (jwk.type === 'secret')
    return {
      jwt: { ...policy, secretOrPublicKeyBase64: jwk.export().toString('base64'), algorithms: [algorithm] },
    };
  return { jwt: { ...policy, secretOrPublicKey: spkiPem(jwk), algorithms: [algorithm] } };
}

/** By the step that checks signatures, whatever the payload is. */
async function isAuthentic(token: string, key: KeyObject, algorithm: string): Promise<boolean> {
  const able = algorithmsOfKey(key).filter((name) => name === algorithm);
  const decoded = {
    token: token as UnverifiedToken,
    ...{ unverifiedHeader: { alg: algorithm }, unverifiedClaims: {} },
  };
  const lookup = { keys: finderOf(key), nowSeconds: NOW_SECONDS };
  return (await verify(decoded, policyOf({ algorithms: able }), lookup)).isAuthentic;
}

describe.each(FILES)('%s', (file) => {
  const vectors: readonly Vector[] = read(file);
  const numbered = vectors.map((vector, i) => [`${i + 1}: ${vector.section}`, vector] as const);

  test.each(numbered)('%s, as a token', async (_, vector) => {
    const guard = guardOf(fileFor(vector), { nowSeconds: vector.nowSeconds ?? NOW_SECONDS });
    const expected = vector.result === 'accepted' ? 'allowed' : vector.result;
    for (let time = 1; time <= 3; time++) expect(await guard.judge(vector.token)).toBe(expected);
  });

  const signed = numbered.filter(([, { key }]) => key !== undefined);
  test.each(signed)('%s, its signature', async (_, vector) => {
    const { algorithm, signingInput = '', signature = '' } = vector;
    const key = keyOf(vector.key ?? {});
    expect(isRight(vector, key)).toBe(true);
    // Without a header, or with a payload that is not encoded, there is no compact serialisation to check.
    const isOurs = /^[\w-]+\.[\w-]+$/.test(signingInput) && algorithm !== 'EdDSA';
    if (isOurs) expect(await isAuthentic(`${signingInput}.${signature}`, key, algorithm)).toBe(true);
    const changed = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    expect(isRight({ ...vector, signature: changed }, key)).toBe(false);
    expect(await isAuthentic(`${signingInput}.${changed}`, key, algorithm)).toBe(false);
  });
});

test('the sections that have signatures are all there', () => {
  const sectionsOf = (file: string) => [...new Set((read(file) as Vector[]).map(({ section }) => section))];
  expect(sectionsOf('rfc7515')).toEqual(['A.1', 'A.2', 'A.3', 'A.4', 'A.5', 'A.6', 'A.7', 'E']);
  expect(sectionsOf('rfc7520')).toEqual(['4.1', '4.2', '4.3', '4.4', '4.5', '4.6', '4.7', '4.8', '6']);
  expect(sectionsOf('rfc7797')).toEqual(['4.1', '4.2']);
});
