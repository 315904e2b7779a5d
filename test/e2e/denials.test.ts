import { beforeAll, describe, expect, it } from 'vitest';
import { DENIALS } from '../../lambda/authorizer/denial.ts';
import { type Api, type ConfigFile, startApi, takeFunctionLog } from '../support/gateway.ts';
import { deniedFor, OK, UNAUTHORIZED } from './answers.ts';
import { fileOf, fill, isForbidden, ROWS } from './denial-rows.ts';
import { startTable, type TestTable } from './table.ts';
import { bearer, SECRET, token } from './tokens.ts';

describe.each(['unauthorized', 'policy'] as const)('a denial with onDenial: %s', (onDenial) => {
  let table: TestTable;
  const apis = new Map<ConfigFile | undefined, Promise<Api>>();

  beforeAll(async () => {
    table = await startTable();
    await fill(table);
  });

  const apiFor = (jwt: ConfigFile | undefined): Promise<Api> => {
    const api = apis.get(jwt) ?? startApi(fileOf(jwt, onDenial), { table });
    apis.set(jwt, api);
    return api;
  };

  it.each(ROWS)('$code ($name): $kind', async ({ code, kind, jwt, send }) => {
    const api = await apiFor(jwt);
    const { path = '/elsewhere', headers = [] } = send();
    takeFunctionLog();
    const answer = await api.send(path, { headers });
    expect(answer).toMatchObject(isForbidden(kind, onDenial) ? deniedFor(code) : UNAUTHORIZED);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(takeFunctionLog()).toMatchObject([{ message: 'denied', code, level: DENIALS[code].level }]);
    expect(api.seen).toEqual([]);
  });
});

describe('the catalogue of denials', () => {
  it('has a row here for every code that is in use', () => {
    expect([...new Set(ROWS.map(({ code }) => code))].sort()).toEqual(Object.keys(DENIALS).sort());
  });
});

describe('what a denial writes', () => {
  it('holds nothing of the token, the secret or the request text', async () => {
    const jwt = { secretOrPublicKey: SECRET, checkCredentialExistence: false, scopeClaim: 'scope' };
    const api = await startApi({ jwt, routes: [{ paths: ['/orders'], scopes: ['w'] }] });
    const secretive = token({ sub: 'subject-4711', exp: 1 });
    takeFunctionLog();
    const answer = await api.send('/private-path-4711?q=query-4711', bearer(secretive));
    const written = JSON.stringify([takeFunctionLog(), answer.record, answer.headers, answer.body]);
    for (const text of [...secretive.split('.'), SECRET, '4711']) expect(written).not.toContain(text);
    expect(await api.send('/', bearer(token()))).toMatchObject(OK);
  });
});
