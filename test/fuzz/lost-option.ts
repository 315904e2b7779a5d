/** Whether what a file asks for is in the configuration that is made of it: an option that is lost leaves a door open. */
import type { AuthorizerConfig } from '../../lambda/config/types.ts';

type Raw = Readonly<Record<string, unknown>>;
const listed = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** @param data of a file that was accepted. @returns what is lost of it. */
export function lostOption(data: unknown, { policies, routes }: AuthorizerConfig): string | undefined {
  const file = data as { jwt: Raw | readonly Raw[]; routes?: readonly { scopes?: unknown }[] };
  const raws = listed(file.jwt) as Raw[];
  if (raws.length !== policies.length) return `${raws.length - policies.length} policies`;
  const scoped = (file.routes ?? []).filter(({ scopes }) => listed(scopes).length > 0);
  if (scoped.length !== routes.filter(({ scopes }) => scopes.length > 0).length) return 'a rule with scopes';
  for (const [i, raw] of raws.entries()) {
    const policy = policies[i];
    if (policy === undefined) return 'a policy';
    const { requiredClaims: required } = raw;
    const names = Array.isArray(required) ? required : Object.keys(required ?? {});
    const kept: readonly (readonly [string, boolean])[] = [
      ['algorithms', raw['algorithms'] === undefined || same(raw['algorithms'], policy.algorithms)],
      [
        'an algorithm that is none',
        policy.algorithms.length > 0 && !policy.algorithms.some((one) => /none/i.test(one)),
      ],
      ['audience', same(listed(raw['audience']), policy.audience)],
      ['issuer', same(listed(raw['issuer']), policy.issuer)],
      [
        'requiredClaims',
        same(
          names,
          policy.requiredClaims.map(({ name }) => name),
        ),
      ],
      ['tokenTypes', listed(raw['tokenTypes']).length === (policy.tokenTypes ?? []).length],
      ['maxAgeSeconds', raw['maxAgeSeconds'] === policy.maxAgeSeconds],
      ['requireExp', policy.requireExp === (raw['requireExp'] !== false)],
      ['clockToleranceSeconds', policy.clockToleranceSeconds === (raw['clockToleranceSeconds'] ?? 0)],
      [
        'checkCredentialExistence',
        policy.checkCredentialExistence === (raw['checkCredentialExistence'] !== false),
      ],
      ['passThrough', policy.passThrough === (raw['passThrough'] === true)],
      ['scopeClaim', same(listed(raw['scopeClaim']), policy.scopeClaim ?? [])],
      ['a secret that is long enough', raw['allowShortSecret'] === true || secretBytes(policy) >= 32],
    ];
    const lost = kept.find(([, isKept]) => !isKept);
    if (lost !== undefined) return `jwt[${i}]: ${lost[0]}`;
  }
  return undefined;
}

function secretBytes({ keySource }: AuthorizerConfig['policies'][number]): number {
  const isSecret = keySource.kind === 'inline' && keySource.key.type === 'secret';
  return isSecret ? (keySource.key.symmetricKeySize ?? 0) : Number.POSITIVE_INFINITY;
}
