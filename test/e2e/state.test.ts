import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConsumerStore } from '../../lambda/consumers/store.ts';
import { type Answer, type Api, startApi, takeFunctionLog } from '../support/gateway.ts';
import { OK, UNAUTHORIZED } from './answers.ts';
import { expectValue, startTable, type TestTable } from './table.ts';
import { bearer, SECRET, token } from './tokens.ts';

const POLICY = { secretOrPublicKey: SECRET, algorithms: ['HS256'] };

let table: TestTable;
let store: ConsumerStore;
let count = 0;

/** A user of its own with an application, and a credential of each. */
interface Family {
  readonly userId: string;
  readonly appId: string;
  readonly ofUser: string;
  readonly ofApp: string;
}

async function makeFamily(): Promise<Family> {
  count += 1;
  const { id: userId } = expectValue(await store.createUser({ username: `user-${count}` }));
  const { id: appId } = expectValue(await store.createApplication({ userId, name: `app-${count}` }));
  const [ofUser, ofApp] = [`of-user-${count}`, `of-app-${count}`];
  expectValue(await store.createCredential({ consumerId: userId, keyId: ofUser }));
  expectValue(await store.createCredential({ consumerId: appId, keyId: ofApp }));
  return { userId, appId, ofUser, ofApp };
}

/** What can be switched off, with the credential that goes with it, and the code in the log. */
const SWITCHES = [
  {
    name: 'the credential',
    set: ({ ofUser }: Family, isActive: boolean) => store.setCredentialActive(ofUser, isActive),
    keyId: ({ ofUser }: Family) => ofUser,
    code: 'credential_inactive',
  },
  {
    name: 'the user',
    set: ({ userId }: Family, isActive: boolean) => store.setUserActive(userId, isActive),
    keyId: ({ ofUser }: Family) => ofUser,
    code: 'consumer_inactive',
  },
  {
    name: 'the application',
    set: ({ appId }: Family, isActive: boolean) => store.setApplicationActive(appId, isActive),
    keyId: ({ ofApp }: Family) => ofApp,
    code: 'consumer_inactive',
  },
  {
    name: "the application's owner",
    set: ({ userId }: Family, isActive: boolean) => store.setUserActive(userId, isActive),
    keyId: ({ ofApp }: Family) => ofApp,
    code: 'consumer_inactive',
  },
];

beforeAll(async () => {
  table = await startTable();
  ({ store } = table);
});

describe.each(SWITCHES)('when $name is deactivated', ({ set, keyId, code }) => {
  let family: Family;
  let call: (to: Api) => Promise<Answer>;

  beforeEach(async () => {
    family = await makeFamily();
    const held = bearer(token({ sub: keyId(family) }));
    call = (to) => to.send('/', held);
  });

  it('its tokens are denied at once without caches, and accepted again when it is active', async () => {
    const api = await startApi(
      { jwt: POLICY, credentialCacheSeconds: 0, authorizerCacheSeconds: 0 },
      { table },
    );
    expect(await call(api)).toMatchObject(OK);
    expectValue(await set(family, false));
    takeFunctionLog();
    expect(await call(api)).toMatchObject(UNAUTHORIZED);
    expect(takeFunctionLog()).toMatchObject([{ code }]);
    expectValue(await set(family, true));
    expect(await call(api)).toMatchObject(OK);
  });

  it("the gateway's answer lasts until its time passes, and no longer", async () => {
    let nowMs = Date.now();
    const file = { jwt: POLICY, credentialCacheSeconds: 0, authorizerCacheSeconds: 120 };
    const api = await startApi(file, { table, now: () => nowMs });
    expect((await call(api)).record.cache).toBe('miss');
    expectValue(await set(family, false));
    nowMs += 119_999;
    const cached = await call(api);
    expect(cached).toMatchObject(OK);
    expect(cached.record.cache).toBe('hit');
    nowMs += 1;
    expect(await call(api)).toMatchObject(UNAUTHORIZED);
  });

  it('a flush of the authorizer cache ends that answer', async () => {
    const file = { jwt: POLICY, credentialCacheSeconds: 0, authorizerCacheSeconds: 3600 };
    const api = await startApi(file, { table });
    expect(await call(api)).toMatchObject(OK);
    expectValue(await set(family, false));
    expect(await call(api)).toMatchObject(OK);
    api.flushAuthorizerCache();
    expect(await call(api)).toMatchObject(UNAUTHORIZED);
  });

  it('a warm function remembers it as active for credentialCacheSeconds, a fresh one does not', async () => {
    const file = { jwt: POLICY, credentialCacheSeconds: 3600, authorizerCacheSeconds: 0 };
    const warm = await startApi(file, { table });
    expect(await call(warm)).toMatchObject(OK);
    expectValue(await set(family, false));
    expect(await call(warm)).toMatchObject(OK);
    expect(await call(await startApi(file, { table }))).toMatchObject(UNAUTHORIZED);
  });
});

describe('credentialCacheSeconds', () => {
  it('is over when its seconds are', async () => {
    const { userId, ofUser } = await makeFamily();
    const api = await startApi(
      { jwt: POLICY, credentialCacheSeconds: 1, authorizerCacheSeconds: 0 },
      { table },
    );
    const call = () => api.send('/', bearer(token({ sub: ofUser })));
    const before = Date.now();
    expect(await call()).toMatchObject(OK);
    expectValue(await store.setUserActive(userId, false));
    if (Date.now() - before < 900) expect(await call()).toMatchObject(OK);
    await new Promise((resolve) => setTimeout(resolve, 1_005));
    expect(await call()).toMatchObject(UNAUTHORIZED);
  });
});

describe('an application that keeps its own state', () => {
  it('stays inactive when its user comes back', async () => {
    const { userId, appId, ofApp } = await makeFamily();
    const file = { jwt: POLICY, credentialCacheSeconds: 0, authorizerCacheSeconds: 0 };
    const api = await startApi(file, { table });
    const call = () => api.send('/', bearer(token({ sub: ofApp })));
    expectValue(await store.setApplicationActive(appId, false));
    expectValue(await store.setUserActive(userId, false));
    expectValue(await store.setUserActive(userId, true));
    expect(await call()).toMatchObject(UNAUTHORIZED);
    expectValue(await store.setApplicationActive(appId, true));
    expect(await call()).toMatchObject(OK);
  });
});
