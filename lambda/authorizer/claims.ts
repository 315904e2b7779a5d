import { normalizeTokenType } from '../config/token-type.ts';
import type { JwtPolicy, RequiredClaim } from '../config/types.ts';
import { type Denial, deny } from './denial.ts';
import type { JsonObject } from './strict-json.ts';
import type { CheckName, Observe } from './trace.ts';

/** A clock that is a minute fast is common among issuers; a token from further ahead is not. */
const FUTURE_IAT_LEEWAY_SECONDS = 60;

interface Token {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

interface Check {
  readonly name: CheckName;
  /** The policy's option that says what is wanted. */
  readonly option?: keyof JwtPolicy;
  readonly run: (token: Token, policy: JwtPolicy, now: number) => Denial | undefined;
}

/** In this order, once the signature held (RFC 7519 §4.1); what a policy requires beyond them comes last. */
const CHECKS: readonly Check[] = [
  { name: 'types', run: ({ claims }) => checkTypes(claims) },
  { name: 'typ', option: 'tokenTypes', run: ({ header }, policy) => checkTokenType(header, policy) },
  {
    name: 'exp',
    option: 'requireExp',
    run: ({ claims }, policy, now) => checkExpiry(claims, policy, now),
  },
  {
    name: 'nbf',
    option: 'clockToleranceSeconds',
    run: ({ claims }, policy, now) => checkBeginning(claims, policy, now),
  },
  { name: 'iat', run: ({ claims }, _policy, now) => checkIssuance(claims, now) },
  { name: 'age', option: 'maxAgeSeconds', run: ({ claims }, policy, now) => checkAge(claims, policy, now) },
  { name: 'iss', option: 'issuer', run: ({ claims }, policy) => checkIssuer(claims, policy) },
  { name: 'aud', option: 'audience', run: ({ claims }, policy) => checkAudience(claims, policy) },
];

/**
 * The checks of a policy on a token whose signature held.
 * @returns the first denial, or undefined when every check passes.
 */
export function checkClaims(
  token: Token,
  policy: JwtPolicy,
  { nowSeconds, observe }: { nowSeconds: number; observe?: Observe | undefined },
): Denial | undefined {
  for (const { name, option, run } of CHECKS) {
    const denial = run(token, policy, nowSeconds);
    const wanted = option && policy[option];
    observe?.({ step: 'check', name, wanted, got: lookedAt(name, token), code: denial?.code });
    if (denial !== undefined) return denial;
  }
  const { claims } = token;
  for (const required of policy.requiredClaims) {
    const denial = checkRequired(claims, required);
    const { name, values: wanted } = required;
    observe?.({ step: 'required_claim', name, wanted, got: ownMember(claims, name), code: denial?.code });
    if (denial !== undefined) return denial;
  }
  return undefined;
}

function lookedAt(name: CheckName, { header, claims }: Token): unknown {
  return name === 'typ' ? header['typ'] : ownMember(claims, name === 'age' ? 'iat' : name);
}

function ownMember(claims: JsonObject, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

const NUMBERS = ['exp', 'nbf', 'iat'];
const STRINGS = ['sub', 'iss', 'jti'];

function checkTypes(claims: JsonObject): Denial | undefined {
  for (const name of NUMBERS) if (!isAbsentOr(claims, name, Number.isFinite)) return deny('token_malformed');
  for (const name of STRINGS) if (!isAbsentOr(claims, name, isString)) return deny('token_malformed');
  return undefined;
}

function checkTokenType(header: JsonObject, { tokenTypes }: JwtPolicy): Denial | undefined {
  if (tokenTypes === undefined) return undefined;
  const type = header['typ'];
  const isAllowed = typeof type === 'string' && tokenTypes.includes(normalizeTokenType(type));
  return isAllowed ? undefined : deny('token_type_not_allowed');
}

/** `exp` alone; for who must know before anything vouches for the claims. */
export function checkExpiry(
  claims: JsonObject,
  { requireExp, clockToleranceSeconds }: Pick<JwtPolicy, 'requireExp' | 'clockToleranceSeconds'>,
  nowSeconds: number,
): Denial | undefined {
  if (!isAbsentOr(claims, 'exp', Number.isFinite)) return deny('token_malformed');
  const exp = timeOf(claims, 'exp');
  if (exp === undefined) return requireExp ? deny('claim_missing') : undefined;
  return nowSeconds >= exp + clockToleranceSeconds ? deny('token_expired') : undefined;
}

function checkBeginning(claims: JsonObject, policy: JwtPolicy, now: number): Denial | undefined {
  const nbf = timeOf(claims, 'nbf');
  const isEarly = nbf !== undefined && now < nbf - policy.clockToleranceSeconds;
  return isEarly ? deny('token_not_yet_valid') : undefined;
}

function checkIssuance(claims: JsonObject, now: number): Denial | undefined {
  const iat = timeOf(claims, 'iat');
  const isAhead = iat !== undefined && iat > now + FUTURE_IAT_LEEWAY_SECONDS;
  return isAhead ? deny('token_not_yet_valid') : undefined;
}

function checkAge(claims: JsonObject, { maxAgeSeconds }: JwtPolicy, now: number): Denial | undefined {
  if (maxAgeSeconds === undefined) return undefined;
  const iat = timeOf(claims, 'iat');
  if (iat === undefined) return deny('claim_missing');
  return now - iat > maxAgeSeconds ? deny('token_too_old') : undefined;
}

function checkIssuer(claims: JsonObject, { issuer }: JwtPolicy): Denial | undefined {
  if (issuer.length === 0) return undefined;
  const iss = claims['iss'];
  return typeof iss === 'string' && issuer.includes(iss) ? undefined : deny('issuer_mismatch');
}

function checkAudience(claims: JsonObject, { audience }: JwtPolicy): Denial | undefined {
  if (audience.length === 0) return undefined;
  const aud = claims['aud'];
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  const isNamed = named.some((name) => typeof name === 'string' && audience.includes(name));
  return isNamed ? undefined : deny('audience_mismatch');
}

function checkRequired(claims: JsonObject, { name, values }: RequiredClaim): Denial | undefined {
  // Own members only: `constructor` is a claim like any other.
  if (!Object.hasOwn(claims, name)) return deny('claim_missing');
  const value = claims[name];
  const held: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isRight = values === undefined || values.some((wanted) => held.includes(wanted));
  return isRight ? undefined : deny('claim_mismatch');
}

function isAbsentOr(claims: JsonObject, name: string, isRight: (value: unknown) => boolean): boolean {
  return !Object.hasOwn(claims, name) || isRight(claims[name]);
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

function timeOf(claims: JsonObject, name: string): number | undefined {
  const value = claims[name];
  return typeof value === 'number' ? value : undefined;
}
