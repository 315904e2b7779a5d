import type { JwtPolicy } from '../config/types.ts';
import { type DecodedToken, decode } from './decode.ts';
import { type Denial, isDenial } from './denial.ts';
import { extract } from './extract.ts';
import type { AuthorizationRequest } from './request.ts';
import { codeOf, type Observe } from './trace.ts';
import type { VerifiedTokens } from './verified-tokens.ts';

/** The token where the policy looks for it; `not ours` when the policy's issuer cannot be the token's. */
export function tokenFor(
  policy: JwtPolicy,
  request: AuthorizationRequest,
  {
    verified,
    observe,
  }: { verified?: Pick<VerifiedTokens, 'find'> | undefined; observe?: Observe | undefined },
): DecodedToken | Denial | 'not ours' {
  const token = extract(request, policy.tokenPlace);
  observe?.({
    ...{ step: 'extract', policy: policy.index, place: policy.tokenPlace },
    ...{ bytes: typeof token === 'string' ? Buffer.byteLength(token) : undefined, code: codeOf(token) },
  });
  if (typeof token !== 'string') return token;
  const decoded = verified?.find(token) ?? decode(token);
  if (isDenial(decoded)) {
    observe?.({ step: 'decode', code: decoded.code });
    return decoded;
  }
  const { unverifiedHeader: header, unverifiedClaims: claims } = decoded;
  observe?.({ step: 'decode', header, claims, code: undefined });
  const unverifiedIssuer = claims['iss'];
  const applies = policy.issuer.length === 0 || policy.issuer.some((issuer) => issuer === unverifiedIssuer);
  observe?.({ step: 'issuer', wanted: policy.issuer, got: unverifiedIssuer, applies, code: undefined });
  return applies ? decoded : 'not ours';
}
