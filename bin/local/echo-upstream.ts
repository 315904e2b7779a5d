import { createServer, type IncomingMessage } from 'node:http';
import { type Listening, listen } from './listen.ts';

/** What the echo upstream answers: the request as an upstream sees it. */
interface Echo {
  readonly method: string;
  /** With the query, byte for byte. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: IncomingMessage['headers'];
  /** As UTF-8 text; absent when there was none. */
  readonly body?: string;
}

/** An upstream for those who have none yet. @throws PortInUseError */
export function startEchoUpstream({ host = '127.0.0.1', port = 0 } = {}): Promise<Listening> {
  const server = createServer(async (request, response) => {
    try {
      const body = await readText(request);
      const { method = '', url = '', headers } = request;
      const echo: Echo = { method, path: url, headers, ...(body === '' ? {} : { body }) };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(echo));
    } catch {
      // The gateway gave up on the upload: there is nobody left to answer.
      response.destroy();
    }
  });
  return listen(server, host, port);
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
