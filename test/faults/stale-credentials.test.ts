/** `staleCredentialSeconds` from end to end: the built function, a table behind a door that fails. */
import { beforeAll, describe, expect, test } from 'vitest';
import { expectValue, startTable, type TestTable } from '../e2e/table.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { closeAtEnd } from '../support/gateway.ts';
import { OTHER_SECRET, SECRET, SECRET_TEXT, tokenOf } from '../support/tokens.ts';
import { type FunctionProcess, startFunction } from './function-process.ts';

const STALE_SECONDS = 600;
/** The longest pause after which the table is asked again. */
const PAUSE_MS = 10_000;
const exp = 4_000_000_000;
const known = tokenOf({ sub: 'ann-1', exp }, { key: SECRET });
const forged = tokenOf({ sub: 'ann-1', exp }, { key: OTHER_SECRET });
const expired = tokenOf({ sub: 'ann-1', exp: 1 }, { key: SECRET });
const neverSeen = tokenOf({ sub: 'bob-1', exp }, { key: SECRET });

const POLICIES = {
  'one key for all': {
    jwt: { secretOrPublicKey: SECRET_TEXT, algorithms: ['HS256'] },
    forged: 'unauthorized',
  },
  credentialKey: { jwt: { credentialKey: true, algorithms: ['HS256'] }, forged: 'unavailable' },
};
const SILENT = { connection: (socket: { resume(): unknown }) => void socket.resume() };

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
  for (const name of ['ann', 'bob']) {
    expectValue(await table.store.createUser({ username: name }));
    expectValue(
      await table.store.createCredential({ consumerId: name, keyId: `${name}-1`, keySecret: SECRET_TEXT }),
    );
  }
});

async function start(jwt: object, more: object): Promise<{ door: FaultProxy; lambda: FunctionProcess }> {
  const door = closeAtEnd(await startFaultProxy(table.endpoint));
  const config = { jwt, credentialCacheSeconds: 0, ...more };
  const lambda = await startFunction(config, {
    CREDENTIALS_TABLE: table.tableName,
    AWS_ENDPOINT_URL_DYNAMODB: `http://localhost:${door.port}`,
  });
  closeAtEnd(lambda);
  await expect.poll(async () => (await lambda.invoke(known)).verdict, { timeout: 20_000 }).toBe('allow');
  return { door, lambda };
}

describe.each(Object.entries(POLICIES))('with %s', (_, { jwt, forged: verdictOfForged }) => {
  test('who was known is let in through an outage, nobody else is, and nobody is denied for it', async () => {
    const { door, lambda } = await start(jwt, { staleCredentialSeconds: STALE_SECONDS });
    const verdictOf = async (token: string) => (await lambda.invoke(token)).verdict;
    await lambda.takeLog();

    await door.set({ isClosed: true });
    expect(await verdictOf(known)).toBe('allow');
    expect(await verdictOf(neverSeen)).toBe('unavailable');
    expect(await verdictOf(forged)).toBe(verdictOfForged);
    expect(await verdictOf(expired)).toBe('unauthorized');
    const log = (await lambda.takeLog()).join('\n');
    expect(log).toContain('"message":"stale_credentials"');
    for (const text of [known, neverSeen, SECRET_TEXT, 'ann-1']) expect(log).not.toContain(text);

    await door.set(undefined);
    expectValue(await table.store.setCredentialActive('ann-1', false));
    await lambda.set({ offsetMs: PAUSE_MS });
    expect(await verdictOf(known)).toBe('unauthorized');
    expect(`${log}${await lambda.takeLog()}`).toMatch(/"CredentialLookup_stale":\d/);
    // What was denied by the table is not let in by an outage, nor denied by it.
    await door.set({ isClosed: true });
    expect(await verdictOf(known)).toBe('unavailable');
    await door.set(undefined);
    expectValue(await table.store.setCredentialActive('ann-1', true));
    expect(await verdictOf(known)).toBe('allow');

    await door.set({ isClosed: true });
    await lambda.set({ offsetMs: PAUSE_MS + STALE_SECONDS * 1000 });
    expect(await verdictOf(known)).toBe('unavailable');
  });

  test('a silent table holds nobody up who is known', async () => {
    const { door, lambda } = await start(jwt, { staleCredentialSeconds: STALE_SECONDS });
    await door.set(SILENT);
    const first = await lambda.invoke(known);
    expect(first.verdict).toBe('allow');
    expect(first.tookMs).toBeLessThan(5_000);
    const second = await lambda.invoke(known);
    expect(second.verdict).toBe('allow');
    expect(second.tookMs).toBeLessThan(500);
  });

  test('without it an outage is one', async () => {
    const { door, lambda } = await start(jwt, {});
    await door.set({ isClosed: true });
    expect((await lambda.invoke(known)).verdict).toBe('unavailable');
  });
});

test('of revocations alone, with nothing else to look up, an outage is bridged and told of too', async () => {
  const jwt = { ...POLICIES['one key for all'].jwt, checkCredentialExistence: false, tokenRevocation: true };
  const { door, lambda } = await start(jwt, { staleCredentialSeconds: STALE_SECONDS });
  await lambda.takeLog();
  await door.set({ isClosed: true });
  for (const token of [known, neverSeen]) expect((await lambda.invoke(token)).verdict).toBe('allow');
  const log = (await lambda.takeLog()).join('\n');
  expect(log).toContain('"message":"stale_credentials"');
  await door.set(undefined);
  await lambda.set({ offsetMs: PAUSE_MS });
  expect((await lambda.invoke(known)).verdict).toBe('allow');
  expect(`${log}${await lambda.takeLog()}`).toMatch(/"CredentialLookup_stale":\d/);
});
