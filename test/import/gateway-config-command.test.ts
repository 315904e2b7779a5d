// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Express Gateway are written so
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { refusalOf, reportOf } from '../../bin/import/gateway-config/report.ts';
import { loadConfigFile } from '../../lambda/config/load.ts';
import { cli } from '../cli/cli.ts';
import { temporaryFolder } from '../e2e/command.ts';
import { convert, gatewayOf, jwt, pipelineOf, SAMPLE, SECRET } from './gateway-config.ts';

afterEach(() => vi.unstubAllEnvs());

/** A gateway's project, as its generator lays it out. */
async function project(text = SAMPLE, variables: { readonly JWT_SECRET?: string } = { JWT_SECRET: SECRET }) {
  vi.stubEnv('JWT_SECRET', variables.JWT_SECRET);
  const folder = await temporaryFolder();
  mkdirSync(join(folder, 'config'));
  const [file, out] = [join(folder, 'config/gateway.config.yml'), join(folder, 'authorizer.config.yml')];
  writeFileSync(file, text);
  const run = (...more: readonly string[]) => cli(['import', 'gateway-config', file, '--out', out, ...more]);
  return {
    folder,
    file,
    out,
    run,
    secretFile: join(folder, 'authorizer-secrets/authorizer.config.yml.jwt-0'),
  };
}

const modeOf = (path: string) => statSync(path).mode & 0o777;
const inodeOf = (path: string) => statSync(path).ino;

describe('import gateway-config', () => {
  it('writes a configuration that can be loaded, and the secret for its owner alone', async () => {
    const { folder, out, run, secretFile } = await project();
    const { code, stdout, stderr } = await run();
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('(scopes_now_enforced)');
    expect(loadConfigFile(out)).toMatchObject({ ok: true });
    expect(readFileSync(secretFile, 'utf8')).toBe(SECRET);
    expect([modeOf(secretFile), modeOf(join(folder, 'authorizer-secrets'))]).toEqual([0o600, 0o700]);
    expect(readFileSync(join(folder, 'authorizer-secrets/.gitignore'), 'utf8')).toBe('*\n');
    expect(`${stderr}${readFileSync(out, 'utf8')}`).not.toContain(SECRET);
    expect(readdirSync(folder).sort()).toEqual(['authorizer-secrets', 'authorizer.config.yml', 'config']);
  });

  it('shows with --dry-run what it would write, and writes nothing', async () => {
    const { folder, out, run } = await project();
    const dry = await run('--dry-run');
    expect(dry.code).toBe(0);
    expect(dry.stderr).toContain('would be written');
    expect(`${dry.stdout}${dry.stderr}`).not.toContain(SECRET);
    expect(readdirSync(folder)).toEqual(['config']);
    await run();
    expect(readFileSync(out, 'utf8')).toBe(dry.stdout);
    expect((await run('--dry-run')).stderr).toContain('unchanged: ');
  });

  it('does nothing the second time', async () => {
    const { out, run, secretFile } = await project();
    await run();
    const before = [out, secretFile].map(inodeOf);
    const { code, stderr } = await run();
    expect(code).toBe(0);
    expect(stderr).toContain('unchanged: ');
    expect([out, secretFile].map(inodeOf)).toEqual(before);
  });

  it.each(['the configuration', 'the secret'])('replaces %s only with --force', async (what) => {
    const { out, run, secretFile } = await project();
    await run();
    const path = what === 'the secret' ? secretFile : out;
    writeFileSync(path, 'of somebody else');
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toContain('--force');
    expect(readFileSync(path, 'utf8')).toBe('of somebody else');
    expect((await run('--dry-run')).stderr).toContain('--force');
    expect((await run('--force')).code).toBe(0);
    expect(loadConfigFile(out).ok).toBe(true);
  });

  it('closes a secret that others can read', async () => {
    const { run, secretFile } = await project();
    await run();
    chmodSync(secretFile, 0o644);
    expect((await run()).stderr).toContain('written: ');
    expect(modeOf(secretFile)).toBe(0o600);
  });

  it('writes nothing when there are problems, and tells them all', async () => {
    const { folder, run } = await project(SAMPLE.replace('paths: /orders/:id', 'paths: /a*'), {
      JWT_SECRET: '',
    });
    const { code, stdout, stderr } = await run();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('(path_untranslatable)');
    expect(stderr).toContain('(secret_empty)');
    expect(readdirSync(folder)).toEqual(['config']);
  });

  it('never follows Express Gateway into a secret null', async () => {
    const { folder, run } = await project(SAMPLE, {});
    const { code, stderr } = await run('--force');
    expect(code).toBe(1);
    expect(stderr).toContain('(variable_missing)');
    expect(stderr).toContain('JWT_SECRET');
    expect(readdirSync(folder)).toEqual(['config']);
  });

  it('writes nothing when one of the files cannot be written', async () => {
    const { folder, out, run } = await project();
    writeFileSync(join(folder, 'authorizer-secrets'), 'no folder');
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).not.toContain('bug');
    expect(existsSync(out)).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['authorizer-secrets', 'config']);
  });

  it('keeps the secrets of x.yml and x.yaml apart', async () => {
    const { folder, file } = await project();
    const run = (name: string) => cli(['import', 'gateway-config', file, '--out', join(folder, name)]);
    expect((await run('x.yml')).code).toBe(0);
    vi.stubEnv('JWT_SECRET', `${SECRET}-2`);
    expect((await run('x.yaml')).code).toBe(0);
    expect(readdirSync(join(folder, 'authorizer-secrets')).sort()).toEqual([
      '.gitignore',
      'x.yaml.jwt-0',
      'x.yml.jwt-0',
    ]);
  });

  it('says with --dry-run what becomes of each file', async () => {
    const { folder, out, run, secretFile } = await project();
    const plan = async (...more: string[]) => JSON.parse((await run('--dry-run', '--json', ...more)).stdout);
    const files = (...states: string[]) => [out, secretFile].map((path, i) => ({ path, state: states[i] }));
    expect(await plan()).toMatchObject({ files: files('absent', 'absent'), written: false });
    expect((await run('--dry-run')).stderr).toContain(`would be written: ${out} (new)`);
    await run();
    expect(await plan()).toMatchObject({ files: files('same', 'same') });
    writeFileSync(out, 'another');
    expect(await plan()).toMatchObject({ files: files('different', 'same'), refusal: expect.any(String) });
    expect((await run('--dry-run')).stderr).toContain('would be refused: ');
    expect(await plan('--force')).not.toHaveProperty('refusal');
    expect((await run('--dry-run', '--force')).stderr).toContain(`${out} (replaced)`);
    rmSync(out);
    mkdirSync(out);
    expect(await plan('--force')).toMatchObject({
      files: files('foreign', 'same'),
      refusal: expect.any(String),
    });
    expect((await run('--force')).code).toBe(1);
    expect(statSync(join(folder, 'authorizer.config.yml')).isDirectory()).toBe(true);
  });

  it('gives one JSON object with --json', async () => {
    const { out, run, secretFile } = await project();
    const { code, stdout, stderr } = await run('--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      out,
      secretFiles: [secretFile],
      written: true,
      config: { jwt: { audience: 'orders-api' } },
      problems: [],
      warnings: expect.arrayContaining([expect.objectContaining({ code: 'scopes_now_enforced' })]),
      leftOut: expect.arrayContaining([expect.objectContaining({ code: 'section_left_out', path: 'http' })]),
    });
    expect(stdout).not.toContain(SECRET);
    expect(JSON.parse((await run('--json')).stdout)).toMatchObject({ written: false });
    const wrong = await run('--json', '--pipeline', 'nobody');
    expect(wrong.code).toBe(1);
    expect(JSON.parse(wrong.stdout)).toMatchObject({ problems: [{ code: 'pipeline_unknown' }] });
  });

  it('gives each pipeline a configuration and secrets of its own', async () => {
    const text = gatewayOf({
      pipelines: {
        a: { policies: [jwt()] },
        b: { policies: [jwt({ secretOrPublicKey: `${SECRET}-b` })] },
      },
    });
    const { folder, run } = await project(text);
    expect((await run()).code).toBe(1);
    for (const name of ['a', 'b'])
      expect((await run('--pipeline', name, '--out', join(folder, `${name}.config.yml`))).code).toBe(0);
    expect(readdirSync(join(folder, 'authorizer-secrets')).sort()).toEqual([
      '.gitignore',
      'a.config.yml.jwt-0',
      'b.config.yml.jwt-0',
    ]);
    expect(loadConfigFile(join(folder, 'b.config.yml')).ok).toBe(true);
  });

  it.each([[['import']], [['import', 'gateway-config']], [['import', 'gateway-config', 'f', '--nonsense']]])(
    'is wrong usage: %j',
    async (args) => {
      expect((await cli(args)).code).toBe(2);
    },
  );

  it('does not write over what it reads', async () => {
    const { file } = await project();
    expect((await cli(['import', 'gateway-config', file, '--out', file, '--force'])).code).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe(SAMPLE);
  });

  it.each([
    [262_144, 0],
    [262_145, 1],
  ])('reads a file of %i bytes: exit code %i', async (size, expected) => {
    const { run } = await project(`${SAMPLE}#`.padEnd(size, ' '));
    expect((await run()).code).toBe(expected);
  });

  it('reads no pipe and no device', async () => {
    const { folder } = await project();
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'pipe')]);
    for (const file of [join(folder, 'pipe'), '/dev/zero'])
      expect(await cli(['import', 'gateway-config', file])).toMatchObject({ code: 1, stdout: '' });
  });

  it('says what cannot be read', async () => {
    const { folder, file, run } = await project();
    expect(await cli(['import', 'gateway-config', join(folder, 'nowhere.yml')])).toMatchObject({ code: 1 });
    writeFileSync(file, Buffer.from([0xff, 0xfe]));
    expect((await run()).code).toBe(1);
  });
});

describe('the folder of secrets', () => {
  /** Both the dry run and the run refuse, and nothing is written anywhere. */
  async function expectRefusal({ out, run }: Awaited<ReturnType<typeof project>>) {
    expect(JSON.parse((await run('--dry-run', '--json')).stdout)).toHaveProperty('refusal');
    const { code, stderr } = await run('--force');
    expect(code).toBe(1);
    expect(stderr).not.toContain('bug');
    expect(existsSync(out)).toBe(false);
  }

  it.each(['there', 'not there'])('is no link, its target %s', async (target) => {
    const made = await project();
    const elsewhere = join(made.folder, 'elsewhere');
    if (target === 'there') mkdirSync(elsewhere, { mode: 0o755 });
    symlinkSync(elsewhere, join(made.folder, 'authorizer-secrets'));
    await expectRefusal(made);
    if (target === 'not there') expect(existsSync(elsewhere)).toBe(false);
    else expect([readdirSync(elsewhere), modeOf(elsewhere)]).toEqual([[], 0o755]);
  });

  it('is not that of another user', async () => {
    const made = await project();
    mkdirSync(join(made.folder, 'authorizer-secrets'));
    const own = process.geteuid?.() ?? 0;
    vi.spyOn(process, 'geteuid').mockReturnValue(own + 1);
    await expectRefusal(made);
    vi.restoreAllMocks();
    expect((await made.run()).code).toBe(0);
  });

  it.each(['there', 'not there'])('has no .gitignore that is a link, its target %s', async (target) => {
    const made = await project();
    const [folder, elsewhere] = [join(made.folder, 'authorizer-secrets'), join(made.folder, 'elsewhere')];
    mkdirSync(folder);
    if (target === 'there') writeFileSync(elsewhere, '*\n# of somebody else');
    symlinkSync(elsewhere, join(folder, '.gitignore'));
    await expectRefusal(made);
    if (target === 'not there') expect(existsSync(elsewhere)).toBe(false);
    else expect(readFileSync(elsewhere, 'utf8')).toBe('*\n# of somebody else');
    expect(readdirSync(folder)).toEqual(['.gitignore']);
  });

  it.each([
    ['*\n', 0],
    ['# mine\r\n/*\r\n!.gitignore\r\n', 0],
    ['', 1],
    ['*.pem\n', 1],
    ['*\n!*.jwt-0\n', 1],
  ])('keeps the .gitignore that is there: %j, exit code %i', async (ignored, expected) => {
    const made = await project();
    const folder = join(made.folder, 'authorizer-secrets');
    mkdirSync(folder, { mode: 0o755 });
    writeFileSync(join(folder, '.gitignore'), ignored);
    if (expected === 1) await expectRefusal(made);
    else expect((await made.run()).code).toBe(0);
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe(ignored);
    expect(modeOf(folder)).toBe(expected === 0 ? 0o700 : 0o755);
  });
});

describe('key files', () => {
  const text = pipelineOf(jwt({ secretOrPublicKey: undefined, secretOrPublicKeyFile: './keys/secret' }));
  const put = (folder: string, content: string) => {
    mkdirSync(join(folder, 'keys'), { recursive: true });
    writeFileSync(join(folder, 'keys/secret'), content);
  };

  it.each(['.', 'config'])('are found from the project or the configuration: %s', async (where) => {
    const { folder, run, secretFile } = await project(text);
    put(join(folder, where), `${SECRET}\n`);
    expect((await run()).code).toBe(0);
    expect(readFileSync(secretFile, 'utf8')).toBe(`${SECRET}\n`);
  });

  it('of which there are two are refused, unless the folder is named', async () => {
    const { folder, run, secretFile } = await project(text);
    put(folder, SECRET);
    put(join(folder, 'config'), `${SECRET}-other`);
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toContain('(key_file_ambiguous)');
    expect((await run('--base', join(folder, 'config'))).code).toBe(0);
    expect(readFileSync(secretFile, 'utf8')).toBe(`${SECRET}-other`);
  });

  it.each([
    [65_536, 0],
    [65_537, 1],
  ])('of %i bytes: exit code %i', async (size, expected) => {
    const { folder, run } = await project(text);
    put(folder, 'x'.repeat(size));
    const { code, stderr } = await run();
    expect(code).toBe(expected);
    if (code === 1) expect(stderr).toContain('(key_file_unreadable)');
  });

  it.each(['/dev/zero', 'config', 'pipe'])('that never end, or are none, are refused: %s', async (path) => {
    const { folder, run } = await project(text.replace('./keys/secret', path));
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'pipe')]);
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toContain('(key_file_unreadable)');
  });

  it('that are nowhere', async () => {
    const { run } = await project(text);
    expect((await run()).stderr).toContain('(key_file_unreadable)');
  });
});

it('no report and no configuration shows the secret, whatever is wrong around it', () => {
  const lines = fc.shuffledSubarray([
    ...[
      '      - jwt: { action: { secretOrPublicKey: @ } }',
      '      - jwt: { action: { secretOrPublicKey:@ } }',
    ],
    ...[
      '      - jwt: @',
      '      - @:',
      '      - jwt: [@]',
      '      - jwt: { condition: @ }',
      '      - jwt: { action: @ }',
    ],
    ...['      - jwt: { action: { secretOrPublicKeyFile: @ } }', '      - jwt: { action: { @: x } }'],
    ...[
      '      - jwt: { action: { secretOrPublicKey: { @: 1 } } }',
      '      - jwt: { action: { algorithms: [@] } }',
    ],
    ...[
      '      - proxy: { action: { serviceEndpoint: @, @: x } }',
      '  @:',
      '  - @',
      '@',
      '@: x',
      '${@}',
      '\t@',
      '"@',
    ],
    ...['      - cors: { action: { origin: "@" } }', '      - log: { action: { @: 1 } }'],
  ]);
  const secret = fc.oneof(fc.stringMatching(/^[0-9a-f]{64}$/), fc.constant(SECRET));
  fc.assert(
    fc.property(lines, secret, (template, text) => {
      const yaml = `pipelines:\n  main:\n    policies:\n${template.join('\n')}`.replaceAll('@', text);
      const conversion = convert(yaml, { variables: {} });
      const shown = `${reportOf(conversion)}${refusalOf('f', conversion)}${conversion.result?.yaml}`;
      expect(shown.replace(/the variable \w+ is/g, '')).not.toContain(text);
    }),
    { numRuns: 1000 },
  );
});
