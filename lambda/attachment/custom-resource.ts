import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { ComesAgain, untilSettled } from './again.ts';
import {
  createStepLog,
  type LoggedRun,
  logFailure,
  logOutcome,
  ownMessage,
  type WriteLine,
} from './attachment-log.ts';
import { ownerOf, parseRequest, restApiIdOf } from './attachment-request.ts';
import { answerTo, type Failure } from './cloudformation-answer.ts';
import type { Engine } from './engine.ts';
import { failureOf } from './failure-text.ts';
import { LONGEST_CALL_MS } from './run.ts';
import { LONGEST_SENDING_MS, type SendAnswer } from './send-answer.ts';

export interface CustomResourceDependencies {
  readonly engine: Engine;
  readonly send: SendAnswer;
  readonly write: WriteLine;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** What of Lambda's context is asked. */
export interface TimeLeft {
  getRemainingTimeInMillis(): number;
}

export type CustomResourceHandler = (
  event: CloudFormationCustomResourceEvent,
  context: TimeLeft,
) => Promise<void>;

/** What is kept of an invocation's time for the last call, and for the answer. */
export const RESERVED_MS = LONGEST_CALL_MS + LONGEST_SENDING_MS;

/**
 * A custom resource that is an attachment. CloudFormation gets one answer for each request, however often Lambda has to
 * invoke the function for it; an answer that says no has changed nothing that is served, or says what it has.
 * @throws ComesAgain when the work goes on with the next invocation; AnswerNotSent
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources-lambda.html
 */
export function createCustomResource(dependencies: CustomResourceDependencies): CustomResourceHandler {
  const { send, write, now } = dependencies;
  return async (event, context) => {
    const physicalResourceId = restApiIdOf(event);
    const run: LoggedRun = { restApiId: physicalResourceId, owner: ownerOf(event), what: event.RequestType };
    const untilMs = now() + context.getRemainingTimeInMillis() - RESERVED_MS;
    const failure = await carryOut(event, dependencies, { run, untilMs });
    await send(event.ResponseURL, answerTo(event, { physicalResourceId, failure })).catch((error) => {
      write(JSON.stringify({ level: 'error', message: 'answer_not_sent', ...run, detail: error.message }));
      throw error;
    });
  };
}

async function carryOut(
  event: CloudFormationCustomResourceEvent,
  { engine, write, now, sleep }: CustomResourceDependencies,
  { run, untilMs }: { readonly run: LoggedRun; readonly untilMs: number },
): Promise<Failure | undefined> {
  const patience = { untilMs, now, sleep };
  const options = { untilMs, tell: createStepLog(write, run) };
  const detach = async (restApiId: string, owner: string) => {
    const outcome = await untilSettled(() => engine.detach(restApiId, owner, options), patience);
    logOutcome(write, { ...run, restApiId }, outcome);
    return failureOf(outcome);
  };
  try {
    const request = parseRequest(event);
    if (request.kind === 'detach') return await detach(request.restApiId, request.owner);
    const { wish, leaves } = request;
    const outcome = await untilSettled(() => engine.reconcile(wish, options), patience);
    logOutcome(write, run, outcome);
    return failureOf(outcome) ?? (leaves === undefined ? undefined : await detach(leaves, wish.owner));
  } catch (error) {
    logFailure(write, run, error);
    if (error instanceof ComesAgain) throw error;
    const name = error instanceof Error ? error.name : 'not an error';
    return {
      headline: `Failed (${name}); the function's log has more.`,
      details: [ownMessage(error) ?? []].flat(),
    };
  }
}
