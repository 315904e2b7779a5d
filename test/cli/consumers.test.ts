/** Every verb, on the embedded table, and on one whose gateway runs. */
import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { configFile, start, temporaryFolder } from '../e2e/command.ts';
import { type Bound, boundTo, dataFolder } from './cli.ts';

/** As it is generated. */
const SECRET = expect.stringMatching(/^[\w-]{86}$/);

const CONFIG = { jwt: { secret: 'generate', algorithms: ['HS256'] } };

/** The same story in each place. */
const places: readonly (readonly [string, () => Promise<Bound>])[] = [
  ['the embedded table', async () => boundTo('--data', await dataFolder())],
  [
    'a gateway that runs on the data folder',
    async () => {
      const data = await dataFolder();
      await start(['--config', await configFile(CONFIG), '--data', data]);
      return boundTo('--data', data);
    },
  ],
  [
    'an Admin API by its URL',
    async () => {
      const started = await start(['--config', await configFile(CONFIG), '--ephemeral']);
      const line = await started.printed((printed) => printed.startsWith('Admin API: '));
      return boundTo('--admin-url', line.slice('Admin API: '.length).replace(/\/users$/, ''));
    },
  ],
];

describe.each(places)('on %s', (_, open) => {
  it('users: create, info, list, update, deactivate, activate, remove', async () => {
    const { run, json, quiet } = await open();
    const made = await json('users create -p username=ann -p email=a@example.com -p plan=gold');
    expect(made).toMatchObject({ username: 'ann', email: 'a@example.com', plan: 'gold', isActive: true });
    expect(await json('users info ann')).toEqual(made);
    expect(await quiet('users info ann')).toBe(made['id']);
    expect(await json('users list')).toContainEqual(made);
    expect((await quiet('users list')).split('\n')).toContain(made['id']);

    const changed = await json('users update ann -p firstname=Ann --unset email');
    expect(changed).toMatchObject({ firstname: 'Ann', plan: 'gold' });
    expect(changed).not.toHaveProperty('email');
    for (const other of [
      ['-p', 'username=eve'],
      ['--unset', 'username'],
    ]) {
      expect((await run('users update ann -p firstname=Eve', ...other)).code).toBe(1);
    }
    expect(await json('users info ann')).toEqual(changed);
    expect(await json('users update ann -p username=ann -p plan=tin')).toMatchObject({ plan: 'tin' });

    expect(await json('users deactivate ann')).toEqual({ id: 'ann', status: 'Deactivated' });
    expect(await json('users deactivate ann')).toEqual({ id: 'ann', status: 'Inactive' });
    expect(await json('users info ann')).toMatchObject({ isActive: false });
    expect(await json('users activate ann')).toEqual({ id: 'ann', status: 'Activated' });
    expect(await quiet('users remove ann')).toBe('ann');
    expect((await run('users info ann')).code).toBe(1);
  });

  it('apps: create, info, list, update, deactivate, activate, remove', async () => {
    const { run, json, quiet } = await open();
    const userId = await quiet('users create -p username=bob');
    const made = await json('apps create -u bob -p name=shop');
    expect(made).toMatchObject({ userId, name: 'shop', isActive: true });
    expect(await json('apps info shop')).toEqual(made);
    expect(await json('apps list')).toEqual([made]);
    expect(await json('apps update shop -p redirectUri=https://shop.example/')).toMatchObject({
      redirectUri: 'https://shop.example/',
    });
    expect(await json('apps deactivate shop')).toMatchObject({ status: 'Deactivated' });
    expect(await json('apps activate shop')).toMatchObject({ status: 'Activated' });
    expect((await run('apps create -u bob -p name=shop')).code).toBe(1);
    expect((await run('apps create -u nobody -p name=shop')).code).toBe(1);
    expect((await run('apps remove shop')).code).toBe(0);
    expect(await json('apps list')).toEqual([]);
  });

  it.each([
    [31, true],
    [32, false],
  ])('credentials: of a secret of %i bytes it is said whether it is too short: %s', async (bytes, isSaid) => {
    const { run, quiet } = await open();
    await quiet('users create -p username=cat');
    const { stderr } = await run(
      `credentials create -c cat -p keyId=k1 -p keySecret=${'s3'.repeat(16).slice(0, bytes)}`,
    );
    expect(stderr.includes('allowShortSecret')).toBe(isSaid);
  });

  it('credentials: what -q gave is no keyId, and goes no further', async () => {
    const { run, quiet } = await open();
    await quiet('users create -p username=cat');
    const given = await quiet('credentials create -c cat -p keyId=k1');
    const secret = given.slice(given.lastIndexOf(':') + 1);
    for (const verb of ['info', 'rotate', 'deactivate', 'activate', 'remove']) {
      const { code, stdout, stderr } = await run(`credentials ${verb} ${given}`);
      expect([verb, code]).toEqual([verb, 2]);
      expect(stdout + stderr).not.toContain(secret);
    }
    for (const command of [`credentials scopes add a --id ${given}`, `token create ${given}`]) {
      const { code, stdout, stderr } = await run(command);
      expect([command.slice(0, 6), code, stdout]).toEqual([command.slice(0, 6), 2, '']);
      expect(stderr).not.toContain(secret);
    }
    expect((await run('credentials info k1')).code).toBe(0);
  });

  it('credentials: a secret is shown at creation and rotation, and never else', async () => {
    const { run, json, quiet } = await open();
    await quiet('users create -p username=cat');
    const made = await json('credentials create -c cat -p keyId=k1 --expires-in 90d');
    expect(made).toMatchObject({ id: 'k1', keyId: 'k1', keySecret: SECRET });
    const days = (Date.parse(String(made['expiresAt'])) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(89.99);
    expect(days).toBeLessThanOrEqual(90);
    const rotated = await json('credentials rotate k1 --overlap 1h');
    expect(rotated['keySecret']).toMatch(/^[\w-]{86}$/);
    expect(rotated['keySecret']).not.toBe(made['keySecret']);

    const [quietId, quietSecret] = (await quiet('credentials create -c cat')).split(':');
    expect([await quiet(`credentials info ${quietId}`), quietSecret]).toEqual([quietId, SECRET]);
    expect(await quiet('credentials rotate k1')).toEqual(expect.stringMatching(/^k1:[\w-]{86}$/));
    const own = 'x'.repeat(64);
    expect(await quiet(`credentials rotate k1 -p keySecret=${own}`)).toBe('k1');
    expect(await quiet(`credentials create -c cat -p keyId=k2 -p keySecret=${own}`)).toBe('k2');
    expect(await quiet('credentials remove k2')).toBe('k2');
    expect(await quiet(`credentials remove ${quietId}`)).toBe(quietId);

    const reads = await Promise.all([
      ...['credentials info k1', 'credentials list -c cat', 'users info cat'].map((read) => run(read)),
    ]);
    reads.push(await run('credentials list'), await run('credentials deactivate k1'));
    for (const { code, stdout, stderr } of reads) {
      expect(code).toBe(0);
      expect(stdout + stderr).not.toContain(made['keySecret']);
      expect(stdout + stderr).not.toContain(rotated['keySecret']);
      expect(stdout + stderr).not.toContain('keySecret');
    }
    expect(await json('credentials info k1')).toMatchObject({ isActive: false });
    expect(await json('credentials activate k1')).toEqual({ id: 'k1', status: 'Activated' });
    expect((await run('credentials create -c cat -p keyId=k1')).code).toBe(1);
    expect(await quiet('credentials list -c cat')).toBe('k1');
    expect(await quiet('credentials remove k1')).toBe('k1');
    expect(await json('credentials list -c cat')).toEqual([]);
  });

  it('credentials: a public key instead of a secret', async () => {
    const { run, json, quiet } = await open();
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const folder = await temporaryFolder();
    await writeFile(`${folder}/public.pem`, publicKey.export({ type: 'spki', format: 'pem' }));
    await writeFile(`${folder}/private.pem`, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await quiet('users create -p username=dan');
    const made = await json(`credentials create -c dan -p keyId=p1 --public-key ${folder}/public.pem`);
    expect(made).not.toHaveProperty('keySecret');
    const create = `credentials create -c dan --public-key ${folder}`;
    expect((await run(`${create}/public.pem --algorithm RS256`)).code).toBe(1);
    expect((await run(`${create}/private.pem`)).code).toBe(1);
    expect((await run(`${create}/none.pem`)).code).toBe(1);
    expect(await quiet(`credentials rotate p1 --public-key ${folder}/public.pem`)).toBe('p1');
  });

  it('scopes, and those of credentials', async () => {
    const { run, json, quiet } = await open();
    expect(await quiet('scopes create a b c:d')).toBe('a\nb\nc:d');
    expect((await run('scopes create a x')).code).toBe(1);
    expect(await json('scopes list')).toEqual(['a', 'b', 'c:d']);
    expect(await json('scopes info c:d')).toEqual({ scope: 'c:d' });
    expect((await run('scopes info x')).code).toBe(1);

    await quiet('users create -p username=eve');
    await json('credentials create -c eve -p keyId=e1 -p scopes=a --scope b');
    const scopes = async () => [...((await json('credentials info e1'))['scopes'] as string[])].sort();
    expect(await scopes()).toEqual(['a', 'b']);
    await quiet('credentials scopes add c:d --id e1');
    expect(await scopes()).toEqual(['a', 'b', 'c:d']);
    await quiet('credentials scopes remove a c:d --id e1 -t jwt');
    expect(await scopes()).toEqual(['b']);
    await quiet('credentials scopes set a c:d --id e1');
    expect(await scopes()).toEqual(['a', 'c:d']);
    await quiet('scopes remove a');
    expect(await scopes()).toEqual(['c:d']);
    await quiet('credential:scopes set --id e1');
    expect(await scopes()).toEqual([]);
    expect((await run('credentials scopes add x --id e1')).code).toBe(1);
  });

  it('tells failures by exit code 1, with a line that says what to do, and goes on with the others', async () => {
    const { run, quiet } = await open();
    await quiet('users create -p username=fay');
    const { code, stdout, stderr } = await run('users deactivate nobody fay nothing -q');
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'fay\n' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(3);
    expect((await run('users create -p username=fay')).code).toBe(1);
    const unknown = await run('credentials create -c fay --scope nope');
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain('scopes create');
    for (const ran of [unknown]) expect(ran.stderr).not.toMatch(/^\s+at /m);
  });
});
