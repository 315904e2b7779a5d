/**
 * Calls of our own process on the embedded DynamoDB, without a socket: a call over HTTP costs several times what
 * the table itself takes for it, most of it for the SDK's serialization and signature. What is sent and answered
 * is the same JSON.
 */
import { EventEmitter } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Those on items. All others, of which there are a few at the start, take the SDK's way. */
const STRAIGHT = /^(?:BatchGetItem|GetItem|PutItem|UpdateItem|DeleteItem|Query|Scan)(?=Command$)/;

/** What dynalite wants to see of a signature; it checks none. */
const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20260101T000000Z',
  authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=none',
};

/**
 * @param client which sends no other way from then on.
 * @param listener the embedded DynamoDB's own, for HTTP requests.
 * @returns closes this way: resolves when the calls under way are answered; later ones are refused.
 */
export function callStraight(client: DynamoDBClient, listener: RequestListener): () => Promise<void> {
  const running = new Set<Promise<object>>();
  let isClosed = false;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const [operation] = STRAIGHT.exec(commandName ?? '') ?? [];
        if (operation === undefined) return next(args);
        if (isClosed) throw named('TableClosed');
        const call = post(listener, operation, JSON.stringify(args.input));
        running.add(call);
        try {
          return { response: {}, output: { ...(await call), $metadata: {} } };
        } finally {
          running.delete(call);
        }
      },
    { step: 'initialize', priority: 'high', name: 'callStraight' },
  );
  return async () => {
    isClosed = true;
    await Promise.allSettled(running);
  };
}

/** @throws an error of the name that DynamoDB gives it. */
async function post(listener: RequestListener, operation: string, body: string): Promise<object> {
  const { status, text } = await exchange(listener, operation, body);
  const answer = JSON.parse(text) as { readonly __type?: string };
  if (status === 200) return answer;
  throw named(answer.__type?.split('#').at(-1) ?? 'UnknownError');
}

/** As much of a request and of its response as dynalite looks at. */
function exchange(
  listener: RequestListener,
  operation: string,
  body: string,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve) => {
    const headers = { ...HEADERS, 'x-amz-target': `DynamoDB_20120810.${operation}` };
    const request = Object.assign(new EventEmitter(), { method: 'POST', url: '/', headers });
    const response = {
      statusCode: 200,
      setHeader: () => undefined,
      end: (text: string) => resolve({ status: response.statusCode, text }),
    };
    listener(request as unknown as IncomingMessage, response as unknown as ServerResponse<IncomingMessage>);
    request.emit('data', Buffer.from(body));
    request.emit('end');
  });
}

/** The name alone: a message may quote what was sent. */
const named = (name: string): Error => Object.assign(new Error(name), { name });
