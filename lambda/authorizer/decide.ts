import type { AuthorizerConfig, JwtPolicy } from '../config/types.ts';
import { type AuthenticationDependencies, authenticate } from './authenticate.ts';
import { ANONYMOUS, type Caller } from './caller.ts';
import type { DecodedToken } from './decode.ts';
import { type Denial, type DenialCode, deny, isDenial } from './denial.ts';
import type { AuthorizationRequest } from './request.ts';
import { authorize } from './routes.ts';
import { tokenFor } from './token-for.ts';

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
  const judged = new Set<string>();
  const decision = await decideOn(request, { ...dependencies, judged });
  // What is denied is looked at in full the next time.
  if (decision.kind === 'denied') for (const token of judged) dependencies.verified?.forget(token);
  return decision;
}

/** @param judged is given the tokens that some policy took for its own. */
async function decideOn(
  request: AuthorizationRequest,
  dependencies: Dependencies & { judged: Set<string> },
): Promise<Decision> {
  const identity = await identify(request, dependencies);
  if (identity.kind === 'denied') return identity;
  const { caller } = identity;
  const { config, observe } = dependencies;
  const scopes = caller.kind === 'authenticated' ? caller.scopes : [];
  const denial = authorize(request, config.routes, { scopes, observe });
  return denial === undefined ? identity : { kind: 'denied', denial, isLasting: false, caller };
}

/** The first policy that applies decides; one with `passThrough` leaves it to the next when it denies. */
async function identify(
  request: AuthorizationRequest,
  dependencies: Dependencies & { judged: Set<string> },
): Promise<Decision> {
  const { config, judged } = dependencies;
  const { policies } = config;
  /** Tokens whose signature held, and why they were denied all the same: no other policy may accept them. */
  const authentic = new Map<string, Denial>();
  const denials: Denial[] = [];
  const attemptWith = async (policy: JwtPolicy, token: DecodedToken) => {
    judged.add(token.token);
    const settled = authentic.get(token.token);
    dependencies.observe?.({ step: 'settled', code: settled?.code });
    if (settled !== undefined) return settled;
    const { isAuthentic, result } = await authenticate(policy, token, { ...dependencies, policies });
    if (isAuthentic && isDenial(result)) authentic.set(token.token, result);
    return result;
  };
  for (const policy of policies) {
    const token = tokenFor(policy, request, dependencies);
    if (token === 'not ours') continue;
    const attempt = isDenial(token) ? token : await attemptWith(policy, token);
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
