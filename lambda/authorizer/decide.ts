import { authenticate } from './authenticate.ts';
import { ANONYMOUS, type AuthenticatedCaller, type Caller } from './caller.ts';
import { type Denial, type DenialCode, deny, isDenial } from './denial.ts';
import type { Dependencies } from './dependencies.ts';
import type { TimeLimit } from './in-time.ts';
import type { AuthorizationRequest } from './request.ts';
import { authorize } from './routes.ts';
import { tokenFor } from './token-for.ts';

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
 * @param limit of all that is waited for but the moment of a refusal. @default none
 * @throws when a key or the table cannot be reached (ours, and final: never anonymous, never the next policy).
 */
export async function decide(
  request: AuthorizationRequest,
  dependencies: Dependencies,
  limit?: TimeLimit,
): Promise<Decision> {
  const untilMoment = dependencies.momentOfRefusal();
  const judged: Judged = { tokens: [], mayTell: false };
  let identity: Decision;
  try {
    identity = await identify(request, dependencies, { judged, limit });
  } finally {
    // Whatever came of it: another token may be let in, and another policy's key be out of reach.
    if (judged.mayTell) await untilMoment();
  }
  const decision = identity.kind === 'denied' ? identity : authorized(identity, request, dependencies);
  // What is denied is looked at in full the next time.
  if (decision.kind === 'denied') for (const token of judged.tokens) dependencies.verified?.forget(token);
  return decision;
}

type Allowed = Extract<Decision, { kind: 'allowed' }>;

/** What some policy looked into, on the way to an identity. */
interface Judged {
  /** Those that it took for its own. */
  readonly tokens: string[];
  /** Whether the time that one's refusal took may tell what the table has of its credential, or has not. */
  mayTell: boolean;
}

function authorized(
  identity: Allowed,
  request: AuthorizationRequest,
  { config, observe }: Dependencies,
): Decision {
  const { caller } = identity;
  const scopes = caller.kind === 'authenticated' ? caller.scopes : [];
  const denial = authorize(request, config.routes, { scopes, observe });
  return denial === undefined ? identity : { kind: 'denied', denial, isLasting: false, caller };
}

/**
 * The first policy that applies decides; one with `passThrough` leaves it to the next when it denies.
 * @param judged is told of each policy's token.
 */
async function identify(
  request: AuthorizationRequest,
  dependencies: Dependencies,
  { judged, limit }: { judged: Judged; limit: TimeLimit | undefined },
): Promise<Decision> {
  const { observe } = dependencies;
  const { policies } = dependencies.config;
  /** Tokens whose signature held, and why they were denied all the same: no other policy may accept them. */
  let authentic: Map<string, Denial> | undefined;
  const denials: Denial[] = [];
  for (const policy of policies) {
    const token = tokenFor(policy, request, dependencies);
    if (token === 'not ours') continue;
    let result: AuthenticatedCaller | Denial | undefined;
    if (isDenial(token)) result = token;
    else {
      judged.tokens.push(token.token);
      result = authentic?.get(token.token);
      observe?.({ step: 'settled', code: result?.code });
      if (result === undefined) {
        const attempt = await authenticate(policy, token, { dependencies, limit });
        result = attempt.result;
        judged.mayTell ||= attempt.mayTell;
        if (attempt.isAuthentic && isDenial(result)) {
          authentic ??= new Map();
          authentic.set(token.token, result);
        }
      }
    }
    if (!isDenial(result)) return { kind: 'allowed', caller: result };
    denials.push(result);
    if (!policy.passThrough) return denied(denials);
  }
  if (policies.every((policy) => policy.passThrough)) return anonymous(denials);
  return denied(denials);
}

function anonymous(denials: readonly Denial[]): Decision {
  const passedThrough = denials.findLast(({ code }) => code !== 'token_missing')?.code;
  return { kind: 'allowed', caller: ANONYMOUS, ...(passedThrough && { passedThrough }) };
}

/** @param denials none: no policy takes the token for its own. */
function denied(denials: readonly Denial[]): Decision {
  const denial = denials.at(-1) ?? deny('issuer_mismatch');
  return { kind: 'denied', denial, isLasting: [denial, ...denials].every((one) => one.isLasting) };
}
