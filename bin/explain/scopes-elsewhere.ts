import { effectiveScopes } from '../../lambda/authorizer/scopes.ts';
import type { JsonObject } from '../../lambda/authorizer/strict-json.ts';
import type { JwtPolicy } from '../../lambda/config/types.ts';

/** Where issuers put scopes, and what stands for them: see docs/issuers. */
const USUAL: readonly (readonly string[])[] = [
  ...['scope', 'scp', 'roles', 'permissions', 'groups', 'cognito:groups'].map((name) => [name]),
  ['realm_access', 'roles'],
];

/**
 * @param missing scopes that a rule asks for.
 * @returns the claims, `scopeClaim` aside, in which the token has all of them; written as `scopeClaim` takes them.
 */
export function scopesElsewhere(
  missing: readonly string[],
  claims: JsonObject,
  { scopeClaim }: Pick<JwtPolicy, 'scopeClaim'>,
): readonly string[] {
  const others = USUAL.filter((path) => path.join() !== scopeClaim?.join());
  const having = others.filter((path) => {
    const there = effectiveScopes(claims, { scopeClaim: path }, undefined);
    return missing.length > 0 && missing.every((scope) => there.includes(scope));
  });
  return having.map((path) => (path.length === 1 ? (path[0] ?? '') : `[${path.join(', ')}]`));
}
