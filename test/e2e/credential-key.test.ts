/** `credentialKey: true` over HTTP: tokens that each consumer signs with a key of its own. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Api, startApi, takeFunctionLog } from '../support/gateway.ts';
import { secretKey, tokenOf } from '../support/tokens.ts';
import { AUTHORIZER_ERROR, OK, UNAUTHORIZED } from './answers.ts';
import { closedPort } from './policy-lists.ts';
import { expectValue, startTable, type TestTable } from './table.ts';
import { bearer, nowSeconds } from './tokens.ts';

const FILE = { jwt: { credentialKey: true }, credentialCacheSeconds: 0, authorizerCacheSeconds: 0 };
const SECRET = 'the secret of one credential and of no other: 64 bytes, or some more of them';
const OTHER = 'a secret that no credential has, and with which somebody signs all the same!';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();

function signed(sub: string, key: KeyObject | string, algorithm = 'HS256') {
  const signer = typeof key === 'string' ? secretKey(key) : key;
  return bearer(tokenOf({ sub, exp: nowSeconds() + 600 }, { key: signer, algorithm }));
}

/** An answer without what no two have in common. */
function comparable({ status, body, headers }: Answer) {
  const { date: _, ...others } = headers;
  const names = Object.entries(others).filter(([name]) => !/^x-amzn?-?(?:requestid|trace)/i.test(name));
  return { status, body, headers: names };
}

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
  expectValue(await table.store.createUser({ username: 'ann' }));
});
const create = async (keyId: string, key: object = {}) =>
  expectValue(await table.store.createCredential({ consumerId: 'ann', keyId, ...key }));

describe('a credential', () => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi(FILE, { table });
  });

  it.each(['HS256', 'HS384', 'HS512'])('with a keySecret signs %s', async (algorithm) => {
    const keyId = `secret-${algorithm}`;
    await create(keyId, { keySecret: SECRET });
    expect(await api.send('/', signed(keyId, SECRET, algorithm))).toMatchObject(OK);
    expect(api.seen.at(-1)?.headers).toMatchObject({
      'x-authorizer-credential-id': keyId,
      'x-authorizer-username': 'ann',
    });
    expect(await api.send('/', signed(keyId, OTHER, algorithm))).toMatchObject(UNAUTHORIZED);
  });

  it('with a generated keySecret signs with what was shown', async () => {
    const { keySecret = '' } = await create('generated');
    expect(await api.send('/', signed('generated', keySecret, 'HS512'))).toMatchObject(OK);
  });

  it('with a publicKey signs with the private one, for its algorithm alone', async () => {
    await create('rsa', { publicKey: pem(rsa.publicKey), algorithm: 'RS256' });
    await create('ec', { publicKey: pem(ec.publicKey), algorithm: 'ES256' });
    expect(await api.send('/', signed('rsa', rsa.privateKey, 'RS256'))).toMatchObject(OK);
    expect(await api.send('/', signed('ec', ec.privateKey, 'ES256'))).toMatchObject(OK);
    const wrong = [
      signed('rsa', rsa.privateKey, 'RS384'),
      signed('rsa', rsa.privateKey, 'PS256'),
      signed('rsa', pem(rsa.publicKey)),
      signed('rsa', ec.privateKey, 'ES256'),
      signed('ec', rsa.privateKey, 'RS256'),
      signed('ec', pem(ec.publicKey)),
    ];
    for (const each of wrong) expect(await api.send('/', each)).toMatchObject(UNAUTHORIZED);
  });

  it('is rotated with an overlap, after which the former key ends', async () => {
    const { keySecret: first = '' } = await create('rotated');
    const rotate = async (overlapSeconds: number) =>
      expectValue(await table.store.rotateCredential('rotated', { overlapSeconds })).keySecret ?? '';
    const second = await rotate(600);
    expect(await api.send('/', signed('rotated', first))).toMatchObject(OK);
    expect(await api.send('/', signed('rotated', second))).toMatchObject(OK);
    const third = await rotate(0);
    for (const former of [first, second])
      expect(await api.send('/', signed('rotated', former))).toMatchObject(UNAUTHORIZED);
    expect(await api.send('/', signed('rotated', third))).toMatchObject(OK);
  });

  it('counts while it and its consumer are active, and there', async () => {
    await create('switched', { keySecret: SECRET });
    const call = () => api.send('/', signed('switched', SECRET));
    expectValue(await table.store.setCredentialActive('switched', false));
    expect(await call()).toMatchObject(UNAUTHORIZED);
    expectValue(await table.store.setCredentialActive('switched', true));
    expect(await call()).toMatchObject(OK);
    const { id } = expectValue(await table.store.getUser('ann'));
    expectValue(await table.store.setUserActive(id, false));
    expect(await call()).toMatchObject(UNAUTHORIZED);
    expectValue(await table.store.setUserActive(id, true));
    expect(await call()).toMatchObject(OK);
    expectValue(await table.store.deleteCredential('switched'));
    expect(await call()).toMatchObject(UNAUTHORIZED);
    const { keySecret = '' } = await create('switched');
    expect(await call()).toMatchObject(UNAUTHORIZED);
    expect(await api.send('/', signed('switched', keySecret))).toMatchObject(OK);
  });
});

describe.each(['unauthorized', 'policy'])('with onDenial: %s', (onDenial) => {
  it('nobody is told a credential that is not there from a wrong key, but by the log', async () => {
    const keyId = `there-${onDenial}`;
    await create(keyId, { keySecret: SECRET });
    const api = await startApi({ ...FILE, onDenial, authorizerCacheSeconds: 300 }, { table });
    takeFunctionLog();
    const wrong = await api.send('/', signed(keyId, OTHER));
    const unknown = await api.send('/', signed(`not-${keyId}`, OTHER));
    expect(wrong).toMatchObject(UNAUTHORIZED);
    expect(comparable(unknown)).toEqual(comparable(wrong));
    expect(takeFunctionLog()).toMatchObject([{ code: 'signature_invalid' }, { code: 'credential_unknown' }]);
    // Neither is kept: what is asked for again is decided again.
    const before = api.invocations();
    for (const sub of [keyId, `not-${keyId}`]) await api.send('/', signed(sub, OTHER));
    expect(api.invocations()).toBe(before + 2);
  });
});

describe('a table that cannot be reached', () => {
  it.each([
    { name: 'alone', jwt: { credentialKey: true } },
    { name: 'with passThrough', jwt: { credentialKey: true, passThrough: true } },
  ])('is a 500 ($name), and nothing is asked of it for a token that cannot be good', async ({ jwt }) => {
    const down = { ...table, endpoint: await closedPort() };
    const api = await startApi({ ...FILE, jwt }, { table: down });
    expect(await api.send('/', signed('any', SECRET))).toMatchObject(AUTHORIZER_ERROR);
    const expired = bearer(tokenOf({ sub: 'any', exp: nowSeconds() - 1 }));
    const refused = 'passThrough' in jwt ? OK : UNAUTHORIZED;
    for (const each of [expired, signed('no key id', SECRET), bearer('x.y.z')])
      expect(await api.send('/', each)).toMatchObject(refused);
  });
});
