import { parseMethodArn } from '../../lambda/authorizer/method-arn.ts';
import { keyingOf } from '../../lambda/config/keying.ts';
import { isRecord } from '../../lambda/config/record.ts';
import { resourcesOf } from '../../lambda/config/resources.ts';
import { parseTemplate } from '../../lambda/config/route-template.ts';
import { admit } from '../local/admit.ts';
import { authorizeEvent, createAuthorize } from '../local/authorize.ts';
import type { AuthorizerCache } from '../local/authorizer-cache.ts';
import { identityValuesOf } from '../local/identity.ts';
import type { GatewayRequest } from '../local/request.ts';
import { createRouter, type Route } from '../local/resource-router.ts';
import { conclude, preflight, refusal, refusedByGateway } from './conclude.ts';
import type { ExplainedStep, Explanation } from './explanation.ts';
import { narrate } from './narrate.ts';
import type { Question } from './question.ts';
import { identitySourceName, show, showPath, showPlace } from './show.ts';
import { type Circumstances, createWitness } from './witness.ts';

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
    return refusedByGateway(
      { circumstances, request: { method, path }, steps: [step] },
      { response, reason },
    );
  }
  const { route } = admission;
  const about = { method, path, resource: route.resource };
  const arrival: ExplainedStep = { step: 'method', outcome: 'passed', text: `${method} ${route.resource}` };
  if (admission.kind === 'preflight') {
    const text = 'a CORS preflight: answered without the authorizer';
    return preflight({ circumstances, request: about, steps: [{ ...arrival, text }] });
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
    const steps = [arrival, { ...missing, ...whereItGoes(circumstances) }];
    return refusedByGateway({ circumstances, request: about, steps }, refused);
  }
  const steps = [arrival, ...(await narrate(witness, outcome, circumstances))];
  return conclude({ circumstances, request: about, steps }, conclusion, outcome);
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
  const about = { method, path, ...(isResource(resource) && { resource }) };
  const kind = type === undefined ? 'an event without a type' : `${show(type)} event`;
  const text = `${kind}: ${show(method)} ${showPath(about.resource ?? path)}`;
  const arrival: ExplainedStep = { step: 'method', outcome: 'noted', text };
  const steps = [arrival, ...(await narrate(witness, outcome, circumstances))];
  return conclude({ circumstances, request: about, steps }, conclusion, outcome);
}

const isResource = (value: unknown): value is string =>
  typeof value === 'string' && typeof parseTemplate(value) !== 'string';

/** Where API Gateway asks for a token, it asks for it in one place. */
function whereItGoes({ config }: Circumstances): Pick<ExplainedStep, 'remedy'> {
  const [policy] = config.policies;
  if (policy === undefined) return {};
  const where = showPlace(policy.tokenPlace);
  return { remedy: `send the token as ${where}; without it API Gateway answers itself` };
}

function missingSources(request: GatewayRequest, route: Route, { config }: Circumstances): string {
  const missing = keyingOf(config, route.resource).identitySources.filter(
    (source) => identityValuesOf([source], request, route) === undefined,
  );
  return `${missing.map(identitySourceName).join(', ')} is missing or empty`;
}
