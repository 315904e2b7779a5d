import { InvalidArgumentError } from 'commander';
import type { JwtPolicy } from '../../lambda/config/types.ts';
import type { Properties } from './arguments.ts';

/** RFC 7519 §4.1: texts, whatever they look like. */
const TEXT_CLAIMS = new Set(['iss', 'sub', 'aud', 'jti']);

/** `-p claim=value`: JSON where it is a number, true, false, null, a list or an object; else a text. */
export function claim(text: string, previous: Properties = {}): Properties {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('give CLAIM=VALUE');
  const [name, value] = [text.slice(0, at), text.slice(at + 1)];
  if (name === '__proto__') throw new InvalidArgumentError('that name cannot be used');
  return { ...previous, [name]: claimValue(name, value) };
}

function claimValue(name: string, text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  return TEXT_CLAIMS.has(name) && isPlain ? text : value;
}

/** What a policy asks of its tokens, as far as its configuration says it. */
export function claimsFor(policy: JwtPolicy, scopes: readonly string[]): Properties {
  const [iss] = policy.issuer;
  const [aud] = policy.audience;
  const required = policy.requiredClaims.flatMap(({ name, values: [value] = [] }) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return {
    ...Object.fromEntries(required),
    ...(iss !== undefined && { iss }),
    ...(aud !== undefined && { aud }),
    ...(policy.scopeClaim !== undefined && nested(policy.scopeClaim, scopes.join(' '))),
  };
}

/** Claims that the policy asks for without saying what they are. */
export function missingClaims(policy: JwtPolicy, claims: Properties): readonly string[] {
  return policy.requiredClaims
    .map(({ name }) => name)
    .filter((name) => !Object.hasOwn(claims, name) && name !== 'exp' && name !== 'iat');
}

function nested([name = '', ...rest]: readonly string[], value: string): Properties {
  return { [name]: rest.length === 0 ? value : nested(rest, value) };
}
