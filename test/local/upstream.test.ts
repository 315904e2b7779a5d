import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startEchoUpstream } from '../../bin/local/echo-upstream.ts';
import { type GatewayRecord, startGateway } from '../../bin/local/gateway.ts';
import { listen } from '../../bin/local/listen.ts';
import { ALLOW, config, open, send, sendBytes } from './support.ts';

const MEGABYTE = 1024 * 1024;
const AUTHORIZED = { authorization: 'Bearer t' };
const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function gatewayTo(upstream: string, integrationTimeoutMs = 5_000) {
  const records: GatewayRecord[] = [];
  const log = (record: GatewayRecord) => records.push(record);
  const gateway = await startGateway({
    config: config(),
    invoke: async () => ALLOW,
    upstream,
    port: 0,
    log,
    integrationTimeoutMs,
  });
  cleanUps.push(gateway.close);
  return { url: gateway.url, records };
}

async function upstreamOf(listener: RequestListener) {
  const unfinished = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    unfinished.add(response);
    response.on('close', () => unfinished.delete(response));
    listener(request, response);
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const { url, close } = await listen(server, '127.0.0.1', 0);
  cleanUps.push(close);
  return { url, sockets, unfinished };
}

async function echo() {
  const server = await startEchoUpstream();
  cleanUps.push(server.close);
  return server.url;
}

async function eventually(check: () => boolean) {
  for (let i = 0; i < 200 && !check(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(check()).toBe(true);
}

describe('forwarding', () => {
  it.each([['/a/../b//c/%2e%2e/d?x=%2F&&y'], ['/a/.?'], ['//evil.example/a'], ['/%']])(
    '%s arrives as it was sent',
    async (path) => {
      const { url } = await gatewayTo(await echo());
      const reply = await send(url, path, { headers: AUTHORIZED });
      expect(JSON.parse(reply.body).path).toBe(path);
    },
  );

  it('puts the base path first, and refuses to leave it', async () => {
    const { url, records } = await gatewayTo(`${await echo()}/base/`);
    expect(JSON.parse((await send(url, '/a?b', { headers: AUTHORIZED })).body).path).toBe('/base/a?b');
    expect((await send(url, '/../admin', { headers: AUTHORIZED })).status).toBe(400);
    await eventually(() => records.at(-1)?.reason === 'path_leaves_upstream');
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    '%s arrives with its body',
    async (method) => {
      const { url } = await gatewayTo(await echo());
      const headers = { ...AUTHORIZED, 'content-length': '5', 'content-type': 'text/plain' };
      const seen = JSON.parse((await send(url, '/', { method, headers, body: 'hello' })).body);
      expect(seen).toMatchObject({ method, body: 'hello', headers: { 'content-type': 'text/plain' } });
    },
  );

  it('answers HEAD without a body', async () => {
    const { url } = await gatewayTo(await echo());
    const reply = await send(url, '/', { method: 'HEAD', headers: AUTHORIZED });
    expect(reply).toMatchObject({ status: 200, body: '' });
  });

  it('streams the answer while the upstream is still writing', async () => {
    let finish = () => {};
    const { url: upstream } = await upstreamOf((_request, response) => {
      response.write('first');
      finish = () => response.end('last');
    });
    const { url } = await gatewayTo(upstream);
    const request = open(url, '/', { headers: AUTHORIZED });
    const text = await new Promise<string>((resolve, reject) => {
      request.on('error', reject).on('response', (response) => {
        let received = '';
        response.once('data', () => finish());
        response.on('data', (chunk) => {
          received += chunk;
        });
        response.on('end', () => resolve(received));
      });
      request.end();
    });
    expect(text).toBe('firstlast');
  });

  it('reads no further than the client does', async () => {
    const chunk = Buffer.alloc(MEGABYTE);
    const chunks = 40;
    let written = 0;
    const { url: upstream } = await upstreamOf((_request, response) => {
      const more = () => {
        if (written++ === chunks) response.end();
        else if (response.write(chunk)) more();
        else response.once('drain', more);
      };
      more();
    });
    const { url } = await gatewayTo(upstream);
    const request = open(url, '/', { headers: AUTHORIZED });
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request.on('error', reject).on('response', resolve).end();
    });
    answer.pause();
    await new Promise((resolve) => setTimeout(resolve, 300));
    // What lies in the sockets between them.
    expect(written).toBeLessThan(chunks / 2);
    let received = 0;
    for await (const part of answer) received += part.length;
    expect(received).toBe(chunks * MEGABYTE);
  });

  it('waits for the answer behind an early hint', async () => {
    const { url: upstream } = await upstreamOf((_request, response) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      response.end('the answer');
    });
    const { url } = await gatewayTo(upstream);
    expect(await send(url, '/', { headers: AUTHORIZED })).toMatchObject({ status: 200, body: 'the answer' });
  });

  it('hands the answer on: status, bytes, repeated headers; renames those API Gateway has itself', async () => {
    const { url: upstream } = await upstreamOf((_request, response) => {
      const name = Buffer.from('J\u00e9r\u00f4me', 'utf8').toString('latin1');
      response.setHeader('server', 'theirs').setHeader('www-authenticate', 'Basic').setHeader('x-name', name);
      response
        .setHeader('set-cookie', ['a=1', 'b=2'])
        .setHeader('connection', 'x-hop')
        .setHeader('x-hop', '1');
      response.writeHead(418).end(Buffer.from([0, 255]));
    });
    const { url } = await gatewayTo(upstream);
    const { status, headers } = await send(url, '/', { headers: AUTHORIZED });
    expect(status).toBe(418);
    expect(headers).toMatchObject({
      'set-cookie': ['a=1', 'b=2'],
      'x-amzn-remapped-server': 'theirs',
      'x-amzn-remapped-www-authenticate': 'Basic',
      'x-name': Buffer.from('J\u00e9r\u00f4me', 'utf8').toString('latin1'),
    });
    expect(headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers).not.toHaveProperty('server');
    expect(headers).not.toHaveProperty('www-authenticate');
    expect(headers).not.toHaveProperty('x-hop');
  });
});

describe('the body limit', () => {
  it.each([
    ['declared', 10 * MEGABYTE, 200],
    ['declared', 10 * MEGABYTE + 1, 413],
    ['chunked', 10 * MEGABYTE, 200],
    ['chunked', 10 * MEGABYTE + 1, 413],
  ])('%s, %d bytes: %d', async (kind, bytes, status) => {
    const { url: upstream } = await upstreamOf((request, response) => {
      request.on('error', () => {});
      request.resume().on('end', () => response.end());
    });
    const { url } = await gatewayTo(upstream);
    const framing =
      kind === 'chunked' ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(bytes) };
    const reply = await send(url, '/', {
      method: 'POST',
      headers: { ...AUTHORIZED, ...framing },
      body: Buffer.alloc(bytes),
    });
    expect(reply.status).toBe(status);
  });
});

describe('an upstream that fails', () => {
  it('cannot be reached: 504', async () => {
    const { url: gone, close } = await startEchoUpstream();
    await close();
    const { url, records } = await gatewayTo(gone);
    const reply = await send(url, '/', { headers: AUTHORIZED });
    expect(reply.status).toBe(504);
    expect(JSON.parse(reply.body)).toEqual({ message: 'Network error communicating with endpoint' });
    await eventually(() => records.at(-1)?.reason === 'integration_failure');
  });

  it('speaks no HTTP: 504', async () => {
    const server = createTcpServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .end('hello\r\n\r\n'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanUps.push(() => new Promise((resolve) => server.close(() => resolve())));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { url } = await gatewayTo(`http://127.0.0.1:${port}`);
    expect((await send(url, '/', { headers: AUTHORIZED })).status).toBe(504);
  });

  it('takes too long: 504 in other words, and its connection is given up', async () => {
    const { url: upstream, unfinished } = await upstreamOf(() => {});
    const { url } = await gatewayTo(upstream, 100);
    const reply = await send(url, '/', { headers: AUTHORIZED });
    expect(reply.status).toBe(504);
    expect(JSON.parse(reply.body)).toEqual({ message: 'Endpoint request timed out' });
    await eventually(() => unfinished.size === 0);
  });

  it('breaks off in the middle: so does the answer', async () => {
    const { url: upstream } = await upstreamOf((_request, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('12345', () => response.destroy());
    });
    const { url, records } = await gatewayTo(upstream);
    await expect(send(url, '/', { headers: AUTHORIZED })).rejects.toThrow();
    await eventually(() => records.at(-1)?.reason === 'answer_cut_off');
  });

  it('answers early, without reading the body', async () => {
    const { url: upstream } = await upstreamOf((_request, response) => {
      response.writeHead(401).end('no');
    });
    const { url } = await gatewayTo(upstream);
    const headers = { ...AUTHORIZED, 'transfer-encoding': 'chunked' };
    const reply = await send(url, '/', { method: 'POST', headers, body: Buffer.alloc(4 * MEGABYTE) });
    expect(reply).toMatchObject({ status: 401, body: 'no' });
  });
});

describe('a client that leaves', () => {
  it.each([['GET'], ['POST']])(
    'before the answer (%s) takes its upstream connection along',
    async (method) => {
      let arrived = false;
      const { url: upstream, unfinished } = await upstreamOf((request) => {
        request.on('error', () => {});
        arrived = true;
      });
      const { url, records } = await gatewayTo(upstream);
      const upload = method === 'POST' ? { 'transfer-encoding': 'chunked' } : {};
      const request = open(url, '/', { method, headers: { ...AUTHORIZED, ...upload } });
      request.on('error', () => {});
      if (method === 'POST') request.write('part');
      else request.end();
      await eventually(() => arrived);
      request.destroy();
      await eventually(() => records.at(-1)?.status === 499);
      await eventually(() => unfinished.size === 0);
    },
  );

  it('in the middle of the answer, too', async () => {
    const { url: upstream, unfinished } = await upstreamOf((_request, response) => {
      response.write(Buffer.alloc(MEGABYTE));
    });
    const { url, records } = await gatewayTo(upstream);
    const request = open(url, '/', { headers: AUTHORIZED });
    request.on('error', () => {});
    request.on('response', (response) =>
      response.on('error', () => {}).once('data', () => request.destroy()),
    );
    request.end();
    await eventually(() => records.at(-1)?.reason === 'client_gone');
    await eventually(() => unfinished.size === 0);
  });

  it('twenty times over leaves no connections behind', async () => {
    let arrived = 0;
    const { url: upstream, sockets } = await upstreamOf(() => {
      arrived++;
    });
    const { url, records } = await gatewayTo(upstream);
    for (let i = 1; i <= 20; i++) {
      const request = open(url, '/', { headers: AUTHORIZED });
      request.on('error', () => {}).end();
      await eventually(() => arrived === i);
      request.destroy();
      await eventually(() => records.length === i);
    }
    await eventually(() => sockets.size <= 1);
  });

  it('leaves the next one alone', async () => {
    const { url } = await gatewayTo(await echo());
    const bytes = await sendBytes(
      url,
      'GET / HTTP/1.1\r\nhost: x\r\nauthorization: t\r\nconnection: close\r\n\r\n',
    );
    expect(bytes).toMatch(/^HTTP\/1\.1 200 /);
  });
});
