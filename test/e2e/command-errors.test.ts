import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listen } from '../../bin/local/listen.ts';
import { configFile, type Ended, runCommand, start, temporaryFolder } from './command.ts';
import { closedPort } from './policy-lists.ts';

const GENERATED = { jwt: { secret: 'generate', algorithms: ['HS256'], checkCredentialExistence: false } };
const SECRET_TEXT = 'too-short-4711';

/** @returns what it said, and that it said it without a stack trace and before it began. */
function saidBy({ stdout, stderr }: Ended): readonly string[] {
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/^\s+at |node:internal|\.js:\d+/m);
  return stderr.trimEnd().split('\n');
}

describe('jwt-authorizer start ends with 1 and says why', () => {
  it.concurrent('for a port that another program has, in one line', async () => {
    const { port, close } = await listen(createServer(), '127.0.0.1', 0);
    const config = await configFile(GENERATED);
    const ended = await runCommand('start', '--ephemeral', '--config', config, '--port', String(port));
    await close();
    expect(ended.code).toBe(1);
    const lines = saidBy(ended);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`port ${port}`);
  });

  it.concurrent('for a configuration with problems: all of them, each with its path', async () => {
    const broken = {
      jwt: [
        { secretOrPublicKey: SECRET_TEXT, jwtExtractor: 'query', algoritms: ['HS256'] },
        { secret: 'generate', algorithms: ['RS256'] },
      ],
      routes: [{ paths: ['orders'], scopes: ['a b'] }],
      upstream: 'ftp://x',
      authorizerCacheSeconds: 9_999,
    };
    const ended = await runCommand('start', '--ephemeral', '--config', await configFile(broken));
    expect(ended.code).toBe(1);
    const said = saidBy(ended).join('\n');
    for (const path of [
      'jwt[0].algoritms',
      'jwt[0].jwtExtractorField',
      'jwt[1].algorithms',
      'routes[0].paths[0]',
      'routes[0].scopes',
      'upstream',
      'authorizerCacheSeconds',
    ])
      expect(said).toContain(`  ${path}: `);
    expect(said).not.toContain(SECRET_TEXT);
  });

  it.concurrent.each([
    { name: 'text that is no YAML', text: 'jwt: [{ a: 1', says: 'line 1' },
    { name: 'an empty file', text: '', says: '' },
  ])('for $name', async ({ text, says }) => {
    const ended = await runCommand('start', '--ephemeral', '--config', await configFile(text));
    expect(ended.code).toBe(1);
    expect(saidBy(ended).join('\n')).toContain(says);
  });

  it.concurrent('for a configuration that is not there', async () => {
    const missing = join(await temporaryFolder(), 'none.yml');
    const ended = await runCommand('start', '--ephemeral', '--config', missing);
    expect(ended.code).toBe(1);
    expect(saidBy(ended).join('\n')).toMatch(/none\.yml.*no such file.*--config/s);
  });

  it.concurrent('for a data folder that is a file', async () => {
    const data = join(await temporaryFolder(), 'file');
    await writeFile(data, '');
    const config = await configFile(GENERATED);
    const ended = await runCommand('start', '--port', '0', '--config', config, '--data', data);
    expect(ended.code).toBe(1);
    const lines = saidBy(ended);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('--data');
  });
});

describe('jwt-authorizer ends with 2 for wrong usage', () => {
  it.concurrent.each([
    { name: 'an unknown option', args: ['start', '--prot', '1'] },
    { name: 'a port that is none', args: ['start', '--port', '70000'] },
    { name: 'an unknown command', args: ['strat'] },
  ])('such as $name', async ({ args }) => {
    const ended = await runCommand(...args);
    expect(ended.code).toBe(2);
    expect(saidBy(ended).join('\n')).toMatch(/^error: /);
  });

  it.concurrent.each(['no url', 'http://user:pass@127.0.0.1'])(
    'such as the upstream %s',
    async (upstream) => {
      const config = await configFile(GENERATED);
      const ended = await runCommand('start', '--ephemeral', '--config', config, '--upstream', upstream);
      expect(ended.code).toBe(2);
      expect(saidBy(ended).join('\n')).toContain('upstream');
    },
  );

  it.concurrent('and with 0 for help and the version', async () => {
    const [help, version] = await Promise.all([runCommand('start', '--help'), runCommand('--version')]);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('--ephemeral');
    expect(version.code).toBe(0);
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('an upstream that cannot be reached', () => {
  const startWithout = async (upstream: string) =>
    start(['--ephemeral', '--config', await configFile(GENERATED), '--upstream', upstream]);

  it('gives the client a 504', async () => {
    const started = await startWithout(await closedPort());
    const headers = { authorization: `Bearer ${started.token}` };
    const answer = await fetch(`${started.url}/orders`, { headers });
    expect(answer.status).toBe(504);
    expect(await answer.text()).toBe('{"message":"Network error communicating with endpoint"}');
    expect((await started.stop()).code).toBe(0);
  });

  it('is named in one line', async () => {
    const upstream = await closedPort();
    const started = await startWithout(upstream);
    await fetch(`${started.url}/orders`, { headers: { authorization: `Bearer ${started.token}` } });
    const line = await started.printed((text) => /\b504\b/.test(text));
    await started.stop();
    expect(line).toContain(upstream);
  });
});
