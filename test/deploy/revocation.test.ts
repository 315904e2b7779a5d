/**
 * From a write in the deployed table to the flush call: the stream, its filter, the function, the queue, the function.
 *
 * The deployed function's calls of API Gateway go to a model of it here, whose first answer is a refusal, and
 * everything else to the emulator. What such a call does is asked of the emulator itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoDbClient } from '../../lambda/consumers/dynamodb-client.ts';
import { createDynamoDbStore } from '../../lambda/consumers/dynamodb-store.ts';
import { type ControlPlane, startControlPlane } from '../revocation/control-plane.ts';
import {
  apiIdOf,
  bearer,
  callAws,
  claims,
  endpoint,
  generatedSecretOf,
  outputsOf,
  request,
  signHs256,
} from './support.ts';

const stack = 'cached';
/** Of the configuration: C is 0 s, T 10 s. */
const AGAIN_MS = 11_000;
/** The stream's and the queue's windows, and a cold start. */
const DELIVERY_MS = 15_000;

const client = createDynamoDbClient({ endpoint });
const store = createDynamoDbStore({ client, tableName: outputsOf(stack)['CredentialsTableName'] ?? '' });
const stage = `${apiIdOf(stack)}/prod`;
let plane: ControlPlane;

beforeAll(async () => {
  const clock = {
    get nowMs() {
      return Date.now();
    },
  };
  plane = await startControlPlane(clock);
  await callApiGatewayAt(plane.url);
});
afterAll(async () => {
  client.destroy();
  await plane.close();
});

const statusOf = async (token: string) => (await request(stack, '/', bearer(token))).status;

/** @returns after how many milliseconds. */
async function until(limitMs: number, isTrue: () => boolean): Promise<number> {
  const startedMs = Date.now();
  while (!isTrue()) {
    if (Date.now() - startedMs > limitMs) throw new Error(`not within ${limitMs} ms`);
    await sleep(100);
  }
  return Date.now() - startedMs;
}

describe('the deployed flush of API Gateway’s cache', () => {
  it('is not asked for by what is made, and twice by what is taken away, though the first call fails', async () => {
    await store.createUser({ username: 'greta' });
    await store.createCredential({ consumerId: 'greta', keyId: 'key-of-greta' });
    const token = signHs256(claims({ sub: 'key-of-greta' }), await generatedSecretOf(stack));
    expect(await statusOf(token)).toBe(200);
    await sleep(5_000);
    expect(plane.calls).toEqual([]);

    plane.behave(stage, 403, 202);
    const takenAtMs = Date.now();
    await store.setCredentialActive('key-of-greta', false);
    // What API Gateway keeps, it goes by: this is what the flush is for.
    expect(await statusOf(token)).toBe(200);
    await until(DELIVERY_MS, () => plane.flushed.length === 1);
    await until(AGAIN_MS + DELIVERY_MS, () => plane.flushed.length === 2);

    const path = `/restapis/${apiIdOf(stack)}/stages/prod/cache/authorizers`;
    expect(plane.calls).toEqual([403, 202, 202].map((status) => `DELETE ${path} ${status}`));
    const [first = 0, second = 0] = plane.flushed.map(({ atMs }) => atMs - takenAtMs);
    expect(second).toBeGreaterThanOrEqual(AGAIN_MS);
    process.stdout.write(`flushed ${first} ms and ${second} ms after the change\n`);
  }, 60_000);

  it('takes effect: what was kept is asked anew', async () => {
    await store.createUser({ username: 'hugo' });
    await store.createCredential({ consumerId: 'hugo', keyId: 'key-of-hugo' });
    const token = signHs256(claims({ sub: 'key-of-hugo' }), await generatedSecretOf(stack));
    expect(await statusOf(token)).toBe(200);
    await store.setCredentialActive('key-of-hugo', false);
    expect(await statusOf(token)).toBe(200);
    const path = `/restapis/${apiIdOf(stack)}/stages/prod/cache/authorizers`;
    await callAws('apigateway', { method: 'DELETE', path });
    expect(await statusOf(token)).toBe(401);
  });
});

/** Makes the deployed function's SDK talk to somebody else about API Gateway. */
async function callApiGatewayAt(url: string): Promise<void> {
  const { Functions } = (await callAws('lambda', { path: '/2015-03-31/functions' })) as {
    Functions: { FunctionName: string; Environment?: { Variables: Record<string, string> } }[];
  };
  const found = Functions.find(({ Environment }) => Environment?.Variables['FLUSH_STAGES'] === stage);
  if (found === undefined) throw new Error(`no function that flushes ${stage}`);
  const Variables = { ...found.Environment?.Variables, AWS_ENDPOINT_URL_API_GATEWAY: url };
  await callAws('lambda', {
    method: 'PUT',
    path: `/2015-03-31/functions/${found.FunctionName}/configuration`,
    body: { Environment: { Variables } },
  });
}
