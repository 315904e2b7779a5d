import { parseMethodArn } from '../../lambda/authorizer/method-arn.ts';
import type { Outcome } from '../../lambda/authorizer/respond.ts';
import { keyingOf } from '../../lambda/config/keying.ts';
import { isRecord } from '../../lambda/config/record.ts';
import { resourcesOf } from '../../lambda/config/resources.ts';
import { admit } from '../local/admit.ts';
import { authorizeEvent, type Conclusion, createAuthorize } from '../local/authorize.ts';
import type { AuthorizerCache } from '../local/authorizer-cache.ts';
import { type GatewayResponse, gatewayResponse } from '../local/gateway-responses.ts';
import { identityValuesOf } from '../local/identity.ts';
import type { GatewayRequest } from '../local/request.ts';
import { createRouter, type Route } from '../local/resource-router.ts';
import { cacheUseOf } from './cache.ts';
import { type ExplainedStep, type Explanation, REASONS, type ReasonCode } from './explanation.ts';
import { narrate } from './narrate.ts';
import type { Question } from './question.ts';
import { identitySourceName, show } from './show.ts';
import { type Circumstances, createWitness, isUnreachable } from './witness.ts';

const NO_CACHE: AuthorizerCache = { get: () => undefined, reserve: () => () => {}, flush: () => {} };
const API = { apiId: 'local00000', stage: 'local' };
const REQUEST_ID = '00000000-0000-0000-0000-000000000000';
/** Whoever asks has more patience than a client. */
const INVOKE_TIMEOUT_MS = 60_000;

/** What the API would do with a request now, and why: the function's own steps, watched. */
export function explain(question: Question, circumstances: Circumstances): Promise<Explanation> {
  return question.kind === 'event'
    ? explainEvent(question.event, circumstances)
    : explainRequest(question.request, circumstances);
}

async function explainRequest(request: GatewayRequest, circumstances: Circumstances): Promise<Explanation> {
  const { config, nowMs } = circumstances;
  const { method, rawPath: path } = request;
  const resources = resourcesOf(config.routes);
  const admission = admit(request, { router: createRouter(resources), cors: config.cors });
  if (admission.kind === 'refused') {
    const { response, reason } = admission;
    const step = refusal('method', `${method} ${path}`, reason);
    return ending({ circumstances, request: { method, path }, steps: [step], refused: { response, reason } });
  }
  const { route } = admission;
  const about = { method, path, resource: route.resource };
  const arrival: ExplainedStep = { step: 'method', outcome: 'passed', text: `${method} ${route.resource}` };
  if (admission.kind === 'preflight') {
    const text = 'a CORS preflight: answered without the authorizer';
    const steps: ExplainedStep[] = [{ ...arrival, text }];
    return { ...base(circumstances, about), decision: 'allowed', steps, response: { status: 204 } };
  }
  const witness = createWitness(circumstances);
  const authorize = createAuthorize({
    ...{ config, resources, api: API, cache: NO_CACHE, now: () => nowMs },
    ...{ invoke: witness.invoke, invokeTimeoutMs: INVOKE_TIMEOUT_MS },
  });
  const conclusion = await authorize({ request, route, requestId: REQUEST_ID, receivedAt: nowMs });
  const outcome = witness.outcome();
  if (outcome === undefined) {
    const missing = refusal(
      'identity',
      missingSources(request, route, circumstances),
      'identity_source_missing',
    );
    const refused = { response: 'UNAUTHORIZED', reason: 'identity_source_missing' } as const;
    return ending({ circumstances, request: about, steps: [arrival, missing], refused });
  }
  const steps = [arrival, ...(await narrate(witness, outcome, circumstances))];
  return concluded({ circumstances, request: about, steps, conclusion, outcome });
}

async function explainEvent(event: unknown, circumstances: Circumstances): Promise<Explanation> {
  const { nowMs } = circumstances;
  const witness = createWitness(circumstances);
  const { methodArn, type, resource } = isRecord(event) ? event : {};
  const parsed = parseMethodArn(methodArn);
  const now = () => nowMs;
  const conclusion = await authorizeEvent(event, String(methodArn), {
    ...{ invoke: witness.invoke, invokeTimeoutMs: INVOKE_TIMEOUT_MS, now },
  });
  const outcome = witness.outcome();
  if (outcome === undefined) throw new Error('the function was not invoked');
  const { method = 'ANY', path = '/' } = parsed ?? {};
  const about = { method, path, ...(typeof resource === 'string' && { resource }) };
  const text = `${show(type)} event: ${method} ${about.resource === undefined ? show(path) : show(resource)}`;
  const arrival: ExplainedStep = { step: 'method', outcome: 'noted', text };
  const steps = [arrival, ...(await narrate(witness, outcome, circumstances))];
  return concluded({ circumstances, request: about, steps, conclusion, outcome });
}

interface Telling {
  readonly circumstances: Circumstances;
  readonly request: Explanation['request'];
  readonly steps: readonly ExplainedStep[];
}

type Refused = Extract<Conclusion, { allowed: false }>;

/** API Gateway answers by itself. */
function ending({
  circumstances,
  request,
  steps,
  refused,
}: Telling & { readonly refused: Pick<Refused, 'response' | 'reason'> }): Explanation {
  const { response, step } = answeredBy(refused.response);
  return {
    ...base(circumstances, request),
    ...{ decision: 'denied', code: refused.reason, steps: [...steps, step], response },
  };
}

function concluded({
  circumstances,
  request,
  steps,
  conclusion,
  outcome,
}: Telling & { readonly conclusion: Conclusion; readonly outcome: Outcome }): Explanation {
  const { config } = circumstances;
  const common = base(circumstances, request);
  const answer = outcome.kind === 'decided' ? outcome.answer : undefined;
  const cache = cacheUseOf(config, request.resource ?? '/', answer === undefined ? 'not kept' : 'kept');
  if (conclusion.allowed) {
    const { principalId, usageIdentifierKey } = conclusion.caller;
    const plan = usageIdentifierKey === undefined ? '' : ", counted by the credential's API key";
    const text = `the request goes on to the API, as ${show(principalId)}${plan}`;
    const step: ExplainedStep = { step: 'answer', outcome: 'passed', text };
    const response = { status: null, principalId };
    return { ...common, decision: 'allowed', steps: [...steps, step], response, cache };
  }
  const { reason, response: name } = conclusion;
  if (outcome.kind === 'unavailable') {
    const isUnknown = isUnreachable(outcome.error);
    const code =
      steps.findLast(({ outcome }) => outcome === (isUnknown ? 'unknown' : 'failed'))?.code ?? reason;
    const answered = isUnknown ? UNTOLD : answeredBy(name);
    const { response, step } = answered;
    const decision = isUnknown ? 'unknown' : 'failed';
    const unkept = isUnknown ? { ...cache, text: 'depends on the answer' } : cache;
    return { ...common, decision, code, steps: [...steps, step], response, cache: unkept };
  }
  const { decision } = outcome;
  const { response, step } = answeredBy(name);
  const publicCode = answer?.context?.['code'];
  const isOurs = name === 'UNAUTHORIZED' || name.startsWith('ACCESS_DENIED');
  const all =
    decision.kind === 'denied'
      ? [...steps, step]
      : [...steps, refusal('answer', 'the policy refuses this path', reason), step];
  return {
    ...common,
    decision: isOurs ? 'denied' : 'failed',
    code: decision.kind === 'denied' ? decision.denial.code : reason,
    ...(typeof publicCode === 'string' && decision.kind === 'denied' && { publicCode }),
    ...{ steps: all, response, cache },
  };
}

const UNTOLD: { readonly response: Explanation['response']; readonly step: ExplainedStep } = {
  response: { status: null },
  step: { step: 'answer', outcome: 'unknown', text: 'nobody can tell from here' },
};

function answeredBy(name: GatewayResponse): {
  readonly response: Explanation['response'];
  readonly step: ExplainedStep;
} {
  const { status, body } = gatewayResponse(name, REQUEST_ID);
  const outcome = status === 500 ? 'failed' : 'denied';
  return { response: { status, body }, step: { step: 'answer', outcome, text: `${status} ${body}` } };
}

function refusal(step: 'method' | 'identity' | 'answer', text: string, reason: string): ExplainedStep {
  const remedy = reason in REASONS ? REASONS[reason as ReasonCode] : undefined;
  return { step, outcome: 'denied', code: reason, text, ...(remedy !== undefined && { remedy }) };
}

function missingSources(request: GatewayRequest, route: Route, { config }: Circumstances): string {
  const missing = keyingOf(config, route.resource).identitySources.filter(
    (source) => identityValuesOf([source], request, route) === undefined,
  );
  return `${missing.map(identitySourceName).join(', ')} is missing or empty`;
}

/** Of an explanation in which the function is not asked. */
function base({ config, nowMs }: Circumstances, request: Explanation['request']) {
  return {
    at: new Date(nowMs).toISOString(),
    request,
    cache: cacheUseOf(config, request.resource ?? '/', 'none'),
  };
}
