import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import { isFoundStale } from '../consumers/last-known.ts';
import { StoreUnavailable } from '../consumers/model.ts';
import { allow, refuse } from './answer.ts';
import { type Decision, decide } from './decide.ts';
import { deny } from './denial.ts';
import type { Dependencies } from './dependencies.ts';
import type { TimeLimit } from './in-time.ts';
import { type AuthorizationRequest, parseRequest } from './request.ts';

/** What the function makes of an event. */
export type Outcome =
  | {
      readonly kind: 'decided';
      readonly request: AuthorizationRequest;
      readonly decision: Decision;
      /** Undefined: a 401. */
      readonly answer: APIGatewayAuthorizerResult | undefined;
    }
  | {
      /** Ours: a key or the table cannot be reached, or the event is none of API Gateway's. A 500. */
      readonly kind: 'unavailable';
      readonly error: unknown;
      /** Undefined where the event is none. */
      readonly request: AuthorizationRequest | undefined;
    };

/**
 * From the event to what API Gateway is told.
 * @param event what API Gateway invokes the function with.
 * @param remainingMs of the function's time. Milliseconds. @default without end
 */
export async function respond(
  event: unknown,
  dependencies: Dependencies,
  remainingMs?: number,
): Promise<Outcome> {
  let request: AuthorizationRequest | undefined;
  let decision: Decision;
  try {
    request = parseRequest(event);
    decision = await decide(request, dependencies, limitOf(remainingMs, dependencies));
    assertCurrent(decision);
  } catch (error) {
    return { kind: 'unavailable', error, request };
  }
  const answer = answerTo(request, decision, dependencies);
  if (decision.kind === 'denied' || answer !== undefined)
    return { kind: 'decided', request, decision, answer };
  // Not lasting: the scopes may be a credential's, and become fewer.
  const unsayable: Decision = { kind: 'denied', denial: deny('token_too_large', false), isLasting: false };
  return {
    kind: 'decided',
    request,
    decision: unsayable,
    answer: answerTo(request, unsayable, dependencies),
  };
}

function limitOf(remainingMs: number | undefined, { now }: Dependencies): TimeLimit | undefined {
  return remainingMs === undefined ? undefined : { untilMs: now() + remainingMs, now };
}

/** Who may not is for records to say that could be read: a scope may have been given since. @throws StoreUnavailable */
function assertCurrent(decision: Decision): void {
  if (decision.kind === 'allowed' || decision.caller?.kind !== 'authenticated') return;
  const { found } = decision.caller;
  if (found !== undefined && isFoundStale(found))
    throw new StoreUnavailable('credentials table: the scopes cannot be read');
}

/** @throws as API Gateway takes it: exactly `Unauthorized` is a 401, anything else a 500. */
export function deliver(outcome: Outcome): APIGatewayAuthorizerResult {
  if (outcome.kind === 'unavailable') throw new Error('the authorizer is unavailable; see its log');
  if (outcome.answer === undefined) throw new Error('Unauthorized');
  return outcome.answer;
}

function answerTo(
  request: AuthorizationRequest,
  decision: Decision,
  { config }: Pick<Dependencies, 'config'>,
): APIGatewayAuthorizerResult | undefined {
  if (decision.kind === 'allowed') return allow(decision.caller, request, config);
  const { caller, denial, isLasting } = decision;
  // A known or an anonymous caller who may not gets 403; who did not get that far, 401.
  const isForbidden = caller !== undefined || (config.onDenial === 'policy' && isLasting);
  return isForbidden ? refuse(denial.code, request, caller) : undefined;
}
