/** Generated lists of policies, and tokens for them. */
import fc from 'fast-check';
import { NOW_SECONDS } from '../support/tokens.ts';

export const SCOPES = ['r', 'w'];
export const ISSUERS = ['https://one.example', 'https://two.example'] as const;

export type Place = 'bearer' | 'header' | 'query' | 'cookie';

export interface PolicyCase {
  readonly place: Place;
  /** Undefined: any, and none. */
  readonly issuer?: string;
  readonly key: 0 | 1;
  readonly isControlled: boolean;
  /** Whether revocations count: in the controlled modality always. */
  readonly tokenRevocation: boolean;
  /** Whether the token's own scopes count. */
  readonly hasScopeClaim: boolean;
  readonly passThrough: boolean;
}

export type TokenKind =
  | 'valid'
  | 'expired'
  | 'not yet valid'
  | 'garbage'
  | 'foreign signature'
  | 'foreign issuer'
  | 'twice';

/** A token that was made for a policy of the list, and may be shown at the place of another. */
export interface TokenCase {
  readonly kind: TokenKind;
  readonly policy: number;
  /** How much further down the list the policy is at whose place it is shown. */
  readonly shift: number;
  readonly scopes: readonly string[];
  /** Which credential it names, where the policy is controlled. */
  readonly credential: number;
  /** Undefined: it does not say when. */
  readonly issuedAtSeconds: number | undefined;
}

/** No token, one, or two. */
export type CallerCase = readonly TokenCase[];

const place = fc.constantFrom<Place>('bearer', 'header', 'query', 'cookie');

const policy = fc.record({
  ownPlace: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: place }),
  issuer: fc.constantFrom(undefined, undefined, ...ISSUERS),
  key: fc.constantFrom(0 as const, 0 as const, 1 as const),
  isControlled: fc.constantFrom(true, true, false),
  tokenRevocation: fc.boolean(),
  hasScopeClaim: fc.boolean(),
  chains: fc.boolean(),
  letsAnybody: fc.constantFrom(false, false, false, false, true),
});

export const anyPolicies: fc.Arbitrary<readonly PolicyCase[]> = fc
  .record({ place, list: fc.array(policy, { minLength: 1, maxLength: 3 }) })
  .map(({ place, list }) =>
    asParsed(
      list.map(({ ownPlace, issuer, chains, letsAnybody, ...rest }, i) => ({
        ...rest,
        // At the end of a list it means that all may pass, which is nothing to cache.
        passThrough: i < list.length - 1 ? chains : letsAnybody,
        place: ownPlace ?? place,
        ...(issuer !== undefined && { issuer }),
      })),
    ),
  );

/** What the configuration's parser would take: see `checkPolicies`. */
function asParsed(list: readonly PolicyCase[]): readonly PolicyCase[] {
  const isList = list.filter(({ isControlled }) => isControlled).length > 1;
  const free = new Set<string>(ISSUERS);
  return list.map((policy) => {
    if (!policy.isControlled) return { ...policy, hasScopeClaim: true };
    if (!isList) return { ...policy, tokenRevocation: true };
    const issuer = free.has(policy.issuer ?? '') ? policy.issuer : [...free][0];
    if (issuer === undefined) return { ...policy, isControlled: false, hasScopeClaim: true };
    free.delete(issuer);
    return { ...policy, tokenRevocation: true, issuer };
  });
}

/** Before and after the moments of `table-cases.ts`. */
const ISSUED_AT_SECONDS = [NOW_SECONDS - 100, NOW_SECONDS - 50];

const token: fc.Arbitrary<TokenCase> = fc.record({
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constant<TokenKind>('valid') },
    {
      weight: 2,
      arbitrary: fc.constantFrom<TokenKind>(
        ...(['expired', 'not yet valid', 'garbage', 'foreign signature', 'foreign issuer', 'twice'] as const),
      ),
    },
  ),
  policy: fc.nat(2),
  shift: fc.constantFrom(0, 0, 0, 0, 0, 0, 1),
  scopes: fc.constantFrom(SCOPES, SCOPES, ['r'], ['w'], []),
  credential: fc.constantFrom(0, 0, 0, 1, 1, 1, 2, 2, 3),
  issuedAtSeconds: fc.constantFrom(...ISSUED_AT_SECONDS, undefined),
});

export const anyCaller: fc.Arbitrary<CallerCase> = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(token) },
  { weight: 1, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.tuple(token, token) },
);
