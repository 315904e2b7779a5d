import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { WriteLine } from './attachment-log.ts';
import { ownerOf, restApiIdOf } from './attachment-request.ts';
import { answerTo, type Failure } from './cloudformation-answer.ts';
import type { SendAnswer } from './send-answer.ts';

/**
 * What Lambda tells of an event that it invokes a function for no more.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export interface GivenUp {
  readonly requestContext: {
    /** `RetriesExhausted` or `EventAgeExceeded`. */
    readonly condition: string;
    readonly approximateInvokeCount: number;
  };
  readonly requestPayload: CloudFormationCustomResourceEvent;
  /** What the last invocation ended with, where it did: that a run was killed too. */
  readonly responsePayload?: { readonly errorType?: string; readonly errorMessage?: string } | null;
}

/** Answers in the place of a custom resource that could not: CloudFormation would wait for an hour. */
export function createGivenUp({
  send,
  write,
}: {
  readonly send: SendAnswer;
  readonly write: WriteLine;
}): (event: GivenUp) => Promise<void> {
  return async ({ requestPayload: event, requestContext, responsePayload }) => {
    const physicalResourceId = restApiIdOf(event);
    const { condition, approximateInvokeCount: invocations } = requestContext;
    const said = { restApiId: physicalResourceId, owner: ownerOf(event), what: event.RequestType };
    write(JSON.stringify({ level: 'error', message: 'given_up', ...said, condition, invocations }));
    const failure: Failure = {
      headline: `Not done after ${invocations} runs. What was begun is kept in the journal: the same deployment again goes on from there, and so does the rollback, which undoes it.`,
      details: lastWords(responsePayload),
    };
    await send(event.ResponseURL, answerTo(event, { physicalResourceId, failure }));
  };
}

/** What our own errors say, and that Lambda ended a run; not what others' errors quote. */
function lastWords(payload: GivenUp['responsePayload']): readonly string[] {
  const { errorType = '', errorMessage = '' } = payload ?? {};
  if (errorType === 'ComesAgain') return [errorMessage];
  return errorType === '' ? [] : [`the last run ended with ${errorType}`];
}
