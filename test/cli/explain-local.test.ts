/** What is said of caches where the gateway is a local one: what is true of it, running or not. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { announceGateway } from '../../bin/consumers/running-gateway.ts';
import { cacheUseOf } from '../../bin/explain/cache.ts';
import type { Explanation } from '../../bin/explain/explanation.ts';
import { parseConfig } from '../../lambda/config/parse.ts';
import { configFile, temporaryFolder } from '../e2e/command.ts';
import { SECRET, token } from '../e2e/tokens.ts';
import { cli } from './cli.ts';

const CONTROLLED = { secretOrPublicKey: SECRET, algorithms: ['HS256'] };
const UNCONTROLLED = { ...CONTROLLED, checkCredentialExistence: false };
const FLUSHED = 'the local gateway is flushed';
const STOPPED = 'no gateway runs on ';
const KEPT_AGAIN = 'kept again';

async function explained(jwt: object, isRunning: boolean, more: object = {}): Promise<Explanation> {
  const data = join(await temporaryFolder(), 'data');
  await mkdir(data);
  const table = { endpoint: 'http://127.0.0.1:1', tableName: 'x' };
  const takeBack = isRunning ? announceGateway(data, { adminUrl: 'http://127.0.0.1:1', table }) : undefined;
  const config = await configFile({ jwt, authorizerCacheSeconds: 300, ...more });
  // Denied before any table is asked.
  const over = token({ exp: 1 });
  const { stdout } = await cli(['explain', '--config', config, '--data', data, '--json', '--token', over]);
  takeBack?.();
  return JSON.parse(stdout) as Explanation;
}

describe('an earlier answer', () => {
  it.each([
    [60, 'up to 70 s'],
    [0, 'up to 10 s'],
  ])(
    'of a gateway that runs here may be in use, and be kept again until the second flush: credentialCacheSeconds %d',
    async (credentialCacheSeconds, bound) => {
      const { cache, revocation } = await explained(CONTROLLED, true, { credentialCacheSeconds });
      expect(cache.text).toContain('up to 300 s');
      for (const said of [FLUSHED, KEPT_AGAIN, bound]) expect(cache.text).toContain(said);
      expect(revocation.text).toContain('flushes what it keeps');
      expect(revocation.text).not.toContain('delivery');
    },
  );

  it('is none where none is kept, and nothing is said of a flush', async () => {
    const { cache, revocation } = await explained(CONTROLLED, true, { authorizerCacheSeconds: 0 });
    expect(cache.text).toContain('authorizerCacheSeconds is 0');
    expect(revocation.text).toContain('70 s');
    expect(cache.text + revocation.text).not.toContain('flush');
  });

  it('is none where no gateway runs', async () => {
    const { cache } = await explained(CONTROLLED, false);
    expect(cache.text).toMatch(new RegExp(`${STOPPED}/.+/data,`));
    expect(cache.text).not.toContain('300 s');
  });

  it('of the API Gateway that made an event may be in use, whatever runs here', async () => {
    const event = join(await temporaryFolder(), 'event.json');
    const methodArn = 'arn:aws:execute-api:eu-west-1:123456789012:abc123/v1/GET/orders';
    await writeFile(event, JSON.stringify({ type: 'TOKEN', authorizationToken: 'Bearer x', methodArn }));
    const config = await configFile({ jwt: CONTROLLED, authorizerCacheSeconds: 300 });
    const data = join(await temporaryFolder(), 'data');
    const { stdout } = await cli(['explain', '--config', config, '--data', data, '--json', '--event', event]);
    const { cache, revocation } = JSON.parse(stdout) as Explanation;
    expect(cache.text).toContain('up to 300 s');
    expect(cache.text).not.toContain(STOPPED);
    expect(revocation.text).toContain('delivery');
  });

  it('may be in use where nobody can tell whether one runs', async () => {
    const { cache } = await explained(UNCONTROLLED, false);
    expect(cache.text).toContain('up to 300 s');
    expect(cache.text).not.toContain(STOPPED);
  });

  it('of API Gateway may be in use, whose flushes nobody here promises', () => {
    const parsed = parseConfig({ jwt: CONTROLLED, authorizerCacheSeconds: 300 });
    if (!parsed.ok) throw new Error('the test has a configuration that is none');
    expect(cacheUseOf(parsed.config, '/', 'not kept').text).not.toContain('flush');
    expect(cacheUseOf(parsed.config, '/', 'not kept', { state: 'running', folder: '/x' }).text).toContain(
      FLUSHED,
    );
  });
});

it('what is not asked for says which option would ask', async () => {
  const { steps } = await explained(UNCONTROLLED, false);
  const textOf = (of: string) =>
    steps.find(({ name, outcome }) => name === of && outcome === 'skipped')?.text;
  expect(textOf('typ')).toContain('tokenTypes');
});
