/** What lies here: the configuration, the data folder, and how little is said of what was not looked at. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { lookIntoDataFolder, openDataFolder } from '../../bin/local/data-folder.ts';
import { openLocalKeys } from '../../bin/local/local-keys.ts';
import { RSA, spkiPem } from '../config/keys.ts';
import { configFile, runCommand, temporaryFolder } from '../e2e/command.ts';
import { cli } from './cli.ts';
import { doctor } from './doctor.ts';

const FILE = { jwt: { secret: 'generate', algorithms: ['HS256'] } };

afterEach(() => vi.restoreAllMocks());

/** A data folder as a first start leaves it, but for its table. */
async function madeFolder(): Promise<string> {
  const path = join(await temporaryFolder(), 'data');
  const folder = openDataFolder(path);
  openLocalKeys(folder).withSecrets(FILE);
  return path;
}

describe('a damaged data folder', () => {
  it('is fine while it is not', async () => {
    const examined = await doctor(FILE, ['--data', await madeFolder()]);
    expect(examined.found('keys')).toEqual(['ok key']);
  });

  it.each([
    ['demo-private.pem', ['problem data_folder', 'ok key']],
    ['secret-0', ['problem key_unfit']],
  ])('is told with what to do: %s', async (name, found) => {
    const data = await madeFolder();
    const damage = [
      () => writeFile(join(data, name), ''),
      () => writeFile(join(data, name), '-----BEGIN PRIVATE KEY-----\n'),
      // Of a secret of 64 bytes: one character, one less than all, a line's end, and what is no UTF-8.
      ...['a', 'a'.repeat(85), `${'a'.repeat(86)}\n`].map((text) => () => writeFile(join(data, name), text)),
      () => writeFile(join(data, name), Buffer.alloc(86, 0xff)),
      () => rm(join(data, name)).then(() => mkdir(join(data, name))),
    ];
    for (const damaged of damage) {
      await damaged();
      const examined = await doctor(FILE, ['--data', data]);
      expect(examined.found('keys')).toEqual(found);
      const [problem] = found.map((one) => examined.finding(one.replace('problem ', '')));
      expect(problem).toMatchObject({ text: expect.stringContaining(name), remedy: expect.anything() });
      expect(examined.code).toBe(1);
      // Who needs the key says the same.
      const config = await configFile(FILE);
      const made = await cli(['token', 'create', 'x', '--config', config, '--data', data]);
      expect(made).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(name) });
      expect(made.stderr).not.toContain('bug');
    }
  });

  it.runIf(process.platform === 'linux')('is not waited for where it has a pipe', async () => {
    const data = await madeFolder();
    await rm(join(data, 'secret-0'));
    await promisify(execFile)('mkfifo', [join(data, 'secret-0')]);
    // In a process of its own: what waits for a pipe takes the test runner along.
    const config = await configFile(FILE);
    const { code, stdout } = await runCommand('doctor', '--config', config, '--data', data);
    expect([code, stdout.includes('secret-0 is no file')]).toEqual([1, true]);
  });

  it('goes on once that is done which it says', async () => {
    const data = await madeFolder();
    await writeFile(join(data, 'demo-private.pem'), '');
    const { remedy = '' } = (await doctor(FILE, ['--data', data])).finding('data_folder') ?? {};
    for (const name of await readdir(data)) if (remedy.includes(name)) await rm(join(data, name));
    await rm(join(data, 'demo-private.pem'));
    const create = ['token', 'create', 'x', '--config', await configFile(FILE), '--data', data];
    expect((await cli(create)).code).toBe(0);
    expect((await doctor(FILE, ['--data', data])).found('keys')).toEqual(['ok key']);
  });

  it('with a table that is none is not taken for one in use', async () => {
    const data = await madeFolder();
    await mkdir(join(data, 'dynamodb'));
    await writeFile(join(data, 'dynamodb', 'CURRENT'), '');
    const examined = await doctor(FILE, ['--data', data]);
    expect(examined.found('table')).toEqual(['problem local_table']);
    expect(examined.finding('local_table')?.text).toContain('cannot be opened');
    expect(examined.finding('local_table')?.remedy).toContain('--data');
  });
});

describe('where the table cannot be looked at', () => {
  const failsWith = (message: string) =>
    vi.doMock('../../bin/doctor/check-local-table.ts', () => ({
      checkLocalTable: async () => {
        throw Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' });
      },
    }));
  afterEach(() => vi.doUnmock('../../bin/doctor/check-local-table.ts'));

  it.each(['classic-level', 'dynalite'])(
    'since %s was not installed, the rest of the report stays',
    async (name) => {
      failsWith(`Cannot find package '${name}' imported from /x/embedded-table.js`);
      const examined = await doctor(FILE, ['--data', await madeFolder()]);
      expect(examined.found('keys')).toEqual(['ok key']);
      expect(examined.found('table')).toEqual(['problem local_table']);
      expect(examined.finding('local_table')?.remedy).toContain('--include=optional');
      expect(examined.code).toBe(1);
    },
  );

  it('for a package that nobody may leave out, it is a bug still', async () => {
    failsWith("Cannot find package 'yaml' imported from /x/load.js");
    const config = await configFile(FILE);
    const { stdout, stderr } = await cli(['doctor', '--config', config, '--data', await madeFolder()]);
    expect([stdout, stderr.includes('bug')]).toEqual(['', true]);
  });
});

describe('a folder that no run would use', () => {
  const refused = async (data: string) => {
    const examined = await doctor(FILE, ['--data', data]);
    expect(examined.found('keys')).toEqual(['problem data_folder', 'not_checked generated_secret']);
    expect(examined.found('table')).toEqual(['not_checked local_table']);
    expect(examined.finding('data_folder')?.remedy).toContain('--data');
    expect(examined.code).toBe(1);
  };

  it('gives no keys: it holds something else', async () => {
    const data = await madeFolder();
    await writeFile(join(data, '.gitignore'), 'node_modules\n');
    await refused(data);
    expect(() => lookIntoDataFolder(data)).toThrow('something else');
  });

  it("gives no keys: it is another user's", async () => {
    const data = await madeFolder();
    const own = process.geteuid?.() ?? 0;
    vi.spyOn(process, 'geteuid').mockReturnValue(own + 1);
    await refused(data);
    // As `chmod` lets it.
    vi.spyOn(process, 'geteuid').mockReturnValue(0);
    expect((await doctor(FILE, ['--data', data])).found('keys')).toEqual(['ok key']);
  });

  it("is used where it is another user's that lies among other things: no run changes it then", async () => {
    const data = await madeFolder();
    await writeFile(join(data, 'package.json'), '{}');
    vi.spyOn(process, 'geteuid').mockReturnValue((process.geteuid?.() ?? 0) + 1);
    expect((await doctor(FILE, ['--data', data])).found('keys')).toEqual(['ok key']);
  });

  it.each([
    ['it is a link that leads nowhere', 'gone'],
    ['it would lie in one', 'gone/data'],
    ['it would lie in a file', 'file/data'],
    ['it leads back to itself', 'loop'],
  ])('gives no keys: %s', async (_, name) => {
    const folder = await temporaryFolder();
    await symlink(join(folder, 'nowhere'), join(folder, 'gone'));
    await symlink(join(folder, 'loop'), join(folder, 'loop'));
    await writeFile(join(folder, 'file'), '');
    await refused(join(folder, name));
    const config = await configFile(FILE);
    const made = await cli(['token', 'create', 'x', '--config', config, '--data', join(folder, name)]);
    expect([made.code, made.stderr.includes('--data'), made.stderr.includes('bug')]).toEqual([
      1,
      true,
      false,
    ]);
  });

  it('is none that is not there yet, nor one whose parents are not', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'real'));
    await symlink(join(folder, 'real'), join(folder, 'link'));
    for (const name of ['data', 'a/b/data', 'link/data']) {
      const examined = await doctor(FILE, ['--data', join(folder, name)]);
      expect(examined.found('keys')).toEqual(['not_checked generated_secret']);
    }
  });

  it('gives no keys: it is a file', async () => {
    const data = join(await temporaryFolder(), 'data');
    await writeFile(data, '');
    await refused(data);
  });
});

describe('what was not checked', () => {
  it('is one line that counts and names it, and a line each where they are asked for', async () => {
    const args = ['doctor', '--config', await configFile(FILE)];
    const [brief, verbose] = [await cli(args), await cli([...args, '--verbose'])];
    const linesIn = (text: string) => text.split('\n').filter((line) => line.includes('not checked:'));
    expect(linesIn(brief.stdout)).toEqual([
      expect.stringMatching(
        /not checked: 4 \(aws credentials; keys generated_secret; table local_table; api\)$/,
      ),
    ]);
    expect(brief.stdout).toContain('--verbose');
    expect(linesIn(verbose.stdout)).toHaveLength(4);
    expect(verbose.stdout).toContain('give --url');
    expect([brief.code, verbose.code]).toEqual([0, 0]);
    const last = (text: string) => text.trimEnd().split('\n').at(-1);
    expect(last(brief.stdout)).toBe(last(verbose.stdout));
  });
});

describe('the configuration', () => {
  it('that is missing has what to do about it once', async () => {
    const config = join(await temporaryFolder(), 'authorizer.config.yml');
    const { code, stdout } = await cli(['doctor', '--config', config]);
    expect(code).toBe(1);
    expect(stdout.split('jwt-authorizer init')).toHaveLength(2);
    expect(stdout).toMatch(/there is no such file\n +-> .*jwt-authorizer init/);
  });

  it.each([
    ['secretOrPublicKey', async () => spkiPem(RSA.publicKey), 'jwt[0], secretOrPublicKey: '],
    [
      'secretOrPublicKeyBase64',
      async () => Buffer.from(spkiPem(RSA.publicKey)).toString('base64'),
      'jwt[0], secretOrPublicKeyBase64: ',
    ],
    [
      'secretOrPublicKeyFile',
      async () => {
        const path = join(await temporaryFolder(), 'public.pem');
        await writeFile(path, spkiPem(RSA.publicKey));
        return path;
      },
      /^jwt\[0\], secretOrPublicKeyFile \/.*public\.pem: /,
    ],
  ])('calls a key by its own option: %s', async (option, value, said) => {
    const jwt = { [option]: await value(), checkCredentialExistence: false };
    const examined = await doctor({ jwt });
    expect(examined.finding('key')?.text).toMatch(said);
  });
});
