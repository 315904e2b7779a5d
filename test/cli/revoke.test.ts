/** What the commands revoke is denied by the function: over HTTP, on a gateway that runs. */
import { describe, expect, it } from 'vitest';
import { configFile, start } from '../e2e/command.ts';
import { type Bound, boundTo, cli, dataFolder } from './cli.ts';

const CONFIG = { jwt: { secret: 'generate', algorithms: ['HS256'] }, credentialCacheSeconds: 0 };

interface World extends Bound {
  tokenOf(keyId: string, ...more: readonly string[]): Promise<string>;
  ask(token: string): Promise<number>;
}

async function open(config: Readonly<Record<string, unknown>> = CONFIG): Promise<World> {
  const data = await dataFolder();
  const file = await configFile(config);
  const started = await start(['--config', file, '--data', data]);
  const bound = boundTo('--data', data);
  await bound.run('users create -p username=ann');
  await bound.run('apps create -u ann -p name=shop');
  for (const [keyId, consumer] of [
    ['a', 'ann'],
    ['s', 'shop'],
  ])
    await bound.run(`credentials create -c ${consumer} -p keyId=${keyId}`);
  return {
    ...bound,
    tokenOf: (keyId, ...more) =>
      boundTo('--data', data, '--config', file).quiet(`token create ${keyId}`, ...more),
    ask: async (token) =>
      (await fetch(started.url, { headers: { authorization: `Bearer ${token}` } })).status,
  };
}

describe('credentials revoke-token', () => {
  it('ends one token, by itself or by its jti, and no other', async () => {
    const { run, json, tokenOf, ask } = await open();
    const [first, second, third] = [
      await tokenOf('a', '-p', 'n=1'),
      await tokenOf('a', '-p', 'n=2'),
      await tokenOf('a', '-p', 'jti=7'),
    ];
    for (const token of [first, second, third]) expect(await ask(token)).toBe(200);
    const answer = await json('credentials revoke-token', first);
    expect(answer).toMatchObject({ status: 'Revoked', tokenHash: expect.stringMatching(/^[\w-]{43}$/) });
    expect(JSON.stringify(answer)).not.toContain(first.split('.')[2]);
    expect([await ask(first), await ask(second), await ask(third)]).toEqual([401, 200, 200]);
    expect((await run('credentials revoke-token --jti 7')).code).toBe(0);
    expect([await ask(second), await ask(third)]).toEqual([200, 401]);
  });

  it('tells that a jti without its issuer means tokens that name none', async () => {
    const bound = boundTo('--data', await dataFolder());
    await bound.run('users create -p username=ann');
    const [alone, whole] = [
      await bound.run('credentials revoke-token --jti 7'),
      await bound.run('credentials revoke-token --jti 7 --issuer https://id.example.com/'),
    ];
    expect(alone.stderr).toContain('--issuer');
    expect(whole.stderr).not.toContain('--issuer');
  });

  it('reads the token where no list of processes shows it', async () => {
    const data = await dataFolder();
    await boundTo('--data', data).run('users create -p username=ann');
    const token = ['{"alg":"HS256"}', '{"exp":2000000000.5}', 'x']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
    const ran = await cli(
      ['credentials', 'revoke-token', '-', '--json', '--data', data],
      `Bearer ${token}\n`,
    );
    expect(JSON.parse(ran.stdout)).toMatchObject({ expiresAt: 2_000_000_001 });
  });

  it.each([
    [[], 2],
    [['x.y.z'], 1],
    [['x.y.z', '--jti', '7'], 2],
    [['--issuer', 'a'], 2],
    [['--jti', '7', '--expires-at', 'soon'], 2],
  ])('%j: exit code %d', async (args, code) => {
    const data = await dataFolder();
    await boundTo('--data', data).run('users create -p username=ann');
    expect((await cli(['credentials', 'revoke-token', ...args, '--data', data])).code).toBe(code);
  });
});

describe('revoke', () => {
  const LATER = ['-p', `iat=${Math.floor(Date.now() / 1000) + 30}`];

  it("a user's tokens with those of its apps, by when they were issued", async () => {
    const { json, tokenOf, ask } = await open();
    const tokens = [await tokenOf('a'), await tokenOf('s')];
    const later = [await tokenOf('a', ...LATER), await tokenOf('s', ...LATER)];
    expect(await json('revoke --consumer ann')).toEqual({ issuedBefore: expect.any(String) });
    for (const token of tokens) expect(await ask(token)).toBe(401);
    for (const token of later) expect(await ask(token)).toBe(200);
    expect(await json('users info ann')).toHaveProperty('issuedBefore');
  });

  it("an app's alone, and everybody's", async () => {
    const { run, tokenOf, ask } = await open();
    const [ofUser, ofApp] = [await tokenOf('a'), await tokenOf('s')];
    expect((await run('revoke --consumer shop --issued-before now')).code).toBe(0);
    expect([await ask(ofUser), await ask(ofApp)]).toEqual([200, 401]);
    expect((await run('revoke --all-issued-before 2020-01-01')).code).toBe(0);
    expect(await ask(ofUser)).toBe(200);
    expect((await run('revoke --all-issued-before now')).code).toBe(0);
    expect(await ask(ofUser)).toBe(401);
  });

  it.each([
    ['revoke', 2],
    ['revoke --issued-before now', 2],
    ['revoke --consumer ann --all-issued-before now', 2],
    ['revoke --all-issued-before now --issued-before now', 2],
    ['revoke --consumer ann --issued-before 9999999999', 2],
    ['revoke --all-issued-before 9999999999', 2],
    ['revoke --consumer nobody', 1],
    ['revoke --all-issued-before 2020-01-01T10:00:00Z', 0],
    ['revoke --all-issued-before 2020-01-01T10:00:00+01:00', 0],
    ['revoke --all-issued-before 2020-01-01T10:00:00', 2],
    ['revoke --all-issued-before 2020-01', 2],
  ])('%s: exit code %d', async (command, code) => {
    const bound = boundTo('--data', await dataFolder());
    await bound.run('users create -p username=ann');
    expect((await bound.run(command)).code).toBe(code);
  });
});

describe('the uncontrolled modality', () => {
  it('looks revocations up where it is asked to', async () => {
    const jwt = { ...CONFIG.jwt, checkCredentialExistence: false, tokenRevocation: true };
    const { run, tokenOf, ask } = await open({ ...CONFIG, jwt });
    const token = await tokenOf('somebody', '-p', 'n=1');
    expect(await ask(token)).toBe(200);
    expect((await run('credentials revoke-token', token)).code).toBe(0);
    expect([await ask(token), await ask(await tokenOf('somebody', '-p', 'n=2'))]).toEqual([401, 200]);
  });
});
