import { isRecord } from '../config/record.ts';
import { isScope } from '../config/scope.ts';
import type { JwtPolicy } from '../config/types.ts';
import type { JsonObject } from './strict-json.ts';

/**
 * The scopes that count: the credential's in the controlled modality; where `scopeClaim` is set, the
 * token's; where both are there, what they have in common.
 */
export function effectiveScopes(
  claims: JsonObject,
  policy: Pick<JwtPolicy, 'scopeClaim'>,
  credentialScopes: readonly string[] | undefined,
): readonly string[] {
  if (policy.scopeClaim === undefined) return credentialScopes ?? [];
  const tokenScopes = scopesInClaim(claims, policy.scopeClaim);
  return credentialScopes === undefined
    ? tokenScopes
    : credentialScopes.filter((scope) => tokenScopes.includes(scope));
}

/** A space-separated string (RFC 8693 §4.2) or a list of strings, at a path of names. */
function scopesInClaim(claims: JsonObject, path: readonly string[]): readonly string[] {
  const value = path.reduce<unknown>(
    (inner, name) => (isRecord(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
    claims,
  );
  const listed: readonly unknown[] = typeof value === 'string' ? value.split(' ') : listOf(value);
  // Scopes go on separated by spaces, where an entry with a space in it would count as two.
  return listed.filter(isScope);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
