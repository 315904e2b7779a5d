/** `explain` on one request of every denial: what the built function and the gateway do, and nothing secret. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Explanation } from '../../bin/explain/explanation.ts';
import { publicCodeOf } from '../../lambda/authorizer/denial.ts';
import { cli } from '../cli/cli.ts';
import { type Api, type ConfigFile, startApi, takeFunctionLog } from '../support/gateway.ts';
import { configFile } from './command.ts';
import { fileOf, fill, isForbidden, ROWS } from './denial-rows.ts';
import { startTable, type TestTable } from './table.ts';
import { SECRET, token } from './tokens.ts';

/** `name, value, name, value` as options. */
const headerOptions = (headers: readonly string[]): readonly string[] =>
  headers.flatMap((name, i) => (i % 2 === 0 ? ['--header', `${name}: ${headers[i + 1] ?? ''}`] : []));

/** The parts of a token that prove something, or are the token itself. */
const secretsIn = (headers: readonly string[]): readonly string[] => [
  SECRET,
  ...headers
    .filter((_, i) => i % 2 === 1)
    .flatMap((value) => value.replace(/^\w+ /, '').split('.'))
    .filter((part) => part.length > 8),
];

describe.each(['unauthorized', 'policy'] as const)('explain with onDenial: %s', (onDenial) => {
  let table: TestTable;
  const opened = new Map<ConfigFile | undefined, Promise<{ api: Api; config: string }>>();

  beforeAll(async () => {
    table = await startTable();
    await fill(table);
  });

  const open = async (jwt: ConfigFile | undefined) => {
    const file = fileOf(jwt, onDenial);
    return { api: await startApi(file, { table }), config: await configFile(file) };
  };
  const openOnce = (jwt: ConfigFile | undefined) => {
    const one = opened.get(jwt) ?? open(jwt);
    opened.set(jwt, one);
    return one;
  };

  const explain = async (config: string, path: string, headers: readonly string[]) => {
    const place = ['--config', config, '--table', table.tableName];
    const args = ['explain', '--path', path, ...headerOptions(headers), ...place];
    const [json, text] = [await cli([...args, '--json']), await cli(args)];
    const written = JSON.stringify([json, text]);
    for (const secret of secretsIn(headers)) expect(written).not.toContain(secret);
    expect(json.code).toBe(text.code);
    return { ...json, text: text.stdout, said: JSON.parse(json.stdout) as Explanation };
  };

  it.each(ROWS)('$code ($name): what the gateway does', async ({ code, kind, jwt, send }) => {
    const { api, config } = await openOnce(jwt);
    const { path = '/elsewhere', headers = [] } = send();
    takeFunctionLog();
    const { status, body } = await api.send(path, { headers: [...headers] });
    const [logged] = takeFunctionLog();

    const explained = await explain(config, path, headers);
    const { said, text } = explained;
    expect(said).toMatchObject({ decision: 'denied', code: logged?.['code'], response: { status, body } });
    expect(said.code).toBe(code);
    expect(explained.code).toBe(1);
    expect(explained.stderr).toBe('');
    if (isForbidden(kind, onDenial)) expect(said.publicCode).toBe(publicCodeOf(code));

    // One step has the last word, and says what to do.
    const remedied = said.steps.filter(({ remedy }) => remedy !== undefined);
    expect(remedied).toMatchObject([{ outcome: 'denied', code }]);
    expect(text).toContain(`[${code}]`);
    // Only a policy is kept.
    const keeps = status === 403 && !said.cache.text.startsWith('nothing is kept');
    expect(said.cache.seconds).toBe(keeps ? 300 : 0);
  });

  it('a request that is let in', async () => {
    const { api, config } = await openOnce(undefined);
    const headers = ['Authorization', `Bearer ${token({ sub: 'reader' })}`];
    expect((await api.send('/elsewhere', { headers })).status).toBe(200);
    const { said, code } = await explain(config, '/elsewhere', headers);
    expect(said).toMatchObject({ decision: 'allowed', response: { status: null } });
    expect(said.steps.filter(({ outcome }) => outcome === 'denied')).toEqual([]);
    expect(code).toBe(0);
  });
});
