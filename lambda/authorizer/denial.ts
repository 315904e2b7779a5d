/**
 * Why a caller may not: one catalogue of stable codes.
 *
 * - `error`: the RFC 6750 §3.1 error code, or undefined where a request simply held no token (§3: no code then).
 * - `isLasting`: time and state cannot change it, so the answer may be cached with `onDenial: policy`.
 * - `publicCode`: what the caller may know; whether a credential exists is not among it.
 */
interface Entry {
  readonly error?: 'invalid_request' | 'invalid_token' | 'insufficient_scope';
  readonly isLasting: boolean;
  readonly publicCode?: string;
  readonly level: 'info' | 'warn';
}

const malformed = { error: 'invalid_request', isLasting: true, level: 'info' } as const;
const invalid = { error: 'invalid_token', isLasting: true, level: 'info' } as const;
const suspicious = { error: 'invalid_token', isLasting: true, level: 'warn' } as const;
const passing = { error: 'invalid_token', isLasting: false, level: 'info' } as const;
const hidden = {
  error: 'invalid_token',
  isLasting: false,
  level: 'info',
  publicCode: 'token_invalid',
} as const;

export const DENIALS = {
  /** The place that the policy names holds no token. */
  token_missing: { isLasting: false, level: 'info' },
  /** The place holds more than one token. */
  token_ambiguous: malformed,
  /** Over 8,192 bytes; or its subject, issuer and scopes alone are more than an answer to API Gateway may have. */
  token_too_large: malformed,
  /** Not a JWS in compact serialisation with JSON objects in it (RFC 7515 §7.1, RFC 7519 §7.2). */
  token_malformed: malformed,
  /** `alg` missing, `none`, not in the allow-list, or of another key type (RFC 8725 §3.1). */
  algorithm_not_allowed: suspicious,
  /** `crit` or `b64: false`: extensions that we do not implement (RFC 7515 §4.1.11, RFC 7797 §6). */
  critical_header_not_supported: invalid,
  signature_invalid: suspicious,
  /** No key of the issuer's set fits: its `kid` is unknown, or there is none and not exactly one key (RFC 7517 §4.5). */
  key_unknown: passing,
  token_type_not_allowed: invalid,
  token_expired: invalid,
  token_not_yet_valid: passing,
  /** Issued longer ago than `maxAgeSeconds`. */
  token_too_old: invalid,
  issuer_mismatch: invalid,
  audience_mismatch: invalid,
  /** A claim that the configuration requires is not there. */
  claim_missing: invalid,
  claim_mismatch: invalid,
  credential_unknown: hidden,
  credential_inactive: hidden,
  consumer_inactive: hidden,
  token_revoked: { ...passing, publicCode: 'token_invalid' },
  scope_missing: { error: 'insufficient_scope', isLasting: false, level: 'info' },
  /** A path with more than one reading, where the path decides which rule holds. */
  path_not_canonical: { error: 'invalid_request', isLasting: true, level: 'warn' },
} as const satisfies Record<string, Entry>;

export type DenialCode = keyof typeof DENIALS;

/** The entry of a code. */
export function denialEntry(code: DenialCode): Entry {
  return DENIALS[code];
}

/** A refusal: the caller's fault, never ours (an outage is an exception). */
export interface Denial {
  readonly kind: 'denial';
  readonly code: DenialCode;
  /** Neither time nor state can change it. */
  readonly isLasting: boolean;
}

/** @param isLasting whether it lasts, where that is for more than the code to say. */
export function deny(code: DenialCode, isLasting = denialEntry(code).isLasting): Denial {
  return { kind: 'denial', code, isLasting };
}

export function isDenial(value: object): value is Denial {
  return 'kind' in value && value.kind === 'denial';
}

/** What a caller may know of a denial. */
export function publicCodeOf(code: DenialCode): string {
  return denialEntry(code).publicCode ?? code;
}
