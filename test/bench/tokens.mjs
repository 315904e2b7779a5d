/** Keys and tokens of the benchmark: the same for the authorizer and for its peers. */
import { createHmac, createSecretKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const ISSUER = 'https://issuer.example';
const AUDIENCE = 'orders-api';
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Of each algorithm: what signs and what verifies, as KeyObjects and as people write them. */
export function makeKeys() {
  const secret = randomBytes(32).toString('base64url');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pair = ({ privateKey, publicKey }) => ({
    privateKey,
    publicKey,
    text: publicKey.export({ type: 'spki', format: 'pem' }),
  });
  const key = createSecretKey(Buffer.from(secret));
  return { HS256: { privateKey: key, publicKey: key, text: secret }, RS256: pair(rsa), ES256: pair(ec) };
}

const SIGNERS = {
  HS256: (key, input) => createHmac('sha256', key).update(input).digest(),
  RS256: (key, input) => sign('sha256', input, key),
  ES256: (key, input) => sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' }),
};

/** @param claims beside issuer, audience, `sub` and times of a token that is an hour old at most. */
export function makeToken(algorithm, key, claims = {}, header = {}) {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    ...{ iss: ISSUER, aud: AUDIENCE, sub: 'user-1', iat: now - 10, exp: now + 36_000 },
    ...{ scope: 'orders:read orders:write', name: 'Ada Lovelace', email: 'ada@example.com' },
    ...claims,
  };
  const input = `${encode({ alg: algorithm, typ: 'JWT', ...header })}.${encode(payload)}`;
  return `${input}.${SIGNERS[algorithm](key, Buffer.from(input)).toString('base64url')}`;
}

/** As many as there are, each another one. */
export const makeTokens = (count, algorithm, key, claims = {}, header = {}) =>
  Array.from({ length: count }, (_, index) =>
    makeToken(algorithm, key, { ...claims, jti: `token-${index}` }, header),
  );

/** The same token with another signature, from its first character on. */
export function withWrongSignature(token) {
  const at = token.lastIndexOf('.') + 1;
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}

export { AUDIENCE, ISSUER };
