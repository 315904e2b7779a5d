import type { DenialCode } from '../../lambda/authorizer/denial.ts';

/** What to do about a denial, where the step that denied has nothing better to say. */
export const REMEDIES: Readonly<Record<DenialCode, string>> = {
  token_missing: 'send a token there',
  token_ambiguous: 'send one token, once',
  token_too_large: 'have the issuer put fewer claims into it',
  token_malformed:
    'copy the token whole: three parts with a dot between them; jwt-authorizer token inspect shows what it says',
  algorithm_not_allowed: 'have it signed with one of the algorithms that are allowed',
  critical_header_not_supported: 'have the issuer leave out crit and b64',
  signature_invalid:
    'the token was signed with another key, or changed since: is it of this issuer and environment?',
  key_unknown:
    'no key that is published fits: the token is of another issuer or environment, or its key was withdrawn',
  token_type_not_allowed: 'send a token of that type (an access token, not an ID token?)',
  token_expired: 'get a new token from its issuer',
  token_not_yet_valid:
    "wait, or put the issuer's clock right; clockToleranceSeconds gives nbf a leeway, iat has 60 s",
  token_too_old: 'get a new token from its issuer, or raise maxAgeSeconds',
  issuer_mismatch: 'get the token from an issuer that a policy names in `issuer`',
  audience_mismatch: 'have the token issued for an audience that the policy names in `audience`',
  claim_missing: 'have the issuer put the claim into the token',
  claim_mismatch: 'have the token issued with a value that the policy names in `requiredClaims`',
  credential_unknown:
    "the token's sub must be the keyId of a credential; see jwt-authorizer credentials list",
  credential_inactive: 'activate it, or make another: jwt-authorizer credentials',
  consumer_inactive: 'activate the consumer: jwt-authorizer users activate, jwt-authorizer apps activate',
  token_revoked: 'it was revoked on purpose; get a new one',
  scope_missing: 'give the caller the scope, or call as one who has it',
  path_not_canonical: 'write the path plainly: no //, dot segments, or letters that are percent-encoded',
};
