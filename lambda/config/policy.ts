import { resolveKey } from './key-source.ts';
import { listOf } from './list.ts';
import type { Problem, ProblemCode } from './problem.ts';
import { quote } from './quote.ts';
import { isRecord } from './record.ts';
import type { ReadKeyFile } from './resolved-key.ts';
import { HEADER_TOKEN, policySchema, type RawPolicy, topLevelEntries } from './schema.ts';
import { normalizeTokenType } from './token-type.ts';
import type { JwtPolicy, RequiredClaim, TokenPlace } from './types.ts';
import { validate } from './validate.ts';

/** What a policy's rules report through. */
type Add = (code: ProblemCode, option: string, message: string) => void;

/** What an API Gateway identity source can name. */
const QUERY_NAME = /^[A-Za-z0-9._$-]+$/;

const OF_THE_FILE = { entries: topLevelEntries, says: 'it stands beside jwt, not in it' };

/** Of a policy, what is told of the policies together; known although its key may have problems. */
export type PolicyOutline = Pick<
  JwtPolicy,
  'index' | 'issuer' | 'checkCredentialExistence' | 'passThrough' | 'scopeClaim'
>;

/**
 * One policy of the file.
 * @param at its path: `jwt`, or `jwt[i]` in a list.
 * @returns the policy, undefined where there are problems, which are added to `problems`; and its outline,
 * undefined where its options are not what they should be.
 */
export function parsePolicy(
  value: unknown,
  {
    index,
    at,
    ...sink
  }: { index: number; at: string; problems: Problem[]; readKeyFile?: ReadKeyFile | undefined },
): { policy?: JwtPolicy; outline?: PolicyOutline } {
  const before = sink.problems.length;
  const { value: raw, problems } = validate(policySchema, value, at, OF_THE_FILE);
  sink.problems.push(...problems);
  if (raw === undefined) return {};
  const add: Add = (code, option, message) => {
    const path = `${at}.${option}`;
    // Of an option that was refused it is not said that it is missing.
    const isTold = problems.some((told) => told.path === path || told.path.startsWith(`${path}[`));
    if (!isTold) sink.problems.push({ code, path, message });
  };
  checkClaimNames(value, add);
  checkCombinations(raw, add);
  const tokenPlace = tokenPlaceOf(raw, add);
  const isRefused = (option: string) => !(option in raw) && isRecord(value) && option in value;
  const key = resolveKey(raw, at, { ...sink, isRefused });
  const outline: PolicyOutline = {
    index,
    issuer: listOf(raw.issuer),
    checkCredentialExistence: raw.checkCredentialExistence ?? true,
    passThrough: raw.passThrough ?? false,
    ...(raw.scopeClaim !== undefined && { scopeClaim: listOf(raw.scopeClaim) }),
  };
  if (problems.length > 0) return {};
  if (sink.problems.length > before || key === undefined || tokenPlace === undefined) return { outline };
  const policy: JwtPolicy = {
    ...outline,
    ...key,
    tokenPlace,
    allowShortSecret: raw.allowShortSecret ?? false,
    audience: listOf(raw.audience),
    tokenRevocation: outline.checkCredentialExistence || raw.tokenRevocation === true,
    requireExp: raw.requireExp ?? true,
    ...(raw.maxAgeSeconds !== undefined && { maxAgeSeconds: raw.maxAgeSeconds }),
    clockToleranceSeconds: raw.clockToleranceSeconds ?? 0,
    requiredClaims: requiredClaimsOf(raw.requiredClaims),
    ...(raw.tokenTypes !== undefined && { tokenTypes: listOf(raw.tokenTypes).map(normalizeTokenType) }),
  };
  return { policy, outline };
}

/**
 * What the schema library lets pass: a list for a mapping (of "0", "1", …), and names that it leaves out of
 * a mapping, so that what they require would not be required.
 */
function checkClaimNames(value: unknown, add: Add): void {
  const claims = isRecord(value) ? value['requiredClaims'] : undefined;
  if (Array.isArray(claims) && !claims.every((name) => typeof name === 'string' && name !== ''))
    add('value_invalid', 'requiredClaims', 'got a list with more than names; give names, or a mapping');
  if (!isRecord(claims)) return;
  for (const name of ['__proto__', 'constructor', 'prototype'])
    if (Object.hasOwn(claims, name))
      add('value_invalid', 'requiredClaims', `got ${name}, which cannot be a claim's name here`);
}

function checkCombinations(raw: RawPolicy, add: Add): void {
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
  if (raw.tokenRevocation !== undefined && raw.checkCredentialExistence !== false)
    add(
      'option_unused',
      'tokenRevocation',
      'goes with checkCredentialExistence: false, since controlled policies always look revocations up; leave it out',
    );
  if (raw.secretJsonField !== undefined && raw.secretArn === undefined)
    add('option_unused', 'secretJsonField', 'goes with secretArn; leave it out');
  const isStored = [raw.secret, raw.secretArn, raw.parameterName].some((option) => option !== undefined);
  if (raw.previousSecretSeconds !== undefined && !isStored)
    add(
      'option_unused',
      'previousSecretSeconds',
      'goes with secretArn, secret: generate and parameterName; leave it out',
    );
  if (raw.jwksSnapshot && !isRemote)
    add('option_unused', 'jwksSnapshot', 'goes with jwksUri and discovery; leave it out');
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
  // A comma would end the identity source, and begin another.
  const wanted = extractor === 'query' ? QUERY_NAME : HEADER_TOKEN;
  if (!wanted.test(field)) {
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
