import type { Duration } from 'aws-cdk-lib';
import type { Algorithm, ClaimValue } from '../lambda/config/types.ts';
import type { KeySource } from './key-source.ts';

/** Where a request holds the token. */
export class TokenSource {
  /** `Authorization: Bearer <token>` */
  static readonly BEARER = new TokenSource({});

  /** `Authorization: <scheme> <token>` */
  static authorizationScheme(scheme: string): TokenSource {
    return new TokenSource({ jwtExtractor: 'authScheme', jwtExtractorField: scheme });
  }

  /** A header that holds the token alone. */
  static header(name: string): TokenSource {
    return new TokenSource({ jwtExtractor: 'header', jwtExtractorField: name });
  }

  /** A parameter of the query string. */
  static queryString(name: string): TokenSource {
    return new TokenSource({ jwtExtractor: 'query', jwtExtractorField: name });
  }

  static cookie(name: string): TokenSource {
    return new TokenSource({ jwtExtractor: 'cookie', jwtExtractorField: name });
  }

  /** As a policy of `authorizer.config.yml` has them. */
  readonly options: Readonly<Record<string, unknown>>;

  private constructor(options: TokenSource['options']) {
    this.options = options;
  }
}

/** Which tokens are accepted, and who their bearer is. */
export interface JwtPolicyProps {
  /** Where the keys come from that verify the tokens. */
  readonly keySource: KeySource;
  /**
   * The algorithms that are allowed.
   * @default - those that the key can do; needed for secrets and parameters that are not generated
   */
  readonly algorithms?: readonly Algorithm[] | undefined;
  /**
   * Where a request holds the token.
   * @default TokenSource.BEARER
   */
  readonly tokenSource?: TokenSource | undefined;
  /**
   * `aud` must contain one of these.
   * @default - `aud` is not looked at; needed with a key set
   */
  readonly audience?: readonly string[] | undefined;
  /**
   * With a key set: accept tokens that were made for other clients of the issuer.
   * @default false
   */
  readonly anyAudience?: boolean | undefined;
  /**
   * `iss` must equal one of these, character for character.
   * @default - `iss` is not looked at; needed with a key set
   */
  readonly issuer?: readonly string[] | undefined;
  /**
   * Whether `sub` must be the keyId of a credential in the table (the controlled modality).
   * @default true
   */
  readonly checkCredentialExistence?: boolean | undefined;
  /**
   * Without `checkCredentialExistence`: look revocations up.
   * @default false
   */
  readonly tokenRevocation?: boolean | undefined;
  /**
   * When this policy denies, try the next; when every policy says so, the request goes on as anonymous.
   * @default false
   */
  readonly passThrough?: boolean | undefined;
  /**
   * Deny a token without `exp`.
   * @default true
   */
  readonly requireExp?: boolean | undefined;
  /**
   * Deny a token that was issued longer ago.
   * @default - as old as `exp` allows
   */
  readonly maxAge?: Duration | undefined;
  /**
   * Leeway for `exp` and `nbf`.
   * @default Duration.seconds(0)
   */
  readonly clockTolerance?: Duration | undefined;
  /**
   * Claims that must have one of the given values.
   * @default - none
   */
  readonly requiredClaims?: Readonly<Record<string, ClaimValue | readonly ClaimValue[]>> | undefined;
  /**
   * Names of claims that must be there, with any value; not beside `requiredClaims`.
   * @default - none
   */
  readonly requiredClaimNames?: readonly string[] | undefined;
  /**
   * Allowed `typ` header values, such as `at+jwt` (RFC 9068).
   * @default - any
   */
  readonly tokenTypes?: readonly string[] | undefined;
  /**
   * The claim whose scopes count for `routes`, or the path of names that leads to it.
   * @default - the token's scopes are not looked at
   */
  readonly scopeClaim?: string | readonly string[] | undefined;
}

/** A rule: who calls one of these methods on one of these paths needs all these scopes. */
export interface RouteRuleProps {
  /** Path templates: `/orders/{id}`, `/files/{proxy+}`; a trailing `/*` means everything below. */
  readonly paths: readonly string[];
  /**
   * HTTP methods; GET holds for HEAD too.
   * @default - all
   */
  readonly methods?: readonly string[] | undefined;
  /**
   * The caller needs all of them.
   * @default - none: the path is only a resource of its own
   */
  readonly scopes?: readonly string[] | undefined;
}

/** @returns the policy as `authorizer.config.yml` has it. */
export function policyOptions(props: JwtPolicyProps): Readonly<Record<string, unknown>> {
  if (props.requiredClaims !== undefined && props.requiredClaimNames !== undefined)
    throw new Error('requiredClaims and requiredClaimNames: give one of them');
  const { keySource, tokenSource, maxAge, clockTolerance, requiredClaims, requiredClaimNames, ...rest } =
    props;
  return withoutUndefined({
    ...rest,
    ...keySource.options,
    ...tokenSource?.options,
    maxAgeSeconds: maxAge?.toSeconds(),
    clockToleranceSeconds: clockTolerance?.toSeconds(),
    requiredClaims: requiredClaims ?? requiredClaimNames,
  });
}

export const withoutUndefined = (
  values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
