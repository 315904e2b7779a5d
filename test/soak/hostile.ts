/** What attackers and broken clients send, whoever the callers are. */
import { connect } from 'node:net';
import { THEMES } from '../attack/catalogue.ts';
import type { DoorName } from '../attack/doors.ts';

/** What can stand in a header; the rest of the catalogue is shown to the authorizer itself by test/attack. */
const IN_A_HEADER = /^[\x20-\x7e]*$/;
/** Times go by here: what was right or wrong at one moment says nothing of the next. */
const OF_ONE_MOMENT = 'times/';

export interface Attack {
  readonly id: string;
  /** As it stands in the header. */
  readonly authorization: string;
}

/** The tokens of test/attack for a door, made once. @param trap an address that tokens name, and nobody asks. */
export function attacksAt(door: DoorName, trap: string): readonly Attack[] {
  return THEMES.flatMap(({ attacks }) => attacks)
    .filter(({ id, doors }) => doors.includes(door) && !id.startsWith(OF_ONE_MOMENT))
    .map(({ id, token }) => ({ id, authorization: `Bearer ${token(trap)}` }))
    .filter(({ authorization }) => IN_A_HEADER.test(authorization));
}

/** The gateway's limit for a head, as API Gateway has it. */
const HEAD_BYTES = 10_240;

/** Over that, Node's parser ends the connection; a client in the middle of sending may see no answer. */
export const LONGEST_READ_BYTES = 30_000;

/** What a gateway says to a head of that size: 401 as to any token that is none, or that it is too large. */
export function statusesOf({ authorization: { length } }: Attack): readonly number[] {
  if (length < HEAD_BYTES - 1_000) return [401];
  if (length <= HEAD_BYTES) return [401, 413];
  return length > LONGEST_READ_BYTES ? [413, 431, 0] : [413];
}

/** Requests that are none, or nearly, byte for byte. No token is in them: none may pass. */
export const MALFORMED: readonly (readonly [name: string, text: string])[] = [
  ['no HTTP', 'EHLO gateway\r\n\r\n'],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['no host', 'GET /open/a HTTP/1.1\r\n\r\n'],
  ['two hosts', 'GET /open/a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
  ['a line break in a header', 'GET /open/a HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n'],
  ['a NUL in a header', 'GET /open/a HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n'],
  ['a space before the colon', 'GET /open/a HTTP/1.1\r\nHost: a\r\nAuthorization : Bearer a.b.c\r\n\r\n'],
  ['two lengths', 'POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'],
  [
    'a length and chunks',
    'POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  [
    'chunks that are none',
    'POST /orders HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n',
  ],
  ['a length that is none', 'POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n'],
  ['a body of 11 MB, announced', 'POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 11534336\r\n\r\n'],
  ['a target that is no path', 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
  ['a fragment', 'GET /open/a#b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
  ['a whole URL', 'GET http://a/open/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
  ['another method', 'TRACE /open/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
  ['a method that is none', 'GET/ /open/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
  [
    'a head of 20 kB',
    `GET /open/a HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\nConnection: close\r\n\r\n`,
  ],
  [
    'a head of 60 kB',
    `GET /open/a HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(60_000)}\r\nConnection: close\r\n\r\n`,
  ],
  ['200 headers', `GET /open/a HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(200)}Connection: close\r\n\r\n`],
];

/** Requests whose senders leave in their middle. Nobody is answered. */
export const CUT_OFF: readonly (readonly [name: string, text: string])[] = [
  ['a head that does not end', 'GET /open/a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer '],
  ['a body that does not come', 'POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc'],
  ['nothing', ''],
];

const PATIENCE_MS = 30_000;
const GONE_AFTER_MS = 50;

/** @returns the status; 0 when the connection ended without one. */
export function sendRaw(url: string, text: string, { isCutOff = false } = {}): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), hostname);
    socket.setTimeout(isCutOff ? GONE_AFTER_MS : PATIENCE_MS, () => socket.destroy());
    socket.on('error', () => undefined).on('close', () => resolve(statusIn(answer)));
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
      if (answer.includes('\r\n')) socket.destroy();
    });
    socket.write(Buffer.from(text, 'latin1'));
  });
}

const statusIn = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
