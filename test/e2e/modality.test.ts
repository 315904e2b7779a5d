import { beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Seen, startApi } from '../support/gateway.ts';
import { OK, UNAUTHORIZED } from './answers.ts';
import { expectValue, startTable, type TestTable } from './table.ts';
import { bearer, SECRET, token } from './tokens.ts';

/** The closed list, as docs/answers.md has it. */
const NAMES = [
  'x-authorizer-consumer-id',
  'x-authorizer-consumer-type',
  'x-authorizer-username',
  'x-authorizer-credential-id',
  'x-authorizer-scopes',
  'x-authorizer-principal-id',
  'x-authorizer-claims',
] as const;

const POLICY = { secretOrPublicKey: SECRET, algorithms: ['HS256'] };

function headersOf(seen: Seen | undefined): Record<string, unknown> {
  return Object.fromEntries(NAMES.map((name) => [name, seen?.headers[name]]));
}

function claimsIn(seen: Seen | undefined): unknown {
  return JSON.parse(Buffer.from(String(seen?.headers['x-authorizer-claims']), 'base64url').toString());
}

describe('the controlled modality', () => {
  let table: TestTable;
  let api: Api;
  let userId: string;
  let appId: string;

  beforeAll(async () => {
    table = await startTable();
    const { store } = table;
    expectValue(await store.createScopes(['orders:read', 'orders:write']));
    userId = expectValue(await store.createUser({ username: 'ann' })).id;
    appId = expectValue(await store.createApplication({ userId, name: 'till' })).id;
    const scopes = ['orders:read', 'orders:write'];
    expectValue(await store.createCredential({ consumerId: 'ann', keyId: 'ann-1', scopes }));
    expectValue(await store.createCredential({ consumerId: appId, keyId: 'till-1' }));
    api = await startApi({ jwt: POLICY, authorizerCacheSeconds: 0 }, { table });
  });

  it("tells the upstream a user's consumer and the claims", async () => {
    const mine = token({ sub: 'ann-1', jti: 'one', nested: { deep: ['é', 1] } });
    expect(await api.send('/', bearer(mine))).toMatchObject(OK);
    const seen = api.seen.at(-1);
    expect(headersOf(seen)).toMatchObject({
      'x-authorizer-consumer-id': userId,
      'x-authorizer-consumer-type': 'user',
      'x-authorizer-username': 'ann',
      'x-authorizer-credential-id': 'ann-1',
      'x-authorizer-scopes': 'orders:read orders:write',
      'x-authorizer-principal-id': userId,
    });
    expect(claimsIn(seen)).toMatchObject({ sub: 'ann-1', jti: 'one', nested: { deep: ['é', 1] } });
  });

  it("tells the upstream an application, with its owner's name", async () => {
    expect(await api.send('/', bearer(token({ sub: 'till-1' })))).toMatchObject(OK);
    expect(headersOf(api.seen.at(-1))).toMatchObject({
      'x-authorizer-consumer-id': appId,
      'x-authorizer-consumer-type': 'application',
      'x-authorizer-username': 'ann',
      'x-authorizer-credential-id': 'till-1',
      'x-authorizer-scopes': '-',
      'x-authorizer-principal-id': appId,
    });
  });

  it('denies a verified token whose subject is no credential', async () => {
    for (const sub of ['ann', userId, 'ANN-1', 'ann-1 ', '', 'key#ann-1'])
      expect(await api.send('/', bearer(token({ sub }))), sub).toMatchObject(UNAUTHORIZED);
  });

  it('accepts a credential the moment it is made, though it was unknown just before', async () => {
    const mine = token({ sub: 'made-later' });
    expect(await api.send('/', bearer(mine))).toMatchObject(UNAUTHORIZED);
    expectValue(await table.store.createCredential({ consumerId: 'ann', keyId: 'made-later' }));
    expect(await api.send('/', bearer(mine))).toMatchObject(OK);
  });
});

describe('the uncontrolled modality', () => {
  it('tells the upstream the claims, and as the principal their subject', async () => {
    const jwt = { ...POLICY, checkCredentialExistence: false, scopeClaim: 'scope' };
    const api = await startApi({ jwt });
    const mine = token({ sub: 'who ever\u00e9\u0007', scope: 'a b', iss: 'x' });
    expect(await api.send('/', bearer(mine))).toMatchObject(OK);
    const seen = api.seen.at(-1);
    expect(headersOf(seen)).toMatchObject({
      'x-authorizer-consumer-id': '-',
      'x-authorizer-consumer-type': '-',
      'x-authorizer-username': '-',
      'x-authorizer-credential-id': '-',
      'x-authorizer-scopes': 'a b',
      'x-authorizer-principal-id': 'who ever%C3%A9%EF%BF%BD',
    });
    expect(claimsIn(seen)).toMatchObject({ sub: 'who ever\u00e9\u0007', scope: 'a b', iss: 'x' });
  });

  it('lets claims stand for none of our headers', async () => {
    const jwt = { ...POLICY, checkCredentialExistence: false };
    const api = await startApi({ jwt });
    const claims = {
      consumerId: 'root',
      username: 'root',
      credentialId: 'root',
      scopes: 'all',
      USERNAME: 'r',
    };
    expect(await api.send('/', bearer(token({ ...claims, sub: undefined })))).toMatchObject(OK);
    expect(headersOf(api.seen.at(-1))).toMatchObject({
      'x-authorizer-consumer-id': '-',
      'x-authorizer-username': '-',
      'x-authorizer-credential-id': '-',
      'x-authorizer-scopes': '-',
      'x-authorizer-principal-id': 'anonymous',
    });
  });
});

describe('an anonymous caller', () => {
  it('has every header, with nothing in it, and the principal `anonymous`', async () => {
    const api = await startApi({ jwt: { ...POLICY, checkCredentialExistence: false, passThrough: true } });
    expect(await api.send('/')).toMatchObject(OK);
    const nothing = Object.fromEntries(NAMES.map((name) => [name, '-']));
    expect(headersOf(api.seen.at(-1))).toEqual({ ...nothing, 'x-authorizer-principal-id': 'anonymous' });
  });
});

describe("a client's own headers of our names", () => {
  const spellings = (name: string) => [
    name,
    name.toUpperCase(),
    name.replaceAll('-', '_'),
    name.replace('-', '_'),
    name.replaceAll('-', '.'),
  ];
  const forged = NAMES.flatMap(spellings).flatMap((name) => [name, 'forged']);

  it.each([
    { modality: 'uncontrolled', passThrough: false, sub: 'me' },
    { modality: 'anonymous', passThrough: true, sub: undefined },
  ])('never reach the upstream ($modality)', async ({ passThrough, sub }) => {
    const api = await startApi({ jwt: { ...POLICY, checkCredentialExistence: false, passThrough } });
    const mine = sub === undefined ? [] : ['Authorization', `Bearer ${token({ sub })}`];
    expect(await api.send('/', { headers: [...forged, ...mine] })).toMatchObject(OK);
    const seen = api.seen.at(-1);
    expect(JSON.stringify(seen)).not.toContain('forged');
    const ours = seen?.names.filter((name) => /^x.authorizer/i.test(name)) ?? [];
    expect([...ours].sort()).toEqual([...NAMES].sort());
  });

  it('cannot take ours away by naming them hop-by-hop', async () => {
    const api = await startApi({ jwt: { ...POLICY, checkCredentialExistence: false } });
    const headers = ['Connection', NAMES.join(', '), 'Authorization', `Bearer ${token({ sub: 'me' })}`];
    expect(await api.send('/', { headers })).toMatchObject(OK);
    expect(headersOf(api.seen.at(-1))).toMatchObject({ 'x-authorizer-principal-id': 'me' });
    for (const value of Object.values(headersOf(api.seen.at(-1)))) expect(value).toBeTypeOf('string');
  });
});
