/** The Admin API as a Lambda function behind a REST API: events in, answers out. */
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { handle } from 'hono/aws-lambda';
import type { ConsumerStore } from '../consumers/store.ts';
import { createAdminApp } from './app.ts';
import { cleanUpFor } from './clean-up.ts';
import { type LoggedRequest, logFailure, logWrite, type WriteLine } from './log.ts';

/** How long a deletion waits for what it and earlier ones have left behind. */
const CLEAN_UP_MS = 10_000;
/** API Gateway answers 504 after 29 s, whatever the function does. */
const ANSWER_WITHIN_MS = 25_000;

export type AdminHandler = (
  event: APIGatewayProxyEvent,
  context: InvocationContext,
) => Promise<APIGatewayProxyResult>;

/** What is used of Lambda's context. */
export interface InvocationContext {
  readonly getRemainingTimeInMillis: () => number;
}

/**
 * @param now a clock in milliseconds.
 * @returns the function; it never throws, and it logs each write, outage and bug in one line.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function createAdminHandler(dependencies: {
  readonly store: ConsumerStore;
  readonly write: WriteLine;
  readonly now: () => number;
}): AdminHandler {
  const { store, write, now } = dependencies;
  return async (event, context) => {
    const started = now();
    const request = requestOf(event);
    const onError = (error: unknown) => logFailure(write, error, request.requestId);
    // An app for each event, so that what fails is logged under its request's id.
    const serve = handle(createAdminApp({ store, onError }));
    // Hono's type of these events asks for members that REST APIs do not send, and that it does not read.
    const answer = await serve(event as unknown as Parameters<typeof serve>[0]);
    const { statusCode: status } = answer;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead && (status < 300 || status >= 500)) logWrite(write, request, status);
    if (request.method === 'DELETE' && status === 204) {
      const left = Math.min(
        ANSWER_WITHIN_MS - (now() - started),
        context.getRemainingTimeInMillis() - 1_000,
        CLEAN_UP_MS,
      );
      // Before the answer, since Lambda stops the function with it.
      await cleanUpFor(left, store, onError);
    }
    return answer as APIGatewayProxyResult;
  };
}

function requestOf({ httpMethod, path, requestContext }: APIGatewayProxyEvent): LoggedRequest {
  const { requestId, identity } = requestContext;
  return { requestId, method: httpMethod, path, caller: identity?.userArn ?? undefined };
}
