import { connect, createServer, type Server } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { closeAtEnd, startApi, takeFunctionLog } from '../support/gateway.ts';
import { AUTHORIZER_ERROR, OK, UNAUTHORIZED } from './answers.ts';
import { closedPort } from './policy-lists.ts';
import { expectValue, startTable, type TestTable } from './table.ts';
import { bearer, SECRET, token } from './tokens.ts';

const POLICY = { secretOrPublicKey: SECRET, algorithms: ['HS256'] };
const UNCONTROLLED = { ...POLICY, checkCredentialExistence: false };

/** A table behind a door: one process of functions, so one endpoint for all of them. */
let table: TestTable;
let door: Server;
let doorPort: number;
const open = () => new Promise<void>((resolve) => door.listen(doorPort, '127.0.0.1', resolve));

beforeAll(async () => {
  const real = await startTable();
  expectValue(await real.store.createUser({ username: 'ann' }));
  expectValue(await real.store.createCredential({ consumerId: 'ann', keyId: 'ann-1' }));
  const endpoint = await closedPort();
  doorPort = Number(new URL(endpoint).port);
  door = createServer((socket) => {
    const inner = connect(Number(new URL(real.endpoint).port), '127.0.0.1');
    socket.on('error', () => inner.destroy()).pipe(inner);
    inner.on('error', () => socket.destroy()).pipe(socket);
  });
  table = { ...real, endpoint };
});

describe('a table that cannot be reached', () => {
  const mine = bearer(token({ sub: 'ann-1' }));

  it('is a 500, and one line that says so without a word of the request', async () => {
    const api = await startApi({ jwt: POLICY }, { table });
    takeFunctionLog();
    const answer = await api.send('/', mine);
    expect(answer).toMatchObject(AUTHORIZER_ERROR);
    expect(answer.record).toMatchObject({ status: 500, reason: 'function_threw' });
    const lines = takeFunctionLog();
    expect(lines).toMatchObject([{ level: 'error', message: 'unavailable', reason: 'StoreUnavailable' }]);
    for (const text of ['ann-1', SECRET]) expect(JSON.stringify(lines)).not.toContain(text);
    expect(api.seen).toEqual([]);
  });

  it('is never asked for a token that is refused before', async () => {
    const api = await startApi({ jwt: POLICY }, { table });
    for (const bad of [token({ exp: 1 }), token({}, { secret: `${SECRET}.` }), 'x.y.z'])
      expect(await api.send('/', bearer(bad))).toMatchObject(UNAUTHORIZED);
  });

  it.each([
    { name: 'anonymous', jwt: { ...POLICY, passThrough: true } },
    { name: 'the next policy', jwt: [{ ...POLICY, passThrough: true }, UNCONTROLLED] },
    { name: 'a 403', jwt: POLICY, more: { onDenial: 'policy' } },
  ])('is never turned into $name', async ({ jwt, more }) => {
    const api = await startApi({ jwt, ...more }, { table });
    expect(await api.send('/', mine)).toMatchObject(AUTHORIZER_ERROR);
    expect(api.seen).toEqual([]);
  });

  it('is not remembered once it is back', async () => {
    const api = await startApi({ jwt: POLICY }, { table });
    expect(await api.send('/', mine)).toMatchObject(AUTHORIZER_ERROR);
    await open();
    closeAtEnd({ close: async () => void door.close() });
    const answer = await api.send('/', mine);
    expect(answer).toMatchObject(OK);
    expect(answer.record.cache).toBe('miss');
  });
});
