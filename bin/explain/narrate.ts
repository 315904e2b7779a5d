import type { AuthenticatedCaller } from '../../lambda/authorizer/caller.ts';
import { generatedSecretVariable } from '../../lambda/authorizer/environment.ts';
import { extract } from '../../lambda/authorizer/extract.ts';
import { EventMalformed } from '../../lambda/authorizer/request.ts';
import type { Outcome } from '../../lambda/authorizer/respond.ts';
import type { TraceStep } from '../../lambda/authorizer/trace.ts';
import type { JwtPolicy } from '../../lambda/config/types.ts';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import { generatedSecretOutput } from '../attachment/deployment.ts';
import { describeToken } from '../commands/token-description.ts';
import { type ExplainedStep, REASONS, type ReasonCode } from './explanation.ts';
import { REMEDIES } from './remedies.ts';
import { show } from './show.ts';
import { tell } from './tell.ts';
import { type Circumstances, isUnreachable, unverifiedSteps, type Witness } from './witness.ts';

/** The steps of the function, in words. */
export async function narrate(
  witness: Witness,
  outcome: Outcome,
  circumstances: Circumstances,
): Promise<readonly ExplainedStep[]> {
  const tellAll = (traces: readonly TraceStep[], from?: JwtPolicy) =>
    tellSteps(traces, { outcome, circumstances, from });
  const told = tellAll(folded(witness.steps));
  if (outcome.kind === 'decided') return ended(told, outcome, circumstances);
  const policy = lastPolicy(witness.steps, circumstances);
  const { error } = outcome;
  const failed = failure(error, policy, circumstances);
  if (!(error instanceof KeyUnavailable)) return [...told, failed];
  const more = await unverifiedSteps(witness, policy, circumstances);
  const unverified = tellAll(more.steps, policy).map((step) => ({ ...step, verified: false as const }));
  const also = more.error === undefined ? [] : [withoutRemedy(failure(more.error, policy, circumstances))];
  return [...told, failed, ...unverified, ...also];
}

function tellSteps(
  traces: readonly TraceStep[],
  {
    outcome,
    circumstances,
    from,
  }: { outcome: Outcome; circumstances: Circumstances; from?: JwtPolicy | undefined },
): readonly ExplainedStep[] {
  const { config, keySourceOf, nowMs } = circumstances;
  const { request } = outcome;
  const caller = callerOf(outcome);
  const [keyId, claims] = [caller?.found?.credential.keyId, caller?.claims];
  let policy = from ?? firstPolicy(circumstances);
  return traces.flatMap((trace) => {
    if (trace.step === 'extract') policy = config.policies[trace.policy] ?? policy;
    const problems = trace.step === 'decode' && trace.code ? problemsOf(outcome, policy, nowMs) : [];
    const keySource = keySourceOf(policy);
    return tell(trace, { config, policy, request, keyId, claims, keySource, problems, nowMs }) ?? [];
  });
}

function callerOf(outcome: Outcome): AuthenticatedCaller | undefined {
  const caller = outcome.kind === 'decided' ? outcome.decision.caller : undefined;
  return caller?.kind === 'authenticated' ? caller : undefined;
}

/** What somebody who knows RFC 7519 would say of the token; its text is not in it. */
function problemsOf({ request }: Outcome, policy: JwtPolicy, nowMs: number): readonly string[] {
  const token = request && extract(request, policy.tokenPlace);
  return typeof token === 'string' ? describeToken(token, nowMs).problems : [];
}

/** One line for one thing: a signature without a key that could hold is told of where the key is missing. */
function folded(steps: readonly TraceStep[]): readonly TraceStep[] {
  return steps.flatMap((step, i) => {
    const [before, next] = [steps[i - 1], steps[i + 1]];
    if (step.step === 'signature' && step.code !== undefined) {
      if (step.code === 'key_unknown' && before?.step === 'keys') return [];
      if (next?.step === 'credential') return [];
    }
    const isKeyUnknown = step.step === 'keys' && next?.step === 'signature' && next.code === 'key_unknown';
    return [isKeyUnknown ? { ...step, code: next.code } : step];
  });
}

/** What to do about it stands at the step that had the last word, and nowhere else. */
function ended(
  told: readonly ExplainedStep[],
  { decision }: Extract<Outcome, { kind: 'decided' }>,
  { config }: Circumstances,
): readonly ExplainedStep[] {
  if (decision.kind === 'denied') {
    const { code } = decision.denial;
    const last = told.findLast((step) => step.code === code);
    const steps = told.map((step) => (step === last ? step : withoutRemedy(step)));
    if (last !== undefined) return steps;
    const text = 'no policy is for the issuer of this token';
    return [...steps, { step: 'policy', outcome: 'denied', code, text, remedy: REMEDIES[code] }];
  }
  const steps = told.map(withoutRemedy);
  if (decision.caller.kind === 'anonymous') {
    steps.push({
      step: 'policy',
      outcome: 'noted',
      text: 'passThrough: the caller is let through as anonymous',
    });
  }
  const isUnruled = !told.some(({ step }) => step === 'rule');
  if (isUnruled && config.routes.some(({ scopes }) => scopes.length > 0)) {
    steps.push({ step: 'rule', outcome: 'noted', text: 'no rule asks for scopes here' });
  }
  return steps;
}

function withoutRemedy({ remedy: _, ...step }: ExplainedStep): ExplainedStep {
  return step;
}

function failure(error: unknown, policy: JwtPolicy, circumstances: Circumstances): ExplainedStep {
  const { keySourceOf } = circumstances;
  if (isUnreachable(error)) {
    const isKey = error instanceof KeyUnavailable;
    const code: ReasonCode = isKey ? 'key_unreachable' : 'table_unreachable';
    // What is asked over HTTP is named in the message.
    const isNamed = !isKey || policy.keySource.kind === 'jwksUri' || policy.keySource.kind === 'discovery';
    const text = isNamed ? error.message : `${keySourceOf(policy)}: ${error.message}`;
    const step = isKey ? 'key' : 'credential';
    const remedy = (isKey ? whichSecret(policy, circumstances) : undefined) ?? REASONS[code];
    return { step, policy: policy.index, outcome: 'unknown', code, text, remedy };
  }
  const isEvent = error instanceof EventMalformed;
  const code: ReasonCode = isEvent ? 'event_malformed' : 'function_failed';
  const name = error instanceof Error ? error.name : typeof error;
  const text = isEvent ? error.message : `the function fails (${show(name)})`;
  return { step: isEvent ? 'method' : 'answer', outcome: 'failed', code, text, remedy: REASONS[code] };
}

/**
 * Where to find a generated secret that nobody knows of: locally the first start makes it; a stack's own is in its outputs, and in
 * a variable that the function has.
 */
function whichSecret({ index, keySource }: JwtPolicy, circumstances: Circumstances): string | undefined {
  const { stack, isDeployed = false, generatedSecretArn } = circumstances;
  if (keySource.kind !== 'generated' || generatedSecretArn?.(index) !== undefined) return undefined;
  const [output, variable] = [generatedSecretOutput(index), generatedSecretVariable(index)];
  if (stack !== undefined)
    return `the stack ${stack} has no output ${output}: deploy it with this configuration, or set ${variable} to the secret's ARN`;
  if (isDeployed)
    return `give --stack NAME in place of --table: the stack's output ${output} names the secret; or set ${variable} to its ARN`;
  return `jwt-authorizer start makes one here; for a deployed stack give --stack NAME, whose output ${output} names its own`;
}

function lastPolicy(steps: readonly TraceStep[], circumstances: Circumstances): JwtPolicy {
  const last = steps.findLast((step) => step.step === 'extract');
  return circumstances.config.policies[last?.policy ?? 0] ?? firstPolicy(circumstances);
}

function firstPolicy({ config }: Circumstances): JwtPolicy {
  const [first] = config.policies;
  if (first === undefined) throw new Error('a configuration has a policy');
  return first;
}
