/** What all gateways stand in front of: as little as a server of `node:http` can do. Prints its address. */
import { createServer } from 'node:http';

const body = process.argv[2];
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, headers).end(body);
});
// Express Gateway answers 502 when a connection that it keeps is closed just as it takes it; that is not measured here.
server.keepAliveTimeout = 3_600_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on 127.0.0.1:${server.address().port}\n`);
});
