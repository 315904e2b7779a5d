import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type FunctionLog, listenToFunctions } from '../../bin/local/function-log.ts';

const EVENT = {} as Parameters<ReturnType<FunctionLog['hear']>>[0];
const written: string[] = [];
let log: FunctionLog;

beforeEach(() => {
  written.length = 0;
  vi.spyOn(console, 'log').mockImplementation((line) => void written.push(String(line)));
  log = listenToFunctions();
});
afterEach(() => {
  log.close();
  vi.restoreAllMocks();
});

const say = (line: unknown) =>
  // biome-ignore lint/suspicious/noConsole: as the function does
  console.log(typeof line === 'string' ? line : JSON.stringify(line));

it('an error says why, and its message stays what API Gateway goes by', async () => {
  const invoke = log.hear(async () => {
    say({ level: 'info', message: 'denied', code: 'token_expired' });
    throw new Error('Unauthorized');
  });
  await expect(invoke(EVENT)).rejects.toMatchObject({ message: 'Unauthorized', code: 'token_expired' });
  expect(written).toHaveLength(1);
});

it('an outage says its reason', async () => {
  const invoke = log.hear(async () => {
    say({ level: 'error', message: 'unavailable', reason: 'KeyUnavailable' });
    throw new Error('the authorizer is unavailable; see its log');
  });
  await expect(invoke(EVENT)).rejects.toMatchObject({ code: 'KeyUnavailable' });
});

it.each([
  ['key_refresh_failed', 'KeyUnavailable'],
  ['stale_credentials', 'StoreUnavailable'],
])('what is told beside a refusal (%s) is not why', async (message, reason) => {
  const invoke = log.hear(async () => {
    say({ level: 'warn', message, reason });
    say({ level: 'warn', message: 'denied', code: 'signature_invalid' });
    throw new Error('Unauthorized');
  });
  await expect(invoke(EVENT)).rejects.toMatchObject({ code: 'signature_invalid' });
});

it('invocations at the same time are kept apart', async () => {
  const invoke = log.hear(async (event) => {
    const { code, ms } = event as unknown as { code: string; ms: number };
    await new Promise((resolve) => setTimeout(resolve, ms));
    say({ message: 'denied', code });
    await new Promise((resolve) => setTimeout(resolve, 5));
    throw new Error('Unauthorized');
  });
  const ask = (code: string, ms: number) => invoke({ code, ms } as unknown as typeof EVENT);
  const results = await Promise.allSettled([ask('first', 4), ask('second', 1), ask('third', 2)]);
  expect(results.map((result) => (result.status === 'rejected' ? result.reason.code : ''))).toEqual([
    'first',
    'second',
    'third',
  ]);
});

it('what is no line about a refusal says nothing', async () => {
  const invoke = log.hear(async () => {
    say('not JSON');
    say('null');
    say({ message: 'denied', code: 7 });
    throw new Error('Unauthorized');
  });
  await expect(invoke(EVENT)).rejects.toMatchObject({ message: 'Unauthorized', code: undefined });
  expect(written).toHaveLength(3);
});

it('listens no more when it is closed', () => {
  log.close();
  say('after');
  expect(written).toEqual(['after']);
});
