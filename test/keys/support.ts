/** What the tests of key sources share: a clock that only the test moves, and sources that answer when told. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NOW_SECONDS } from '../support/tokens.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface Clock {
  readonly now: () => number;
  /** Moves on. */
  pass(ms: number): void;
  /** Milliseconds after the beginning. */
  at(ms: number): void;
}

export function clock(beginsAtMs = NOW_SECONDS * 1000): Clock {
  let nowMs = beginsAtMs;
  return {
    now: () => nowMs,
    pass: (ms) => {
      nowMs += ms;
    },
    at: (ms) => {
      nowMs = beginsAtMs + ms;
    },
  };
}

/** Lets all that waits for no more than promises run. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Whether it is settled by now. */
export async function isPending(promise: unknown): Promise<boolean> {
  const pending = Symbol('pending');
  await settle();
  return (await Promise.race([promise, pending]).catch(() => undefined)) === pending;
}

/** What a promise ends with, the reason of a rejection included. */
export function outcome(promise: unknown): Promise<unknown> {
  return Promise.resolve(promise).catch((error: unknown) => error);
}

export interface Call<A, R> {
  readonly asked: A;
  readonly answer: (result: R | Error) => void;
}

/** A function whose calls the test answers, one by one. */
export function answered<A extends readonly unknown[], R>() {
  const calls: Call<A, R>[] = [];
  const call = (...asked: A) =>
    new Promise<R>((resolve, reject) => {
      calls.push({
        asked,
        answer: (result) => (result instanceof Error ? reject(result) : resolve(result)),
      });
    });
  return { call, calls };
}

export interface Signer {
  readonly key: KeyObject;
  readonly jwk: Readonly<Record<string, unknown>>;
}

/** A key pair with its public JWK, to which members may be added. */
export function signer(kind: 'RSA' | 'P-256' | 'P-384' | 'P-521', members: object = {}): Signer {
  const { privateKey, publicKey } =
    kind === 'RSA'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: kind });
  return { key: privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), ...members } };
}

export interface Served {
  readonly origin: string;
  close(): Promise<void>;
}

/** A server on the loopback. */
export async function serve(listener: RequestListener, port = 0): Promise<Served> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
