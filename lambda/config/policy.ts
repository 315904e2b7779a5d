import { type ReadKeyFile, resolveKey } from './key-source.ts';
import { listOf } from './list.ts';
import type { Problem, ProblemCode } from './problem.ts';
import { HEADER_TOKEN, policySchema, type RawPolicy } from './schema.ts';
import { normalizeTokenType } from './token-type.ts';
import type { JwtPolicy, RequiredClaim, TokenPlace } from './types.ts';
import { quote, validate } from './validate.ts';

/** What a policy's rules report through. */
type Add = (code: ProblemCode, option: string, message: string) => void;

/** Options that the schema knows and this version cannot do yet. Refused by name: none may be ignored. */
const NOT_SUPPORTED_YET = [
  'parameterName',
  'jwksUri',
  'discovery',
  'credentialKey',
  'previousSecretSeconds',
] as const;

/**
 * One policy of the file.
 * @param at its path: `jwt`, or `jwt[i]` in a list.
 * @returns undefined where there are problems; they are added to `problems`.
 */
export function parsePolicy(
  value: unknown,
  {
    index,
    at,
    ...sink
  }: { index: number; at: string; problems: Problem[]; readKeyFile?: ReadKeyFile | undefined },
): JwtPolicy | undefined {
  const before = sink.problems.length;
  const { value: raw, problems } = validate(policySchema, value, at);
  sink.problems.push(...problems);
  if (raw === undefined) return undefined;
  const add: Add = (code, option, message) => {
    sink.problems.push({ code, path: option === '' ? at : `${at}.${option}`, message });
  };
  checkCombinations(raw, add);
  const tokenPlace = tokenPlaceOf(raw, add);
  const key = resolveKey(raw, at, sink);
  if (sink.problems.length > before || key === undefined || tokenPlace === undefined) return undefined;
  return {
    index,
    ...key,
    tokenPlace,
    allowShortSecret: raw.allowShortSecret ?? false,
    audience: listOf(raw.audience),
    issuer: listOf(raw.issuer),
    checkCredentialExistence: raw.checkCredentialExistence ?? true,
    passThrough: raw.passThrough ?? false,
    requireExp: raw.requireExp ?? true,
    ...(raw.maxAgeSeconds !== undefined && { maxAgeSeconds: raw.maxAgeSeconds }),
    clockToleranceSeconds: raw.clockToleranceSeconds ?? 0,
    requiredClaims: requiredClaimsOf(raw.requiredClaims),
    ...(raw.tokenTypes !== undefined && { tokenTypes: listOf(raw.tokenTypes).map(normalizeTokenType) }),
    ...(raw.scopeClaim !== undefined && { scopeClaim: listOf(raw.scopeClaim) }),
  };
}

function checkCombinations(raw: RawPolicy, add: Add): void {
  for (const option of NOT_SUPPORTED_YET) {
    if (raw[option] !== undefined && raw[option] !== false)
      add('not_supported_yet', option, 'not supported by this version; see the README for what is');
  }
  const isRemote = raw.jwksUri !== undefined || raw.discovery === true;
  if (isRemote) checkRemoteIssuer(raw, add);
  if (raw.anyAudience && (!isRemote || raw.audience !== undefined))
    add('option_unused', 'anyAudience', 'has no meaning here; leave it out');
  if (raw.credentialKey && raw.checkCredentialExistence === false) {
    add(
      'credential_key_needs_controlled',
      'credentialKey',
      'got checkCredentialExistence: false, but the key is found through the credential; leave one of them out',
    );
  }
  if (raw.secretJsonField !== undefined && raw.secretArn === undefined)
    add('option_unused', 'secretJsonField', 'goes with secretArn; leave it out');
  if (raw.parameterName !== undefined && raw.algorithms === undefined) {
    add(
      'algorithms_required',
      'algorithms',
      'missing; nobody sees the type of a parameter beforehand, so list the algorithms',
    );
  }
}

/** Other clients of an issuer hold valid tokens of it too (RFC 8725 §3.9). */
function checkRemoteIssuer(raw: RawPolicy, add: Add): void {
  if (raw.issuer === undefined)
    add('issuer_required', 'issuer', 'missing; a key set verifies only tokens of its own issuer');
  if (Array.isArray(raw.issuer) && raw.issuer.length > 1)
    add('issuer_ambiguous', 'issuer', `got ${raw.issuer.length} issuers; a key set belongs to one`);
  const claims = requiredClaimsOf(raw.requiredClaims);
  const namesClient = claims.some(
    ({ name, values }) => (name === 'azp' || name === 'client_id') && values !== undefined,
  );
  if (raw.audience === undefined && !raw.anyAudience && !namesClient) {
    add(
      'audience_required',
      'audience',
      'missing; other clients of the issuer hold tokens too, so give audience, requiredClaims on azp or client_id, or anyAudience: true',
    );
  }
}

function tokenPlaceOf(raw: RawPolicy, add: Add): TokenPlace | undefined {
  const extractor = raw.jwtExtractor ?? 'authBearer';
  const field = raw.jwtExtractorField;
  if (extractor === 'authBearer') {
    if (field !== undefined)
      add(
        'extractor_field_unused',
        'jwtExtractorField',
        `got ${quote(field)}, which authBearer does not use; leave it out, or set jwtExtractor`,
      );
    return { in: 'header', name: 'Authorization', scheme: 'Bearer' };
  }
  if (field === undefined) {
    add(
      'extractor_field_required',
      'jwtExtractorField',
      `missing; ${extractor} needs the name of its ${extractor === 'authScheme' ? 'scheme' : extractor === 'query' ? 'parameter' : extractor}`,
    );
    return undefined;
  }
  if (extractor !== 'query' && !HEADER_TOKEN.test(field)) {
    add(
      'value_invalid',
      'jwtExtractorField',
      `got ${quote(field)}; give a name without spaces, colons and other separators (RFC 9110 §5.6.2)`,
    );
    return undefined;
  }
  if (extractor === 'authScheme') return { in: 'header', name: 'Authorization', scheme: field };
  return { in: extractor, name: field };
}

function requiredClaimsOf(raw: RawPolicy['requiredClaims']): readonly RequiredClaim[] {
  if (raw === undefined) return [];
  if (Array.isArray(raw)) return raw.map((name) => ({ name }));
  return Object.entries(raw).map(([name, values]) => ({
    name,
    values: Array.isArray(values) ? values : [values],
  }));
}
