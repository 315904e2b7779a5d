/** The peers as their own pages show them: algorithms pinned, issuer and audience given, the key as people write it. */
import { JwtVerifier } from 'aws-jwt-verify';
import { createVerifier } from 'fast-jwt';
import { createLocalJWKSet, importSPKI, jwtVerify } from 'jose';
import jwt from 'jsonwebtoken';

export const PEERS = [
  {
    name: 'jsonwebtoken',
    call: 'jwt.verify(token, secretOrPem, { algorithms: [algorithm], issuer, audience })',
    async verifierFor({ algorithm, text, issuer, audience }) {
      // To find a key by its kid is left to a callback.
      if (text === undefined) return undefined;
      return (token) => jwt.verify(token, text, { algorithms: [algorithm], issuer, audience });
    },
  },
  {
    name: 'jose',
    call: 'await jwtVerify(token, key, { algorithms: [algorithm], issuer, audience })\n// key: new TextEncoder().encode(secret), await importSPKI(pem, algorithm) or createLocalJWKSet(jwks)',
    async verifierFor({ algorithm, text, keySet, issuer, audience }) {
      const key = await joseKey({ algorithm, text, keySet });
      return (token) => jwtVerify(token, key, { algorithms: [algorithm], issuer, audience });
    },
  },
  {
    name: 'fast-jwt',
    call: "createVerifier({ key: secretOrPem, algorithms: [algorithm], allowedIss: issuer, allowedAud: audience })(token)\n// with requiredClaims: ['iss', 'aud'] beside, it refuses tokens without them",
    async verifierFor({ algorithm, text, issuer, audience }) {
      if (text === undefined) return undefined;
      return createVerifier({
        ...{ key: text, algorithms: [algorithm] },
        ...{ allowedIss: issuer, allowedAud: audience },
      });
    },
  },
  {
    name: 'aws-jwt-verify',
    call: 'const verifier = JwtVerifier.create({ issuer, audience, jwksUri });\nverifier.cacheJwks(jwks); // instead of fetching it\nawait verifier.verify(token)',
    async verifierFor({ algorithm, keySet, issuer, audience }) {
      if (!/^[RE]S/.test(algorithm)) return undefined;
      const verifier = JwtVerifier.create({ issuer, audience, jwksUri: `${issuer}jwks` });
      verifier.cacheJwks(keySet);
      return (token) => verifier.verify(token);
    },
  },
];

async function joseKey({ algorithm, text, keySet }) {
  if (text === undefined) return createLocalJWKSet(keySet);
  return algorithm.startsWith('HS') ? new TextEncoder().encode(text) : importSPKI(text, algorithm);
}
