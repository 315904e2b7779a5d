/** The local gateway over a socket, and what the stack has API Gateway set: what the upstream hears in our name. */
import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../../bin/local/gateway.ts';
import { type Listening, listen } from '../../bin/local/listen.ts';
import { deliver } from '../../lambda/authorizer/respond.ts';
import { NOTHING, UPSTREAM_HEADERS } from '../../lambda/config/upstream-headers.ts';
import { parsedFile } from '../config/parsing.ts';
import { propertiesOf, templateOf, UNCONTROLLED } from '../lib/support.ts';
import { sendBytes } from '../local/support.ts';
import { clientHeaders, FORGED, type HeaderAttack, NEAR_OURS } from './client-headers.ts';
import { CLAIMS, fileOf, honestToken } from './doors.ts';
import { guardOf } from './ours.ts';

const HONEST = honestToken('HS256') ?? '';
const OURS = Object.keys(UPSTREAM_HEADERS);
/** As CGI names its variables (RFC 3875 §4.1.18), and who goes by the same rule. */
const folded = (name: string) => name.toUpperCase().replace(/[^A-Z0-9]/g, '_');
const FOLDED = new Set(OURS.map(folded));

/** All that the upstream got of a request: raw names and values, in turn. */
interface Heard {
  readonly head: readonly string[];
  readonly trailers: readonly string[];
  readonly body: string;
}

const heard: Heard[] = [];
let upstream: Listening;
const gateways = new Map<string, Gateway>();
const MODALITIES = { 'a known caller': false, 'nobody in particular': true };

beforeAll(async () => {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    heard.push({ head: request.rawHeaders, trailers: request.rawTrailers, body });
    response.end('heard');
  });
  upstream = await listen(server, '127.0.0.1', 0);
  for (const [name, passThrough] of Object.entries(MODALITIES)) {
    const file = { jwt: { ...fileOf('HS256').jwt, passThrough } };
    const guard = guardOf(file);
    const gateway = await startGateway({
      config: parsedFile(file),
      invoke: async (event) => deliver(await guard.respond(event)),
      upstream: upstream.url,
      port: 0,
    });
    gateways.set(name, gateway);
  }
});
afterAll(async () => {
  for (const gateway of gateways.values()) await gateway.close();
  await upstream.close();
});
beforeEach(() => void heard.splice(0));

interface Sent {
  readonly lines?: readonly string[];
  readonly body?: string;
}

/** @returns the answers' statuses, in order. */
async function ask(modality: string, { lines = [], body = '' }: Sent = {}): Promise<readonly string[]> {
  const { url } = gateways.get(modality) ?? { url: '' };
  const token = modality === 'a known caller' ? [`Authorization: Bearer ${HONEST}`] : [];
  // What is first stays first: some attacks are about it. The last request ends the connection, unless that was done before.
  const head = ['POST /orders HTTP/1.1', ...lines, 'Host: x', ...token];
  const isOver = lines.some((line) => /^connection:.*\bclose\b/i.test(line));
  const last = ['GET /last HTTP/1.1', 'Host: x', ...token, 'Connection: close'];
  const bytes = `${head.join('\r\n')}\r\n\r\n${body}${isOver ? '' : `${last.join('\r\n')}\r\n\r\n`}`;
  const answers = await sendBytes(url, bytes);
  return [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status = '']) => status);
}

const pairsOf = (raw: readonly string[]) =>
  raw.flatMap((name, i) => (i % 2 === 0 ? [[name, raw[i + 1] ?? ''] as const] : []));
/** What it heard under our names, by anybody's way of reading names. */
const inOurName = ({ head }: Heard) => pairsOf(head).filter(([name]) => FOLDED.has(folded(name)));

/** What we say of the caller. */
const EXPECTED: Readonly<Record<string, object>> = {
  'a known caller': {
    ...Object.fromEntries(OURS.map((name) => [name, NOTHING])),
    'x-authorizer-principal-id': CLAIMS.sub,
    'x-authorizer-claims': HONEST.split('.')[1],
  },
  'nobody in particular': {
    ...Object.fromEntries(OURS.map((name) => [name, NOTHING])),
    'x-authorizer-principal-id': 'anonymous',
  },
};

describe.each(Object.keys(MODALITIES))('of %s', (modality) => {
  test.each(clientHeaders.map((attack) => [attack.id, attack] as const))('%s', async (_, attack) => {
    for (const name of OURS) await judge(attack, name);
  });

  async function judge({ lines, body, expected }: HeaderAttack, name: string): Promise<void> {
    heard.splice(0);
    const statuses = await ask(modality, { lines: lines(name), ...(body && { body: body(name) }) });
    expect(JSON.stringify(heard)).not.toContain(FORGED);
    if (expected === 'refused') {
      expect([statuses[0], heard]).toEqual(['400', []]);
      return;
    }
    expect(statuses[0]).toBe('200');
    expect(heard.length).toBeGreaterThan(0);
    for (const request of heard) {
      const said = inOurName(request);
      expect(said).toHaveLength(OURS.length);
      expect(Object.fromEntries(said)).toEqual(EXPECTED[modality]);
      expect(request.trailers).toEqual([]);
    }
  }

  test('the same without an attack, and with headers that are near ours', async () => {
    const lines = NEAR_OURS.map((name) => `${name}: the client’s`.replace('’', "'"));
    expect(await ask(modality, { lines })).toEqual(['200', '200']);
    for (const request of heard) expect(Object.fromEntries(inOurName(request))).toEqual(EXPECTED[modality]);
    const [first] = heard;
    const passed = pairsOf(first?.head ?? []).filter(([, value]) => value === "the client's");
    expect(passed.map(([name]) => name)).toEqual(NEAR_OURS);
  });
});

/** API Gateway replaces what is mapped; nothing that it sets may come from what a client sent. */
describe('what the stack has API Gateway send', () => {
  const template = templateOf({
    jwt: UNCONTROLLED,
    upstream: 'https://up.example',
    routes: [{ paths: ['/orders/{id}', '/files/{proxy+}'], scopes: [] }],
  });
  const mapped = propertiesOf(template, 'AWS::ApiGateway::Method')
    .map(({ Integration }) => Integration as { Type: string; RequestParameters?: Record<string, string> })
    .filter(({ Type }) => Type === 'HTTP_PROXY')
    .map(({ RequestParameters = {} }) => RequestParameters);

  test('there are methods', () => expect(mapped.length).toBeGreaterThan(2));

  test.each(Object.entries(UPSTREAM_HEADERS))(
    '%s is the authorizer’s %s on every method',
    (header, entry) => {
      for (const parameters of mapped)
        expect(parameters[`integration.request.header.${header}`]).toBe(`context.authorizer.${entry}`);
    },
  );

  test('no header is made of what the client sent', () => {
    const headers = mapped.flatMap((parameters) =>
      Object.entries(parameters).filter(([target]) => target.startsWith('integration.request.header.')),
    );
    for (const [, source] of headers) expect(source).toMatch(/^context\.authorizer\.\w+$/);
    expect(headers).toHaveLength(mapped.length * OURS.length);
  });
});

test('every attack says where it is known from', () => {
  const ids = clientHeaders.map(({ id }) => id);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  expect(clientHeaders.filter(({ cites }) => cites.length === 0)).toEqual([]);
});
