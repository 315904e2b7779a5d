import { describe, expect, test } from 'vitest';
import {
  DENIALS,
  type DenialCode,
  denialEntry,
  deny,
  isDenial,
  publicCodeOf,
} from '../../lambda/authorizer/denial.ts';

const CODES = Object.keys(DENIALS) as DenialCode[];

test('the codes are stable', () => {
  expect(CODES).toEqual([
    ...['token_missing', 'token_ambiguous', 'token_too_large', 'token_malformed', 'algorithm_not_allowed'],
    ...[
      'critical_header_not_supported',
      'signature_invalid',
      'key_unknown',
      'token_type_not_allowed',
      'token_expired',
    ],
    ...['token_not_yet_valid', 'token_too_old', 'issuer_mismatch', 'audience_mismatch', 'claim_missing'],
    ...['claim_mismatch', 'credential_unknown', 'credential_inactive', 'consumer_inactive', 'token_revoked'],
    ...['scope_missing', 'path_not_canonical'],
  ]);
});

describe.each(CODES)('%s', (code) => {
  const { error, isLasting, level } = denialEntry(code);

  test('is a denial', () => {
    expect(isDenial(deny(code))).toBe(true);
  });

  test('does not tell what is stored', () => {
    const isAboutState = /^(credential|consumer)_|^token_revoked$/.test(code);
    expect(publicCodeOf(code)).toBe(isAboutState ? 'token_invalid' : code);
    if (isAboutState) expect(isLasting).toBe(false);
  });

  test('has an error of RFC 6750, except where no token came', () => {
    const errors =
      code === 'token_missing' ? [undefined] : ['invalid_request', 'invalid_token', 'insufficient_scope'];
    expect(errors).toContain(error);
    expect(['info', 'warn']).toContain(level);
  });
});

test('what time or state can change is not lasting', () => {
  const passing = CODES.filter((code) => !denialEntry(code).isLasting);
  expect(passing).toEqual([
    ...[
      'token_missing',
      'key_unknown',
      'token_not_yet_valid',
      'credential_unknown',
      'credential_inactive',
      'consumer_inactive',
    ],
    ...['token_revoked', 'scope_missing'],
  ]);
});
