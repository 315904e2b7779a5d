import type { AuthorizerConfig, JwtPolicy } from '../config/types.ts';
import { type AuthenticationDependencies, authenticate } from './authenticate.ts';
import { ANONYMOUS, type Caller } from './caller.ts';
import { type DecodedToken, decode } from './decode.ts';
import { type Denial, type DenialCode, deny, isDenial } from './denial.ts';
import { extract } from './extract.ts';
import type { AuthorizationRequest } from './request.ts';
import { authorize } from './routes.ts';

export interface Dependencies extends AuthenticationDependencies {
  readonly config: AuthorizerConfig;
}

/** A caller who may, or a denial; with the caller where it is known who was denied. */
export type Decision =
  | {
      readonly kind: 'allowed';
      readonly caller: Caller;
      /** Why the caller is anonymous although there was a token. */
      readonly passedThrough?: DenialCode;
    }
  | {
      readonly kind: 'denied';
      readonly denial: Denial;
      /** Time and state cannot change it: every policy that was asked said so. */
      readonly isLasting: boolean;
      readonly caller?: Caller;
    };

/**
 * A request's way, aloud: who calls (the policies in their order), then whether that caller may use the route.
 * @throws when a key or the table cannot be reached (ours, and final: never anonymous, never the next policy).
 */
export async function decide(request: AuthorizationRequest, dependencies: Dependencies): Promise<Decision> {
  const identity = await identify(request, dependencies);
  if (identity.kind === 'denied') return identity;
  const { caller } = identity;
  const scopes = caller.kind === 'authenticated' ? caller.scopes : [];
  const denial = authorize(request, dependencies.config.routes, scopes);
  return denial === undefined ? identity : { kind: 'denied', denial, isLasting: false, caller };
}

/** The first policy that applies decides; one with `passThrough` leaves it to the next when it denies. */
async function identify(request: AuthorizationRequest, dependencies: Dependencies): Promise<Decision> {
  const { policies } = dependencies.config;
  /** Tokens whose signature held, and why they were denied all the same: no other policy may accept them. */
  const authentic = new Map<string, Denial>();
  const denials: Denial[] = [];
  const attemptWith = async (policy: JwtPolicy, token: DecodedToken) => {
    const { isAuthentic, result } = await authenticate(policy, token, { ...dependencies, policies });
    if (isAuthentic && isDenial(result)) authentic.set(token.token, result);
    return result;
  };
  for (const policy of policies) {
    const token = tokenFor(policy, request);
    if (token === 'not ours') continue;
    const settled = isDenial(token) ? token : authentic.get(token.token);
    const attempt = settled ?? (await attemptWith(policy, token as DecodedToken));
    if (!isDenial(attempt)) return { kind: 'allowed', caller: attempt };
    denials.push(attempt);
    if (!policy.passThrough) return denied(denials);
  }
  if (policies.every((policy) => policy.passThrough)) return anonymous(denials);
  return denied(denials.length > 0 ? denials : [deny('issuer_mismatch')]);
}

function anonymous(denials: readonly Denial[]): Decision {
  const passedThrough = denials.findLast(({ code }) => code !== 'token_missing')?.code;
  return { kind: 'allowed', caller: ANONYMOUS, ...(passedThrough && { passedThrough }) };
}

function denied(denials: readonly Denial[]): Decision {
  const denial = denials.at(-1) ?? deny('token_missing');
  return { kind: 'denied', denial, isLasting: denials.every((one) => one.isLasting) };
}

/** The token where the policy looks for it; `not ours` when the policy's issuer cannot be the token's. */
function tokenFor(policy: JwtPolicy, request: AuthorizationRequest): DecodedToken | Denial | 'not ours' {
  const token = extract(request, policy.tokenPlace);
  const decoded = typeof token === 'string' ? decode(token) : token;
  if (isDenial(decoded) || policy.issuer.length === 0) return decoded;
  const unverifiedIssuer = decoded.unverifiedClaims['iss'];
  return typeof unverifiedIssuer === 'string' && policy.issuer.includes(unverifiedIssuer)
    ? decoded
    : 'not ours';
}
