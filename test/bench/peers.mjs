/** What others make of a token: the signature, the expiry, issuer and audience, as their own pages show it. */
import { createHmac, timingSafeEqual, verify } from 'node:crypto';
import { JwtVerifier } from 'aws-jwt-verify';
import { createVerifier } from 'fast-jwt';
import { jwtVerify } from 'jose';
import jwt from 'jsonwebtoken';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { AUDIENCE, ISSUER } from './tokens.mjs';

/** The cryptography alone: what nobody can be faster than without remembering. */
export function bareCrypto(algorithm, { publicKey }) {
  const check = (input, signature) => {
    if (algorithm === 'HS256')
      return timingSafeEqual(createHmac('sha256', publicKey).update(input).digest(), signature);
    const key = algorithm === 'ES256' ? { key: publicKey, dsaEncoding: 'ieee-p1363' } : publicKey;
    return verify('sha256', Buffer.from(input), key, signature);
  };
  return (token) => {
    const at = token.lastIndexOf('.');
    if (!check(token.slice(0, at), Buffer.from(token.slice(at + 1), 'base64url'))) throw new Error('invalid');
  };
}

/**
 * @returns each peer with its verify, of one token; `isAsync` where it gives a promise, `headed` where tokens need more in
 * their header, `isCached` where it remembers them.
 */
export function peersFor(algorithm, key) {
  const wanted = { algorithms: [algorithm], issuer: ISSUER, audience: AUDIENCE };
  const fast = (cache) =>
    createVerifier({
      key: key.text,
      algorithms: [algorithm],
      allowedIss: ISSUER,
      allowedAud: AUDIENCE,
      cache,
    });
  const fastPlain = fast(false);
  const fastCached = fast(10_000);
  const peers = [
    {
      id: 'jsonwebtoken-text',
      name: 'jsonwebtoken, text',
      run: (token) => jwt.verify(token, key.text, wanted),
    },
    {
      id: 'jsonwebtoken',
      name: 'jsonwebtoken, KeyObject',
      run: (token) => jwt.verify(token, key.publicKey, wanted),
    },
    { id: 'fast-jwt', name: 'fast-jwt', run: (token) => fastPlain(token) },
    {
      id: 'fast-jwt-cached',
      name: 'fast-jwt, cache, seen before',
      isCached: true,
      run: (token) => fastCached(token),
    },
    { id: 'jose', name: 'jose', isAsync: true, run: (token) => jwtVerify(token, key.publicKey, wanted) },
    { id: 'passport-jwt', name: 'passport-jwt', isAsync: true, run: passport(algorithm, key) },
  ];
  if (algorithm !== 'HS256') peers.push(awsJwtVerify(algorithm, key));
  return peers;
}

function passport(algorithm, { text }) {
  const options = { jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: text };
  const strategy = new Strategy(
    { ...options, algorithms: [algorithm], issuer: ISSUER, audience: AUDIENCE },
    (claims, done) => done(null, claims),
  );
  return (token) =>
    new Promise((resolve, reject) => {
      const attempt = Object.create(strategy);
      attempt.success = resolve;
      attempt.fail = reject;
      attempt.error = reject;
      attempt.authenticate({ headers: { authorization: `Bearer ${token}` } });
    });
}

function awsJwtVerify(algorithm, { publicKey }) {
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: algorithm, use: 'sig' };
  const verifier = JwtVerifier.create({ issuer: ISSUER, audience: AUDIENCE, jwksUri: `${ISSUER}/jwks.json` });
  verifier.cacheJwks({ keys: [jwk] });
  // It takes tokens with a `kid` alone.
  return {
    id: 'aws-jwt-verify',
    name: 'aws-jwt-verify',
    headed: { kid: 'one' },
    run: (token) => verifier.verifySync(token),
  };
}
