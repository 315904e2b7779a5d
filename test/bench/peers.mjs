/** What others make of a token: the signature, the expiry, issuer and audience, as their own pages show it. */
import { createHmac, timingSafeEqual, verify } from 'node:crypto';
import { JwtVerifier } from 'aws-jwt-verify';
import { createVerifier } from 'fast-jwt';
import { jwtVerify } from 'jose';
import jwt from 'jsonwebtoken';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { AUDIENCE, ISSUER } from './tokens.mjs';

/**
 * The cryptography alone, and the cheapest call of it: of an ECDSA signature as DER, since Node.js takes 20 to 30 µs to read the options
 * that say it is not. To make the one of the other takes half a microsecond.
 */
export function bareCrypto(algorithm, { publicKey }) {
  const check = (input, signature) => {
    if (algorithm === 'HS256')
      return timingSafeEqual(createHmac('sha256', publicKey).update(input).digest(), signature);
    return verify(
      'sha256',
      Buffer.from(input),
      publicKey,
      algorithm === 'ES256' ? derOf(signature) : signature,
    );
  };
  return (token) => {
    const at = token.lastIndexOf('.');
    if (!check(token.slice(0, at), Buffer.from(token.slice(at + 1), 'base64url'))) throw new Error('invalid');
  };
}

/** Of `r` and `s` side by side, each an INTEGER (X.690 §8.3): no leading zeros, but for one where it would be negative. */
function derOf(signature) {
  const integer = (bytes) => {
    let from = 0;
    while (from < bytes.length - 1 && bytes[from] === 0) from += 1;
    const lead = bytes[from] >= 0x80 ? [0] : [];
    return Buffer.from([2, bytes.length - from + lead.length, ...lead, ...bytes.subarray(from)]);
  };
  const half = signature.length / 2;
  const body = Buffer.concat([integer(signature.subarray(0, half)), integer(signature.subarray(half))]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
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
    {
      id: 'passport-jwt',
      name: 'passport-jwt, text',
      isAsync: true,
      run: passport(algorithm, key.text),
    },
    {
      id: 'passport-jwt-key',
      name: 'passport-jwt, KeyObject',
      isAsync: true,
      run: passport(algorithm, key.publicKey),
    },
  ];
  if (algorithm !== 'HS256') peers.push(awsJwtVerify(algorithm, key));
  return peers;
}

/** @param key text, as its own page shows it, or a KeyObject, which it hands on to jsonwebtoken. */
function passport(algorithm, key) {
  const options = { jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: key };
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
