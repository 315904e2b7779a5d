/** The ways in which a dependency fails, whichever it is. */
import { selfSigned } from '../support/certificate.ts';
import { type Answer, type Exchange, type Fault, send } from '../support/fault-proxy.ts';
import type { Surroundings } from './function-process.ts';

export interface FaultCase {
  readonly name: string;
  /** Made anew for each use. */
  readonly make?: () => Fault;
  readonly surroundings?: Surroundings;
  /** `served`: no more than a delay, or what the client can make up for. @default unavailable */
  readonly expects?: 'served' | 'unavailable';
  /** Takes the function seconds to give up on. */
  readonly isSlow?: true;
}

const fault = (
  name: string,
  answer: NonNullable<Fault['answer']>,
  more: Partial<FaultCase> = {},
): FaultCase => ({
  name,
  make: () => ({ answer }),
  ...more,
});

/** An answer in the place of the genuine one. */
export const answering = (name: string, body: string | object, status = 200): FaultCase =>
  fault(name, ({ response }) =>
    send(response, {
      status,
      headers: { 'content-type': typeof body === 'string' ? 'text/html' : 'application/x-amz-json-1.0' },
      body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    }),
  );

/** An error as AWS's JSON protocols tell it. */
export const awsError = (type: string, status = 400): FaultCase =>
  answering(`${status} ${type}`, { __type: `com.amazonaws#${type}`, message: 'no' }, status);

/** The genuine answer, changed. */
export const changed = (name: string, change: (answer: Answer) => Answer): FaultCase =>
  fault(name, async ({ response, genuine }) => send(response, change(await genuine())));

const half = (body: Buffer) => body.subarray(0, Math.ceil(body.length / 2));
const halfOf = async ({ response, genuine }: Exchange) => {
  const { status, headers, body } = await genuine();
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.write(half(body));
};

const HTML = '<html><body>Bad gateway</body></html>';

export const NETWORK_FAULTS: readonly FaultCase[] = [
  { name: 'connection refused', make: () => ({ isClosed: true }) },
  { name: 'reset when it connects', make: () => ({ connection: (socket) => void socket.resetAndDestroy() }) },
  { name: 'closed when it connects', make: () => ({ connection: (socket) => void socket.end() }) },
  fault('reset before the answer', ({ request }) => request.socket.resetAndDestroy()),
  fault('closed before the answer', ({ request }) => request.socket.end()),
  fault('reset in the middle of the answer', async (exchange) => {
    await halfOf(exchange);
    setTimeout(() => exchange.request.socket.resetAndDestroy(), 20);
  }),
  fault('an answer cut short', async (exchange) => {
    await halfOf(exchange);
    setTimeout(() => exchange.request.socket.end(), 20);
  }),
  fault('an answer cut short that gave no length', async ({ request, response, genuine }) => {
    const { status, headers, body } = await genuine();
    response.useChunkedEncodingByDefault = false;
    response.writeHead(status, { ...headers, connection: 'close' });
    response.write(half(body), () => request.socket.end());
  }),
  changed('a content-length that is too small', ({ status, headers, body }) => ({
    ...{ status, body },
    headers: { ...headers, 'content-length': String(half(body).length) },
  })),
  fault('no HTTP', ({ request }) => request.socket.end('SSH-2.0-OpenSSH_9.6\r\n')),
  { name: 'TLS where none is expected', make: () => ({ isTls: true, certificate: selfSigned() }) },
  { name: 'a name that there is not', surroundings: { resolver: 'ENOTFOUND' } },
  { name: 'a resolver that fails', surroundings: { resolver: 'EAI_AGAIN' } },
  { name: 'a resolver that is silent', surroundings: { resolver: 'silent' }, isSlow: true },
  { name: 'a black hole', make: () => ({ connection: (socket) => void socket.resume() }), isSlow: true },
  fault('no answer', () => undefined, { isSlow: true }),
  fault(
    'a head and nothing more',
    ({ response }) => response.writeHead(200, { 'content-length': 99 }).flushHeaders(),
    {
      isSlow: true,
    },
  ),
  fault('an answer that drips', drip, { isSlow: true }),
  fault('an error that drips', (exchange) => drip({ ...exchange, genuine: async () => aFailure }), {
    isSlow: true,
  }),
  fault(
    'an answer that takes 300 ms',
    async ({ response, genuine }) => {
      const answer = await genuine();
      setTimeout(() => send(response, answer), 300);
    },
    { expects: 'served' },
  ),
];

const aFailure: Answer = {
  status: 500,
  headers: {},
  body: Buffer.from(JSON.stringify({ message: 'x'.repeat(400) })),
};

/** A byte at a time: it would take a minute and more. */
async function drip({ response, genuine }: Exchange): Promise<void> {
  const { status, headers, body } = await genuine();
  response.writeHead(status, { ...headers, 'content-length': body.length });
  let sent = 0;
  const dripping = setInterval(() => {
    if (sent < body.length) response.write(body.subarray(sent, ++sent));
  }, 200);
  response.on('close', () => clearInterval(dripping));
}

export const WRONG_ANSWERS: readonly FaultCase[] = [
  answering('500', 'Internal Server Error', 500),
  answering('503 with HTML', HTML, 503),
  answering('429', 'Too Many Requests', 429),
  answering('200 with HTML', HTML),
  answering('200 and empty', ''),
  answering('204', '', 204),
  answering('200 with null', 'null'),
  answering('200 with a list', []),
  answering('200 with an empty object', {}),
  answering('200 with other JSON', { unexpected: true }),
];

/** Where the function expects TLS. */
export const TLS_FAULTS: readonly FaultCase[] = [
  { name: 'plain HTTP where TLS is expected', make: () => ({ isTls: false }) },
  { name: 'a certificate that nobody vouches for', make: () => ({ certificate: selfSigned() }) },
];

const SKEW_MS = 3_600_000;
/** AWS allows five minutes. */
const ALLOWED_MS = 300_000;

/** The service's clock is an hour ahead of the function's, and it takes signatures by its own. */
export const skewed = (errorType: string): FaultCase => ({
  name: 'clocks that are an hour apart',
  expects: 'served',
  make: () => {
    let aheadMs: number | undefined;
    const serverMs = () => Date.now() + (aheadMs ?? 0);
    return {
      async answer({ request, response, genuine }) {
        const signedMs = momentOf(request.headers['x-amz-date']);
        aheadMs ??= signedMs + SKEW_MS - Date.now();
        const date = new Date(serverMs()).toUTCString();
        const isTaken = Math.abs(signedMs - serverMs()) < ALLOWED_MS;
        const refusal = { __type: `com.amazonaws#${errorType}`, message: 'Signature not yet current' };
        const answer = isTaken
          ? await genuine()
          : { status: 400, headers: {}, body: Buffer.from(JSON.stringify(refusal)) };
        send(response, { ...answer, headers: { ...answer.headers, date } });
      },
    };
  },
});

/** Of `20261122T150312Z`. */
function momentOf(header: string | string[] | undefined): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(header)) ?? [];
  return Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
}
