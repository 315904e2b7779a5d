import { normalizeTokenType } from '../config/token-type.ts';
import type { JwtPolicy, RequiredClaim } from '../config/types.ts';
import { type Denial, deny } from './denial.ts';
import type { JsonObject } from './strict-json.ts';

/** A clock that is a minute fast is common among issuers; a token from further ahead is not. */
const FUTURE_IAT_LEEWAY_SECONDS = 60;

/**
 * The checks of a policy on a token whose signature held (RFC 7519 §4.1).
 * @returns the first denial, or undefined when every check passes.
 */
export function checkClaims(
  { header, claims }: { header: JsonObject; claims: JsonObject },
  policy: JwtPolicy,
  nowSeconds: number,
): Denial | undefined {
  return (
    checkTypes(claims) ??
    checkTokenType(header, policy) ??
    checkTimes(claims, policy, nowSeconds) ??
    checkIssuer(claims, policy) ??
    checkAudience(claims, policy) ??
    checkRequired(claims, policy.requiredClaims)
  );
}

function checkTypes(claims: JsonObject): Denial | undefined {
  const areNumbers = ['exp', 'nbf', 'iat'].every((name) => isAbsentOr(claims, name, Number.isFinite));
  const areStrings = ['sub', 'iss', 'jti'].every((name) => isAbsentOr(claims, name, isString));
  return areNumbers && areStrings ? undefined : deny('token_malformed');
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

function checkTimes(claims: JsonObject, policy: JwtPolicy, now: number): Denial | undefined {
  return checkExpiry(claims, policy, now) ?? checkBeginning(claims, policy, now);
}

function checkBeginning(claims: JsonObject, policy: JwtPolicy, now: number): Denial | undefined {
  const [nbf, iat] = [timeOf(claims, 'nbf'), timeOf(claims, 'iat')];
  if (nbf !== undefined && now < nbf - policy.clockToleranceSeconds) return deny('token_not_yet_valid');
  if (iat !== undefined && iat > now + FUTURE_IAT_LEEWAY_SECONDS) return deny('token_not_yet_valid');
  if (policy.maxAgeSeconds === undefined) return undefined;
  if (iat === undefined) return deny('claim_missing');
  return now - iat > policy.maxAgeSeconds ? deny('token_too_old') : undefined;
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

function checkRequired(claims: JsonObject, required: readonly RequiredClaim[]): Denial | undefined {
  for (const { name, values } of required) {
    // Own members only: `constructor` is a claim like any other.
    if (!Object.hasOwn(claims, name)) return deny('claim_missing');
    const value = claims[name];
    const held: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (values !== undefined && !values.some((wanted) => held.includes(wanted)))
      return deny('claim_mismatch');
  }
  return undefined;
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
