import jwt from 'jsonwebtoken';
import { algorithmsOfKey } from '../../lambda/config/key-material.ts';
import type { JwtPolicy } from '../../lambda/config/types.ts';
import type { DemoCaller } from './demo-consumers.ts';

const TOKEN_SECONDS = 24 * 60 * 60;

/** A token of a demo caller that satisfies the policy, for a day or as long as the policy takes it. */
export function mint(policy: JwtPolicy, { keyId, scopes, signingKey }: DemoCaller): string {
  const possible = algorithmsOfKey(signingKey);
  const algorithm = policy.algorithms.find((allowed) => possible.includes(allowed)) ?? 'HS256';
  const [typ = 'JWT'] = policy.tokenTypes ?? [];
  const claims = { ...requiredClaimsOf(policy), ...registeredClaimsOf(policy), sub: keyId };
  if (policy.scopeClaim !== undefined) place(claims, policy.scopeClaim, scopes.join(' '));
  const expiresIn = Math.min(TOKEN_SECONDS, policy.maxAgeSeconds ?? TOKEN_SECONDS) || 1;
  return jwt.sign(claims, signingKey, { algorithm, expiresIn, header: { alg: algorithm, typ } });
}

function registeredClaimsOf({ issuer: [iss], audience: [aud] }: JwtPolicy): Record<string, unknown> {
  return { ...(iss !== undefined && { iss }), ...(aud !== undefined && { aud }) };
}

/** A value that each required claim may have; `exp` and `iat` are set where the token is signed. */
function requiredClaimsOf({ requiredClaims }: JwtPolicy): Record<string, unknown> {
  const others = requiredClaims.filter(({ name }) => name !== 'exp' && name !== 'iat');
  const anyValue = (name: string) => (name === 'nbf' ? Math.floor(Date.now() / 1000) : 'demo');
  return Object.fromEntries(others.map(({ name, values }) => [name, values?.[0] ?? anyValue(name)]));
}

function place(
  claims: Record<string, unknown>,
  [name = '', ...rest]: readonly string[],
  value: string,
): void {
  if (rest.length === 0) {
    claims[name] = value;
    return;
  }
  const inner = { ...(claims[name] as Record<string, unknown> | undefined) };
  claims[name] = inner;
  place(inner, rest, value);
}
