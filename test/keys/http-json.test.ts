/** Real servers on the loopback, each with one way to misbehave. */
import type { RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { getJson } from '../../lambda/keys/http-json.ts';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import { selfSigned } from '../support/certificate.ts';
import { outcome, type Served, serve } from './support.ts';

const LIMIT = 256 * 1024;
const NEVER = new AbortController().signal;

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function served(listener: RequestListener): Promise<Served & { readonly asked: string[] }> {
  const asked: string[] = [];
  const server = await serve((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    listener(request, response);
  });
  open.push(server);
  return { ...server, asked };
}

async function listening(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const body =
  (text: string | Buffer, status = 200, headers = {}): RequestListener =>
  (_, response) => {
    response.writeHead(status, headers);
    response.end(text);
  };

/** The failure to fetch, which never tells what was answered. */
async function failure(address: string, signal: AbortSignal = NEVER): Promise<string> {
  const error = await outcome(getJson(address, signal));
  expect(error).toBeInstanceOf(KeyUnavailable);
  expect(String(error)).not.toContain('body');
  return String(error);
}

/** JSON of exactly so many bytes. */
const json = (bytes: number) => JSON.stringify('b'.repeat(bytes - 2));

describe('an answer', () => {
  test('with status 200 is what it says', async () => {
    const { origin, asked } = await served(body('{"keys":[]}'));
    expect(await getJson(`${origin}/a/jwks?b=c`, NEVER)).toEqual({ keys: [] });
    expect(asked).toEqual(['GET /a/jwks?b=c']);
  });
  test('is asked for as a key set or other JSON, not packed, on a connection of its own', async () => {
    const { origin } = await served(({ headers }, response) => response.end(JSON.stringify(headers)));
    expect(await getJson(origin, NEVER)).toMatchObject({
      ...{ accept: 'application/jwk-set+json, application/json', 'accept-encoding': 'identity' },
      connection: 'close',
    });
  });
  test('is JSON whatever its media type says', async () => {
    const { origin } = await served(body('7', 200, { 'content-type': 'text/plain' }));
    expect(await getJson(origin, NEVER)).toBe(7);
  });
  test.each([201, 204, 301, 302, 304, 307, 308, 400, 401, 403, 404, 429, 500, 503])(
    'with status %d is none',
    async (status) => {
      const { origin } = await served(body(status === 204 || status === 304 ? '' : '{"body":1}', status));
      expect(await failure(`${origin}/jwks`)).toContain(`${status}`);
    },
  );
  test('that leads elsewhere is not followed', async () => {
    const elsewhere = await served(body('{"keys":[]}'));
    for (const status of [301, 302, 303, 307, 308]) {
      const { origin, asked } = await served(body('', status, { location: elsewhere.origin }));
      await failure(origin);
      expect(asked).toHaveLength(1);
    }
    expect(elsewhere.asked).toEqual([]);
  });
  test('of 256 KiB is read, and of a byte more it is not', async () => {
    const whole = await served(body(json(LIMIT)));
    expect(await getJson(whole.origin, NEVER)).toHaveLength(LIMIT - 2);
    const over = await served(body(json(LIMIT + 1)));
    expect(await failure(over.origin)).toContain(`${LIMIT}`);
  });
  test.each([10 * 1024 * 1024, Number.POSITIVE_INFINITY])(
    'of %d bytes is broken off, long before its end',
    async (bytes) => {
      let sent = 0;
      const chunk = Buffer.alloc(64 * 1024, ' ');
      const { origin } = await served((_, response) => {
        const more = () => {
          while (sent < bytes && !response.destroyed) {
            sent += chunk.length;
            if (!response.write(chunk)) return;
          }
          response.end();
        };
        response.on('drain', more);
        more();
      });
      expect(await failure(origin)).toContain(`${LIMIT}`);
      // What lies in the buffers of both ends is no measure of ours.
      if (bytes === Number.POSITIVE_INFINITY) expect(sent).toBeLessThan(64 * 1024 * 1024);
    },
  );
  test('of 100,000 keys is too large', async () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => ({ kty: 'RSA', kid: `${i}` }));
    const { origin } = await served(body(JSON.stringify({ keys })));
    expect(await failure(origin)).toContain(`${LIMIT}`);
  });
  test.each<[string, string | Buffer]>([
    ['nothing', ''],
    ['a page', '<!doctype html><body>body</body>'],
    ['half a set', '{"keys":[{"body":'],
    ['a set with more behind it', '{"keys":[]} body'],
    ['no text', Buffer.from([0xff, 0xfe, 0, 1])],
  ])('with %s is no JSON', async (_, text) => {
    const { origin } = await served(body(text));
    await failure(origin);
  });
  test('that is packed is none, and what it would unpack to is never made', async () => {
    const { origin } = await served(body(gzipSync(json(LIMIT * 40)), 200, { 'content-encoding': 'gzip' }));
    await failure(origin);
  });
  test('nested as deep as there is room is read without a fall', async () => {
    const { origin } = await served(body(`${'['.repeat(100_000)}${']'.repeat(100_000)}`));
    await outcome(getJson(origin, NEVER));
  });
  test.each([
    ['with a length that it does not keep', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"body":1}'],
    [
      'in pieces, the last of which is missing',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n',
    ],
    ['in its headers', 'HTTP/1.1 200 OK\r\nbody: '],
    ['before it began', ''],
    ['of another protocol', 'SSH-2.0-body\r\n'],
    ['with too many headers', `HTTP/1.1 200 OK\r\n${'body: body\r\n'.repeat(5_000)}\r\n{}`],
  ])('broken off: %s', async (_, bytes) => {
    const port = await listening(
      createTcpServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end(bytes));
      }),
    );
    await failure(`http://127.0.0.1:${port}/jwks`);
  });
});

describe('no answer', () => {
  test('where nobody listens, with the reason', async () => {
    expect(await failure('http://127.0.0.1:1/jwks')).toContain('ECONNREFUSED');
    const failed = await outcome(getJson('http://127.0.0.1:1/jwks', NEVER));
    expect(failed).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });
  test('from who cannot show that it is who it is', async () => {
    const port = await listening(
      createHttpsServer(selfSigned(), (_, response) => void response.end('{"keys":[]}')),
    );
    expect(await failure(`https://127.0.0.1:${port}/jwks`)).toContain('SELF_SIGNED');
  });
  test('over http from who expects https, and the other way round', async () => {
    const secure = await listening(createHttpsServer(selfSigned()));
    await failure(`http://127.0.0.1:${secure}/jwks`);
    const { origin } = await served(body('{}'));
    await failure(origin.replace('http:', 'https:'));
  });
  test('tells the address, but not what its query holds', async () => {
    const { origin } = await served(body('', 500));
    const told = await failure(`${origin}/jwks?code=s3cret`);
    expect(told).toContain(`${origin}/jwks`);
    expect(told).not.toContain('s3cret');
  });
  test('in another protocol, whether or not the connection is kept', async () => {
    for (const end of [true, false]) {
      const port = await listening(
        createTcpServer((socket) => {
          socket.on('error', () => undefined);
          const head =
            'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
          if (end) socket.end(head);
          else socket.write(head);
        }),
      );
      expect(await failure(`http://127.0.0.1:${port}/`)).toContain('101');
    }
  });
  test('when it is not wanted any more', async () => {
    const { origin, asked } = await served(() => undefined);
    const wanted = new AbortController();
    const failing = failure(origin, wanted.signal);
    await expect.poll(() => asked.length).toBe(1);
    wanted.abort();
    expect(await failing).toContain('in time');
    expect(await failure(origin, wanted.signal)).toContain('in time');
    expect(asked).toHaveLength(1);
  });
});

describe.concurrent('no answer in time, which is a second and a half', () => {
  test.each<[string, RequestListener]>([
    ['none at all', () => undefined],
    [
      'one that drips',
      (_, response) => {
        const drip = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(drip));
      },
    ],
    ['a head alone', (_, response) => response.flushHeaders()],
  ])('%s', async (_, listener) => {
    const server = await serve(listener);
    const began = performance.now();
    const error = await outcome(getJson(server.origin, NEVER));
    const tookMs = performance.now() - began;
    await server.close();
    expect(error).toBeInstanceOf(KeyUnavailable);
    expect(String(error)).toContain('in time');
    expect(tookMs).toBeGreaterThan(1_400);
    expect(tookMs).toBeLessThan(3_000);
  });
});
