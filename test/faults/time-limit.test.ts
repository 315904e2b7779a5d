/** A function that was given less time than its dependencies may take answers all the same, with its reason. */
import { expect, test } from 'vitest';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { closeAtEnd } from '../support/gateway.ts';
import { DEPENDENCIES } from './dependencies.ts';
import { startFunction } from './function-process.ts';

const LIMIT_MS = 2_000;

test.each(['DynamoDB, for credentials', 'a key set'])('%s', async (name) => {
  const dependency = DEPENDENCIES.find((one) => one.name === name);
  if (dependency === undefined) throw new Error(`no ${name}`);
  const { origin, settings } = await dependency.open();
  const door = closeAtEnd(await startFaultProxy(origin));
  const { config, environment, tokens } = settings(`http://localhost:${door.port}`);
  await door.set({ connection: (socket) => void socket.resume() });
  const started = closeAtEnd(await startFunction(config, environment));
  const { verdict, tookMs } = await started.invoke(tokens.valid, LIMIT_MS);
  expect(verdict).toBe('unavailable');
  expect(tookMs).toBeLessThan(LIMIT_MS - 200);
  const lines = (await started.takeLog()).map((line) => JSON.parse(line));
  expect(lines).toContainEqual(
    expect.objectContaining({ message: 'unavailable', reason: 'OutOfTime', requestId: 'request-1' }),
  );
  expect(lines).toContainEqual(expect.objectContaining({ Unavailable: 1, Unavailable_OutOfTime: 1 }));
});
