/** What every command has in common: help, typos, colours, unexpected failures, versions. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { wantsColours } from '../../bin/commands/style.ts';
import { configFile, launch, temporaryFolder } from '../e2e/command.ts';
import { cli } from './cli.ts';

const ESCAPE = '\u001b';
const STACK = /^\s+at /m;

afterEach(() => vi.unstubAllEnvs());

const run = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  (await launch(args, { NO_COLOR: undefined, FORCE_COLOR: undefined, ...env })).ended;

describe('a word that is not known', () => {
  test.each([
    ['strat', 'start'],
    ['explian', 'explain'],
    ['users crate', 'create'],
    ['credentials scopes ad a k', 'add'],
    ['start --prot 1', '--port'],
    ['doctor --stakc x', '--stack'],
    ['users list --debg', '--debug'],
  ])('%s: did you mean %s?', async (line, meant) => {
    const { code, stderr } = await cli(line.split(' '));
    expect(code).toBe(2);
    expect(stderr).toContain(`(Did you mean ${meant}?)`);
  });

  test.each(['zzzzzz', 'users zzzzzz', 'start --zzzzzz'])('%s is like none', async (line) => {
    const { code, stderr } = await cli(line.split(' '));
    expect(code).toBe(2);
    expect(stderr).not.toContain('Did you mean');
  });
});

describe('colours', () => {
  test.each<[boolean, Record<string, string>, boolean]>([
    [true, {}, true],
    [false, {}, false],
    [true, { TERM: 'dumb' }, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('on a screen %j, with %j: %j', (isScreen, environment, wanted) => {
    expect(wantsColours(isScreen, environment)).toBe(wanted);
  });

  it('are nowhere but on a screen, or where they are asked for', async () => {
    const config = await configFile({ jwt: { secret: 'generate' } });
    const lines = [['doctor', '--config', config], ['--help'], ['strat']];
    const written = (env: NodeJS.ProcessEnv) =>
      Promise.all(lines.map(async (line) => Object.values(await run(line, env)).join('\n')));
    for (const text of await written({})) expect(text).not.toContain(ESCAPE);
    for (const text of await written({ FORCE_COLOR: '1' })) expect(text).toContain(ESCAPE);
    for (const text of await written({ FORCE_COLOR: '1', NO_COLOR: '1' })) expect(text).not.toContain(ESCAPE);
    const json = await run(['doctor', '--config', config, '--json'], { FORCE_COLOR: '1' });
    expect(json.stdout).not.toContain(ESCAPE);
  });

  it('change nothing but the colour', async () => {
    const config = await configFile({ jwt: { secret: 'generate' } });
    const args = ['doctor', '--config', config];
    const [plain, coloured] = [await cli(args), await cli(args, '', false, { hasColours: true })];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what is taken away
    expect(coloured.stdout.replace(/\u001b\[\d+m/g, '')).toBe(plain.stdout);
    expect(coloured.stdout).not.toBe(plain.stdout);
  });
});

describe('a failure that nobody expected', () => {
  const failing = (args: readonly string[]) =>
    cli(['completion', 'bash', ...args], '', false, {
      out: () => {
        throw new TypeError('unforeseen');
      },
    });

  it('is told without a stack trace, with how to get one and where to report it', async () => {
    const { code, stderr } = await failing([]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: TypeError: unforeseen\n/);
    expect(stderr).toContain('--debug');
    expect(stderr).toContain('report');
    expect(stderr).not.toMatch(STACK);
  });

  it('has its stack trace with --debug, and with JWT_AUTHORIZER_DEBUG', async () => {
    expect((await failing(['--debug'])).stderr).toMatch(STACK);
    vi.stubEnv('JWT_AUTHORIZER_DEBUG', '1');
    expect((await failing([])).stderr).toMatch(STACK);
  });

  it('is told in the same way where nobody waits for it', async () => {
    // As soon as somebody could hear of it, however slowly this machine starts.
    const code =
      'const timer = setInterval(() => { if (process.listenerCount("uncaughtException") > 0) { clearInterval(timer); throw new TypeError("unforeseen"); } }, 20)';
    const throwing = `--import data:text/javascript,${encodeURIComponent(code)}`;
    const config = await configFile({ jwt: { secret: 'generate', checkCredentialExistence: false } });
    const args = ['start', '--ephemeral', '--port', '0', '--admin-port', '0', '--config', config];
    const [plain, debugged] = await Promise.all([
      run(args, { NODE_OPTIONS: throwing }),
      run([...args, '--debug'], { NODE_OPTIONS: throwing }),
    ]);
    expect([plain.code, debugged.code]).toEqual([1, 1]);
    expect(plain.stderr).toContain('error: TypeError: unforeseen\n');
    expect(plain.stderr).not.toMatch(STACK);
    expect(debugged.stderr).toMatch(STACK);
  });

  it('is not what a command says by itself: --debug changes nothing there', async () => {
    const line = ['users', 'list', '--data', '/nowhere'];
    const [plain, debugged] = [await cli(line), await cli([...line, '--debug'])];
    expect(debugged).toEqual(plain);
    expect(plain).toMatchObject({ code: 1 });
  });
});

describe('--version', () => {
  test.each([['--version'], ['-V']])('%s is the version alone', async (...args) => {
    expect(await cli(args)).toEqual({ code: 0, stdout: '0.0.0\n', stderr: '' });
  });

  test.each([[['--version', '--verbose']], [['--verbose', '--version']]])('%j has more', async (args) => {
    const folder = await temporaryFolder();
    const config = join(folder, 'other.yml');
    const missing = await cli([...args, '--config', config]);
    expect(missing).toMatchObject({ code: 0, stderr: '' });
    expect(missing.stdout).toContain(process.version);
    expect(missing.stdout).toContain(`${process.platform} ${process.arch}`);
    expect(missing.stdout).toContain(`${config} (not there)`);
    writeFileSync(config, '');
    mkdirSync(join(folder, '.jwt-authorizer', 'dynamodb'), { recursive: true });
    const there = await cli([...args, `--config=${config}`, '--table', 'orders']);
    expect(there.stdout).toContain(`${config}\n`);
    expect(there.stdout).toContain('orders, a deployed one');
    const local = await cli([...args, `--config=${config}`]);
    expect(local.stdout).toContain(`${join(folder, '.jwt-authorizer', 'dynamodb')}\n`);
  });
});

it('the help of each command names what all of them take', async () => {
  for (const line of ['users list --help', 'init --help', 'attach --help'])
    expect((await cli(line.split(' '))).stdout).toContain('--debug');
});
