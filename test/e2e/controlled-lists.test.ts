import { beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../support/gateway.ts';
import { OK, UNAUTHORIZED } from './answers.ts';
import { expectValue, startTable, type TestTable } from './table.ts';
import { bearer, OTHER_SECRET, SECRET, token } from './tokens.ts';

const A = { issuer: 'https://a/', secretOrPublicKey: SECRET, algorithms: ['HS256'] };
const B = { issuer: 'https://b/', secretOrPublicKey: OTHER_SECRET, algorithms: ['HS256'] };
const byA = (sub: string) => bearer(token({ iss: A.issuer, sub }));
const byB = (sub: string) => bearer(token({ iss: B.issuer, sub }, { secret: OTHER_SECRET }));

describe('several controlled policies', () => {
  let table: TestTable;

  beforeAll(async () => {
    table = await startTable();
    expectValue(await table.store.createUser({ username: 'ann' }));
    const common = { consumerId: 'ann' };
    expectValue(await table.store.createCredential({ ...common, keyId: 'of-a', issuer: A.issuer }));
    expectValue(await table.store.createCredential({ ...common, keyId: 'of-b', issuer: B.issuer }));
    expectValue(await table.store.createCredential({ ...common, keyId: 'of-none' }));
  });

  it.each([false, true])(
    'take a credential from its own issuer only (passThrough %s)',
    async (passThrough) => {
      const jwt = [{ ...A, passThrough }, B];
      const api = await startApi({ jwt }, { table });
      expect(await api.send('/', byA('of-a'))).toMatchObject(OK);
      expect(await api.send('/', byB('of-b'))).toMatchObject(OK);
      for (const foreign of [byA('of-b'), byB('of-a'), byA('of-none'), byB('of-none')])
        expect(await api.send('/', foreign)).toMatchObject(UNAUTHORIZED);
      expect(api.seen).toHaveLength(2);
    },
  );

  it('keep the credentials of one apart from tokens that only another policy vouches for', async () => {
    const api = await startApi({ jwt: [A, { ...B, checkCredentialExistence: false }] }, { table });
    expect(await api.send('/', byA('of-a'))).toMatchObject(OK);
    expect(await api.send('/', byB('of-a'))).toMatchObject(OK);
    const [controlled, uncontrolled] = api.seen;
    expect(controlled?.headers['x-authorizer-credential-id']).toBe('of-a');
    expect(uncontrolled?.headers['x-authorizer-credential-id']).toBe('-');
    expect(uncontrolled?.headers['x-authorizer-principal-id']).toBe('https://b/|of-a');
  });

  it('do not let an uncontrolled policy accept what a controlled one refused', async () => {
    const lenient = { secretOrPublicKey: SECRET, algorithms: ['HS256'], checkCredentialExistence: false };
    const api = await startApi({ jwt: [{ ...A, passThrough: true }, lenient] }, { table });
    expect(await api.send('/', byA('nobody'))).toMatchObject(UNAUTHORIZED);
    expect(await api.send('/', bearer(token({ sub: 'nobody' })))).toMatchObject(OK);
  });
});
