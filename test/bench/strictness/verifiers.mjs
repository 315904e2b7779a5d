/** The peers as their own pages show them: algorithms pinned, issuer and audience given, the key as people write it. */
import { JwtVerifier } from 'aws-jwt-verify';
import { createVerifier } from 'fast-jwt';
import { createLocalJWKSet, importSPKI, jwtVerify } from 'jose';
import jwt from 'jsonwebtoken';

export const PEERS = [
  {
    name: 'jsonwebtoken',
    call: 'jwt.verify(token, secretOrPem, { algorithms: [algorithm], issuer, audience })\n// maxAge: seconds, clockTolerance: seconds',
    async verifierFor({ algorithm, text, issuer, audience, wants }) {
      // To find a key by its kid, and to look at typ, is left to the caller.
      if (text === undefined || wants.tokenTypes !== undefined) return undefined;
      const times = { maxAge: wants.maxAgeSeconds, clockTolerance: wants.clockToleranceSeconds };
      const options = { algorithms: [algorithm], issuer, audience, ...given(times) };
      return (token) => jwt.verify(token, text, options);
    },
  },
  {
    name: 'jose',
    call: 'await jwtVerify(token, key, { algorithms: [algorithm], issuer, audience })\n// key: new TextEncoder().encode(secret), await importSPKI(pem, algorithm) or createLocalJWKSet(jwks)\n// typ, maxTokenAge: seconds, clockTolerance: seconds',
    async verifierFor({ algorithm, text, keySet, issuer, audience, wants }) {
      const key = await joseKey({ algorithm, text, keySet });
      const times = { maxTokenAge: wants.maxAgeSeconds, clockTolerance: wants.clockToleranceSeconds };
      const options = {
        algorithms: [algorithm],
        ...{ issuer, audience },
        ...given({ typ: wants.tokenTypes, ...times }),
      };
      return (token) => jwtVerify(token, key, options);
    },
  },
  {
    name: 'fast-jwt',
    call: "createVerifier({ key: secretOrPem, algorithms: [algorithm], allowedIss: issuer, allowedAud: audience })(token)\n// with requiredClaims: ['iss', 'aud'] beside, it refuses tokens without them\n// checkTyp: typ, maxAge: milliseconds, clockTolerance: milliseconds",
    async verifierFor({ algorithm, text, issuer, audience, wants }) {
      if (text === undefined) return undefined;
      const times = {
        maxAge: milliseconds(wants.maxAgeSeconds),
        clockTolerance: milliseconds(wants.clockToleranceSeconds),
      };
      return createVerifier({
        ...{ key: text, algorithms: [algorithm] },
        ...{ allowedIss: issuer, allowedAud: audience },
        ...given({ checkTyp: wants.tokenTypes, ...times }),
      });
    },
  },
  {
    name: 'aws-jwt-verify',
    call: 'const verifier = JwtVerifier.create({ issuer, audience, jwksUri });\nverifier.cacheJwks(jwks); // instead of fetching it\nawait verifier.verify(token)\n// graceSeconds: the clock tolerance',
    async verifierFor({ algorithm, keySet, issuer, audience, wants }) {
      if (!/^[RE]S/.test(algorithm)) return undefined;
      // To look at typ, and at a token's age, is left to a check of the caller's.
      if (wants.tokenTypes !== undefined || wants.maxAgeSeconds !== undefined) return undefined;
      const times = given({ graceSeconds: wants.clockToleranceSeconds });
      const verifier = JwtVerifier.create({ issuer, audience, jwksUri: `${issuer}jwks`, ...times });
      verifier.cacheJwks(keySet);
      return (token) => verifier.verify(token);
    },
  },
];

async function joseKey({ algorithm, text, keySet }) {
  if (text === undefined) return createLocalJWKSet(keySet);
  return algorithm.startsWith('HS') ? new TextEncoder().encode(text) : importSPKI(text, algorithm);
}

/** Options that are asked for: one that is there and undefined is an error to some. */
function given(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function milliseconds(seconds) {
  return seconds === undefined ? undefined : seconds * 1000;
}
