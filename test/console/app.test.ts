/** The console over HTTP, behind the loopback rules. */
import { createHmac, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConsoleApp } from '../../bin/console/app.ts';
import { createDecisionLog } from '../../bin/console/decisions.ts';
import { consoleSubject } from '../../bin/console/subject.ts';
import { startAdminServer } from '../../bin/local/admin-server.ts';
import type { Listening } from '../../bin/local/listen.ts';
import { parseConfig } from '../../lambda/config/parse.ts';

const SECRET = randomBytes(32).toString('base64url');
const OTHER_SECRET = randomBytes(32).toString('base64url');
const FILE = {
  jwt: {
    secretOrPublicKey: SECRET,
    algorithms: ['HS256'],
    issuer: 'https://id/',
    checkCredentialExistence: false,
  },
};
const PAGE = new Map(
  ['index.html', 'console.css', 'console.js', 'icon.svg'].map((name) => [
    name,
    { type: 'text/plain', bytes: new TextEncoder().encode(name) },
  ]),
);

let server: Listening;
const faults: unknown[] = [];
const decisions = createDecisionLog(Date.now);

beforeAll(async () => {
  const parsed = parseConfig(FILE);
  if (!parsed.ok) throw new Error('the test has a configuration that is none');
  const subject = consoleSubject({
    loaded: { ok: true, config: parsed.config, runtimeConfig: FILE, keyFiles: [undefined] },
    place: { config: 'authorizer.config.yml' },
    of: { kind: 'local', gatewayUrl: 'http://127.0.0.1:8080' },
    hasConsumers: false,
    decisions,
  });
  const onError = (error: unknown) => void faults.push(error);
  server = await startAdminServer({
    console: createConsoleApp({ ...subject, page: PAGE, onError }),
    port: 0,
  });
});
afterAll(() => server.close());

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** With headers that fetch does not let through. */
function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(`${server.url}${path}`, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const JSON_TYPE = { 'content-type': 'application/json' };
const explain = (asked: unknown, headers: Record<string, string> = JSON_TYPE) =>
  send('POST', '/console/api/explain', headers, JSON.stringify(asked));

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
function sign(claims: Readonly<Record<string, unknown>>, secret = SECRET): string {
  const input = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}
const CLAIMS = { iss: 'https://id/', sub: 'ann', exp: 4_000_000_000 };

describe('the page', () => {
  it('is there with its files, and its address without the slash leads to it', async () => {
    expect(await send('GET', '/console/')).toMatchObject({ status: 200, text: 'index.html' });
    expect(await send('GET', '/console/console.js')).toMatchObject({ status: 200, text: 'console.js' });
    expect(await send('HEAD', '/console/console.css')).toMatchObject({ status: 200, text: '' });
    const { status, headers } = await send('GET', '/console');
    expect([status, headers['location']]).toEqual([308, '/console/']);
  });

  it.each(['/console/', '/console', '/console/console.js', '/console/api/about', '/console/nowhere'])(
    'every answer forbids what is inline, foreign or framed: %s',
    async (path) => {
      const { headers } = await send('GET', path);
      const policy = String(headers['content-security-policy']).split('; ');
      expect(policy).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          "connect-src 'self'",
          "base-uri 'none'",
          "form-action 'none'",
          "frame-ancestors 'none'",
        ]),
      );
      expect(policy.join()).not.toMatch(/unsafe|https?:|\*|data:/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    },
  );

  it.each([
    '/console/../package.json',
    '/console/%2e%2e/package.json',
    '/console//',
    '/console/index.html',
    '/consoles',
    '/',
  ])('nothing else is: %s', async (path) => {
    expect((await send('GET', path)).status).toBe(404);
  });
});

describe('the loopback rules', () => {
  it('a rebound host, a foreign origin and another type of body get nothing', async () => {
    expect((await send('GET', '/console/api/about', { host: 'evil.example' })).status).toBe(403);
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1'])
      expect((await explain({ method: 'GET', path: '/' }, { ...JSON_TYPE, origin })).status).toBe(403);
    expect((await explain({ method: 'GET', path: '/' }, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await explain({ method: 'GET', path: '/' }, { ...JSON_TYPE, origin: server.url })).status).toBe(
      200,
    );
  });

  it('a page of another port may lead here, and no more', async () => {
    const from = (site: string, mode: string) =>
      send('GET', '/console/api/about', { 'sec-fetch-site': site, 'sec-fetch-mode': mode });
    expect((await from('cross-site', 'no-cors')).status).toBe(403);
    expect((await from('same-site', 'cors')).status).toBe(403);
    expect((await from('same-origin', 'cors')).status).toBe(200);
    expect((await from('cross-site', 'navigate')).status).toBe(200);
  });

  it('another method is told which', async () => {
    const { status, headers } = await send('GET', '/console/api/explain');
    expect([status, headers['allow']]).toEqual([405, 'POST']);
    expect((await send('DELETE', '/console/')).status).toBe(405);
  });
});

describe('the explanation', () => {
  it('is that of the authorizer itself, step by step', async () => {
    const { status, text } = await explain({ method: 'GET', path: '/hello', token: sign(CLAIMS) });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ decision: 'allowed', request: { resource: '/{proxy+}' } });
    const denied = await explain({
      method: 'GET',
      path: '/hello',
      token: sign(CLAIMS, OTHER_SECRET),
    });
    expect(JSON.parse(denied.text)).toMatchObject({ decision: 'denied', code: 'signature_invalid' });
  });

  it('never has the token or the secret in it', async () => {
    const token = sign(CLAIMS);
    for (const asked of [
      { method: 'GET', path: '/', token },
      { method: 'GET', path: '/', token: `${token} x` },
    ]) {
      const { text } = await explain(asked);
      expect(text).not.toContain(token.split('.')[2]);
      expect(text).not.toContain(SECRET);
    }
  });

  it('without a token it says what a request without one gets', async () => {
    for (const asked of [
      { method: 'GET', path: '/' },
      { method: 'GET', path: '/', token: '' },
    ])
      expect(JSON.parse((await explain(asked)).text)).toMatchObject({ decision: 'denied' });
  });

  it.each([
    [{ path: '/' }],
    [{ method: 'GET' }],
    [{ method: 'GET', path: '/', token: 7 }],
    [{ method: 'GET', path: '/', token: ['a'] }],
    [{ method: 'GET', path: '/', admin: true }],
    [{ method: 'GET', path: 'no-slash' }],
    [{ method: 'G\r\nET', path: '/' }],
    [{ method: 'GET', path: '/', token: 'a b' }],
    [{ method: 'GET', path: '/', token: 'a\r\nx-evil: 1' }],
    [[]],
    ['text'],
    [null],
  ])('what nobody can send is refused: %j', async (asked) => {
    const { status, headers } = await explain(asked);
    expect(status).toBe(400);
    expect(headers['content-type']).toMatch(/^text\/plain/);
  });

  it('100 kB are read, and no more', async () => {
    expect((await explain({ method: 'GET', path: '/', token: 'x'.repeat(100_000) })).status).toBe(200);
    expect((await explain({ method: 'GET', path: '/', token: 'x'.repeat(102_400) })).status).toBe(413);
  });

  it.each(['{', '{"method":"GET"', '\u0000', ''])('a body that is no JSON is refused: %j', async (body) => {
    expect((await send('POST', '/console/api/explain', JSON_TYPE, body)).status).toBe(400);
  });

  it('none of it was a fault', () => {
    expect(faults).toEqual([]);
  });
});

describe('the decisions', () => {
  it('are told from a number on', async () => {
    const seen = {
      requestId: 'r',
      method: 'GET',
      status: 401,
      reason: 'x',
      code: 'token_expired',
      durationMs: 1,
    };
    decisions.record(seen);
    decisions.record(seen);
    const numbers = async (query: string) => {
      const { text } = await send('GET', `/console/api/decisions${query}`);
      return (JSON.parse(text).decisions as { number: number }[]).map(({ number }) => number);
    };
    expect([await numbers(''), await numbers('?after=1'), await numbers('?after=2')]).toEqual([
      [1, 2],
      [2],
      [],
    ]);
    for (const after of ['-1', '1.5', 'x', '1e3', '9'.repeat(16)])
      expect((await send('GET', `/console/api/decisions?after=${after}`)).status).toBe(400);
  });
});

it('about tells no key', async () => {
  const { text } = await send('GET', '/console/api/about');
  expect(JSON.parse(text)).toMatchObject({
    hasConsumers: false,
    hasDecisions: true,
    policies: [{ index: 0 }],
  });
  expect(text).not.toContain(SECRET);
  expect(JSON.parse(text).remedies).toHaveProperty('token_expired');
});
