/**
 * What Lambda is to a runtime client: an API that hands out one invocation, and takes the answer.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface RuntimeApi {
  /** `AWS_LAMBDA_RUNTIME_API` */
  readonly host: string;
  /** What the handler answered. Rejects with what the client reports in its place. */
  readonly answer: Promise<unknown>;
  close(): Promise<void>;
}

const PATH = '/2018-06-01/runtime';

/** @param event of the one invocation; who asks again waits, as in Lambda. */
export async function startRuntimeApi(event: object): Promise<RuntimeApi> {
  let isHandedOut = false;
  const next = (response: ServerResponse) => {
    if (isHandedOut) return;
    isHandedOut = true;
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
      'Lambda-Runtime-Deadline-Ms': String(Date.now() + 10_000),
      'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:us-east-1:111122223333:function:bench',
    });
    response.end(JSON.stringify(event));
  };
  const server = createServer();
  const answer = new Promise<unknown>((answered, failed) => {
    const take = async ({ method, url }: IncomingMessage, body: Promise<string>) => {
      if (url?.endsWith('/response')) answered(JSON.parse(await body));
      else failed(new Error(`${method} ${url}: ${await body}`));
    };
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (request.method === 'GET' && request.url === `${PATH}/invocation/next`) return next(response);
      take(request, text(request)).catch(failed);
      response.writeHead(202, { 'Content-Type': 'application/json' }).end('{"status":"OK"}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
