/** Usage plans behind the built function: what a client sees over HTTP. */
import { beforeAll, describe, expect, it } from 'vitest';
import { planOfKeyIn } from '../../bin/local/plan-of-key.ts';
import type { NewCredential } from '../../lambda/consumers/store.ts';
import { type Api, startApi } from '../support/gateway.ts';
import { OK, UNAUTHORIZED } from './answers.ts';
import { expectValue, startTable, type TestTable } from './table.ts';
import { bearer, SECRET, token } from './tokens.ts';

const FORBIDDEN = { status: 403, body: '{"message":"Forbidden","code":"api_key_invalid"}' };
const TOO_MANY = { status: 429, body: '{"message":"Too Many Requests","code":"throttled"}' };
const EXCEEDED = { status: 429, body: '{"message":"Limit Exceeded","code":"quota_exceeded"}' };
const POLICY = { secretOrPublicKey: SECRET, algorithms: ['HS256'] };
const PLANS = {
  gold: { rateLimit: 1, burstLimit: 2 },
  trial: { quota: { limit: 2, period: 'DAY' } },
};

const clock = { nowMs: Date.now() };
let table: TestTable;
let api: Api;
let count = 0;

async function start(options: object = {}): Promise<Api> {
  const file = { jwt: POLICY, plans: PLANS, authorizerCacheSeconds: 300, credentialCacheSeconds: 0 };
  return startApi(
    { ...file, ...options },
    { table, now: () => clock.nowMs, planOfKey: planOfKeyIn(table.store) },
  );
}

/** @returns what asks with a token of a credential of its own. */
async function callerWith(fields: Partial<NewCredential>) {
  count += 1;
  const keyId = `k${count}`;
  expectValue(await table.store.createCredential({ consumerId: 'ann', keyId, ...fields }));
  const held = bearer(token({ sub: keyId }));
  return { keyId, ask: (path = '/', to = api) => to.send(path, held) };
}

beforeAll(async () => {
  table = await startTable({ plans: [...Object.keys(PLANS), 'former'] });
  await table.store.createUser({ username: 'ann' });
  api = await start();
});

describe('with plans', () => {
  it('a credential needs one, whatever its token says', async () => {
    const without = await (await callerWith({})).ask();
    expect(without).toMatchObject(FORBIDDEN);
    expect(without.headers['x-amzn-errortype']).toBe('ForbiddenException');
    expect(without.record.reason).toBe('api_key_missing');
    expect(await (await callerWith({ plan: 'gold' })).ask()).toMatchObject(OK);
    expect(await api.send('/', {})).toMatchObject(UNAUTHORIZED);
  });

  it('a client’s own x-api-key counts for nothing', async () => {
    const { keyId } = await callerWith({ plan: 'gold' });
    const { apiKey } = expectValue(await table.store.getCredential(keyId));
    const other = await callerWith({});
    const { headers } = bearer(token({ sub: other.keyId }));
    expect(await api.send('/', { headers: { ...headers, 'x-api-key': apiKey } })).toMatchObject(FORBIDDEN);
  });

  it('an API key that nobody made, or of a plan that is gone, lets nobody in', async () => {
    const unknown = await (await callerWith({ apiKey: 'nobody-made-this-api-key' })).ask();
    expect(unknown).toMatchObject({ ...FORBIDDEN, record: { reason: 'api_key_unknown' } });
    expect(await (await callerWith({ plan: 'former' })).ask()).toMatchObject(FORBIDDEN);
  });

  it('rate and burst hold for the key, from the authorizer’s cache too', async () => {
    const { ask } = await callerWith({ plan: 'gold' });
    const { ask: other } = await callerWith({ plan: 'gold' });
    expect(await ask()).toMatchObject(OK);
    const invocations = api.invocations();
    expect(await ask()).toMatchObject({ ...OK, record: { cache: 'hit' } });
    const refused = await ask();
    expect(refused).toMatchObject({ ...TOO_MANY, record: { reason: 'plan_throttled' } });
    expect(refused.headers['x-amzn-errortype']).toBe('TooManyRequestsException');
    expect(api.invocations()).toBe(invocations);
    expect(await other()).toMatchObject(OK);
    clock.nowMs += 1_000;
    expect(await ask()).toMatchObject(OK);
    expect(await ask()).toMatchObject(TOO_MANY);
  });

  it('a quota holds', async () => {
    const { ask } = await callerWith({ plan: 'trial' });
    expect(await ask()).toMatchObject(OK);
    expect(await ask()).toMatchObject(OK);
    const refused = await ask();
    expect(refused).toMatchObject({ ...EXCEEDED, record: { reason: 'plan_quota_exceeded' } });
    expect(refused.headers['x-amzn-errortype']).toBe('LimitExceededException');
  });

  it('what is refused never reaches the upstream', async () => {
    const seen = api.seen.length;
    const { ask } = await callerWith({});
    await ask();
    expect(api.seen.length).toBe(seen);
  });

  it('the answer does not tell the API key', async () => {
    const { ask, keyId } = await callerWith({ plan: 'gold' });
    const answer = await ask();
    const { apiKey = '?' } = expectValue(await table.store.getCredential(keyId));
    expect(JSON.stringify([answer, api.seen.at(-1)])).not.toContain(apiKey);
  });

  it('preflights need neither token nor key', async () => {
    const withCors = await start({ cors: true });
    const preflight = await withCors.send('/', {
      method: 'OPTIONS',
      headers: { origin: 'https://a.example' },
    });
    expect(preflight.status).toBe(204);
  });

  it('a deleted credential is a 401, not a 403, once nothing is remembered of it', async () => {
    const { ask, keyId } = await callerWith({ plan: 'gold' });
    expect(await ask()).toMatchObject(OK);
    await table.store.deleteCredential(keyId);
    api.flushAuthorizerCache();
    expect(await ask()).toMatchObject(UNAUTHORIZED);
  });
});

it('without plans no key is asked for', async () => {
  const open = await startApi({ jwt: POLICY }, { table });
  expect(await (await callerWith({})).ask('/', open)).toMatchObject(OK);
});
