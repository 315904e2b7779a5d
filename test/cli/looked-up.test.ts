/** What is made where nobody looks at it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../bin/consumers/open.ts';
import { configFile, temporaryFolder } from '../e2e/command.ts';
import type { ConfigFile } from '../support/gateway.ts';
import { boundTo, cli, dataFolder } from './cli.ts';

const OPTION = 'checkCredentialExistence';
const policy = (isLookedUp: boolean) => ({ secret: 'generate', checkCredentialExistence: isLookedUp });
const OWN = { credentialKey: true, algorithms: ['HS256'], issuer: 'https://b/' };
const LINES = [
  'users create -p username=ann',
  'apps create -u ann -p name=shop',
  'credentials create -c ann',
  'scopes create a',
];

/** What each says on stderr; all succeed. */
async function said(config: string, ...more: readonly string[]) {
  const { run } = boundTo('--data', await dataFolder(), '--config', config);
  const messages: string[] = [];
  for (const line of LINES) {
    const { code, stderr } = await run(line, ...more);
    expect(code).toBe(0);
    messages.push(stderr);
  }
  return messages;
}

describe('a configuration that looks at no consumer', () => {
  it('is told of once by each command that makes something', async () => {
    for (const message of await said(await configFile({ jwt: policy(false) })))
      expect(message.split('\n').filter((line) => line.includes(`${OPTION}: true`))).toHaveLength(1);
  });

  it.each(['-q', '--json'])('is not told of with %s', async (option) => {
    const messages = await said(await configFile({ jwt: policy(false) }), option);
    expect(messages).toEqual(LINES.map(() => ''));
  });

  it('is told of with --stdin, and not for each line', async () => {
    const config = await configFile({ jwt: policy(false) });
    const args = ['users', 'create', '--stdin', '--data', await dataFolder(), '--config', config];
    const { code, stderr } = await cli(args, '{"username":"ann"}\n{"username":"bob"}\n');
    expect(code).toBe(0);
    expect(stderr.split(OPTION)).toHaveLength(2);
    const quiet = await cli([...args, '-q'], '{"username":"cat"}\n');
    expect([quiet.code, quiet.stderr.includes(OPTION)]).toEqual([0, false]);
  });
});

describe('a key that a credential is given', () => {
  const KEY = ['create -c ann -p keyId=a', 'rotate a'];
  const warnings = (text: string) => text.split('\n').filter((line) => line.includes('credentialKey: true'));

  /** What each says on stderr; all succeed. */
  async function given(jwt: object, ...more: readonly string[]) {
    const place = ['--data', await dataFolder(), '--config', await configFile({ jwt })] as const;
    const { run } = boundTo(...place);
    await run('users create -p username=ann');
    const said: string[] = [];
    for (const line of KEY) {
      const { code, stderr } = await run(`credentials ${line}`, ...more);
      expect(code, stderr).toBe(0);
      said.push(stderr);
    }
    return said;
  }

  it('is told to verify nothing where no policy goes by it', async () => {
    for (const stderr of await given(policy(true))) expect(warnings(stderr)).toHaveLength(1);
  });

  it.each(['-q', '--json'])('is told nothing of with %s', async (option) => {
    expect(await given(policy(true), option)).toEqual(KEY.map(() => ''));
  });

  it.each([
    ['where one of several does', [{ ...policy(true), issuer: 'https://a/' }, OWN]],
    ['where nobody looks at all, which is told', policy(false)],
  ])('is told nothing of %s', async (_, jwt) => {
    for (const stderr of await given(jwt)) expect(warnings(stderr)).toEqual([]);
  });

  it('is told nothing of at another place', async () => {
    const place = ['--admin-url', 'http://127.0.0.1:1', '--config', await configFile({ jwt: policy(true) })];
    const { code, stderr } = await boundTo(...place).run('credentials rotate a');
    expect([code, warnings(stderr)]).toEqual([1, []]);
  });
});

describe('what is given while a function may remember', () => {
  const GIVE = [
    'credentials scopes add a --id k',
    'credentials scopes set a --id k',
    'credentials activate k',
    'users activate ann',
    'apps activate shop',
  ];
  const TAKE = ['credentials scopes remove a --id k', 'credentials deactivate k', 'users deactivate ann'];

  /** What each line says on stderr; all succeed. */
  async function given(file: ConfigFile, lines: readonly string[], ...more: readonly string[]) {
    const data = await dataFolder();
    const { json } = boundTo('--data', data);
    await json('users create -p username=ann');
    await json('apps create -u ann -p name=shop');
    await json('scopes create a');
    await json('credentials create -c ann -p keyId=k --scope a');
    const { run } = boundTo('--data', data, '--config', await configFile(file));
    const said: string[] = [];
    for (const line of lines) {
      const { code, stderr } = await run(line, ...more);
      expect(code, stderr).toBe(0);
      said.push(stderr);
    }
    return said;
  }

  it('is told to count within the time of what is taken away', async () => {
    for (const stderr of await given({ jwt: policy(true), credentialCacheSeconds: 20 }, GIVE))
      expect(stderr).toMatch(/ 30 s: 20 s \(credentialCacheSeconds\)/);
  });

  it.each([
    ['of what is taken away', { jwt: policy(true) }, TAKE],
    ['where nothing is remembered', { jwt: policy(true), credentialCacheSeconds: 0 }, GIVE],
    ['where nobody looks', { jwt: policy(false) }, GIVE],
    ['with what is no configuration', { jwt: { nonsense: true } }, GIVE],
  ])('is told nothing of: %s', async (_, file, lines) => {
    for (const stderr of await given(file, lines)) expect(stderr).not.toContain('credentialCacheSeconds');
  });

  it.each(['-q', '--json'])('is told nothing of with %s', async (option) => {
    expect(await given({ jwt: policy(true) }, GIVE, option)).toEqual(GIVE.map(() => ''));
  });
});

describe('a data folder alone', () => {
  /** @returns what is said where the working folder has one configuration, and the data folder's has the other. */
  async function saidBeside(here: object | undefined, beside: object | undefined): Promise<string> {
    const before = process.cwd();
    const [mine, other] = [await temporaryFolder(), await temporaryFolder()];
    const write = async (folder: string, file: object | undefined) =>
      file && (await writeFile(join(folder, DEFAULT_CONFIG), JSON.stringify(file)));
    await write(mine, here);
    await write(other, beside);
    process.chdir(mine);
    try {
      const created = await boundTo('--data', join(other, 'data')).run('users create -p username=ann');
      expect(created.code).toBe(0);
      return created.stderr;
    } finally {
      process.chdir(before);
    }
  }
  const [looking, notLooking] = [{ jwt: policy(true) }, { jwt: policy(false) }];

  it('belongs to the configuration beside it, not to that of the working folder', async () => {
    expect(await saidBeside(looking, notLooking)).toContain(`${OPTION}: true`);
    expect(await saidBeside(notLooking, looking)).not.toContain(OPTION);
  });

  it('with none beside it belongs to nobody that is known', async () => {
    expect(await saidBeside(notLooking, undefined)).not.toContain(OPTION);
  });
});

describe('nothing of it', () => {
  const chain = [
    { ...policy(false), issuer: 'https://a.example.com' },
    { ...policy(true), issuer: 'https://b.example.com' },
  ];

  it.each([
    ['a policy that looks', { jwt: policy(true) }],
    ['one of several that does', { jwt: chain }],
    ['what is no configuration', { jwt: { nonsense: true } }],
  ])('is said of %s', async (_, file) => {
    for (const message of await said(await configFile(file))) expect(message).not.toContain(OPTION);
  });

  it('is said of another place: there the configuration is somebody else’s', async () => {
    const config = await configFile({ jwt: policy(false) });
    const place = ['--admin-url', 'http://127.0.0.1:1', '--config', config];
    const { code, stderr } = await boundTo(...place).run('users create -p username=ann');
    expect([code, stderr.includes(OPTION)]).toEqual([1, false]);
  });

  it('is said without any configuration', async () => {
    const folder = await temporaryFolder();
    const config = join(folder, 'empty.yml');
    await writeFile(config, '');
    const { code, stderr } = await boundTo('--config', config).run('users create -p username=ann');
    expect([code, stderr.includes(OPTION)]).toEqual([0, false]);
  });
});
