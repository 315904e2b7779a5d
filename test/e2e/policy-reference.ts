/**
 * What a list of policies says of the tokens that a request holds: the rules of "Several policies", written
 * down a second time and without the code's help.
 */

/** The policy's key cannot be reached (`none`), or signs the tokens that say so. */
export type Key = 'A' | 'B' | 'none';

export interface PolicyUnderTest {
  readonly key: Key;
  readonly issuer?: string;
  readonly audience?: string;
  /** The header that holds the token. */
  readonly place: string;
  readonly passThrough: boolean;
}

export interface TokenUnderTest {
  readonly name: string;
  /** What it is signed with; `garbage` is no token at all. */
  readonly signedBy: 'A' | 'B' | 'C' | 'garbage';
  readonly issuer?: string;
  readonly audience?: string;
  /** Tells apart tokens that are otherwise alike. */
  readonly subject?: string;
  readonly isExpired?: boolean;
  /** An algorithm that no policy allows. */
  readonly isForeign?: boolean;
}

/** Tokens by the header that holds them; an absent one is left out. */
export type Presented = ReadonlyMap<string, TokenUnderTest>;

export type Expected = 'verified' | 'anonymous' | 'denied' | 'unavailable';

export function expected(policies: readonly PolicyUnderTest[], presented: Presented): Expected {
  const vouchedFor = new Set<TokenUnderTest>();
  for (const policy of policies) {
    const token = presented.get(policy.place);
    const said = sayOf(policy, token, vouchedFor);
    if (said === 'does not apply') continue;
    if (said !== 'denied') return said;
    if (!policy.passThrough) return 'denied';
  }
  return policies.every(({ passThrough }) => passThrough) ? 'anonymous' : 'denied';
}

function sayOf(
  policy: PolicyUnderTest,
  token: TokenUnderTest | undefined,
  vouchedFor: Set<TokenUnderTest>,
): 'does not apply' | 'denied' | 'verified' | 'unavailable' {
  if (token === undefined || token.signedBy === 'garbage') return 'denied';
  if (policy.issuer !== undefined && policy.issuer !== token.issuer) return 'does not apply';
  // Once a signature held, no other policy may accept the token: its key need not even be there.
  if (vouchedFor.has(token)) return 'denied';
  if (token.isForeign) return 'denied';
  if (policy.key === 'none') return 'unavailable';
  if (policy.key !== token.signedBy) return 'denied';
  vouchedFor.add(token);
  if (token.isExpired) return 'denied';
  return policy.audience === undefined || policy.audience === token.audience ? 'verified' : 'denied';
}
