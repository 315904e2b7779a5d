/** Stands before a server and counts what is asked of it: round trips, whatever the client calls them. */
import { Agent, createServer, request } from 'node:http';

/** @param {string} target its origin. */
export async function startCountingProxy(target) {
  let count = 0;
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    count += 1;
    const { method, url, headers } = incoming;
    const asked = request(target, { method, path: url, headers, agent }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    asked.on('error', () => outgoing.destroy());
    incoming.pipe(asked);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { endpoint: `http://127.0.0.1:${server.address().port}`, count: () => count };
}
