import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import jwt from 'jsonwebtoken';
import { describe, expect, it, test } from 'vitest';
import { openDataFolder } from '../../bin/local/data-folder.ts';
import { demoOf } from '../../bin/local/demo-consumers.ts';
import { openLocalKeys } from '../../bin/local/local-keys.ts';
import { loadConfigFile } from '../../lambda/config/load.ts';
import { configFile, temporaryFolder } from '../e2e/command.ts';
import { cli, dataFolder } from './cli.ts';

interface Inspected {
  readonly verified: boolean;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly times: Readonly<Record<string, string>>;
  readonly state: string;
  readonly problems: readonly string[];
}

async function inspect(token: string) {
  const ran = await cli(['token', 'inspect', '--json'], token);
  return { ...ran, said: JSON.parse(ran.stdout) as Inspected };
}

async function create(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli(['token', 'create', ...args]);
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
}

const CONFIG = {
  jwt: {
    secretOrPublicKey: 's3cret-of-thirty-two-bytes-or-more',
    issuer: 'https://id.example.com/',
    audience: 'orders',
    checkCredentialExistence: false,
    requiredClaims: { tenant: 'acme' },
  },
};

describe('token create', () => {
  it('makes what the configuration takes', async () => {
    const [config, data] = [await configFile(CONFIG), await dataFolder()];
    const token = await create('-p', 'sub=ann', '-p', 'admin=true', '--config', config, '--data', data);
    const claims = jwt.verify(token, CONFIG.jwt.secretOrPublicKey, {
      algorithms: ['HS256'],
      issuer: CONFIG.jwt.issuer,
      audience: CONFIG.jwt.audience,
    });
    expect(claims).toMatchObject({ sub: 'ann', admin: true, tenant: 'acme' });
  });

  it('says that a deployed stack does not know the secret that was made here, and does not where it is another', async () => {
    const config = await configFile({
      jwt: { secret: 'generate', algorithms: ['HS256'], checkCredentialExistence: false },
    });
    const inline = await configFile(CONFIG);
    const key = join(await temporaryFolder(), 'key');
    await writeFile(key, 'the-secret-of-a-stack-of-32-bytes-or-more');
    const said = async (...more: string[]) =>
      (await cli(['token', 'create', '-p', 'sub=ann', ...more])).stderr;
    expect(await said('--config', config, '--table', 'deployed')).toMatch(/secret.*--key FILE/);
    expect(await said('--config', config)).toBe('');
    expect(await said('--config', inline, '--table', 'deployed')).toBe('');
    expect(await said('--config', config, '--table', 'deployed', '--key', key)).not.toContain('--key FILE');
  });

  test.each([
    ['rsa', 'RS256', undefined],
    ['rsa', 'PS512', 'PS512'],
    ['ec', 'ES256', undefined],
  ] as const)('signs with a given %s key: %s', async (type, expected, algorithm) => {
    const { publicKey, privateKey } =
      type === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const folder = await temporaryFolder();
    await writeFile(`${folder}/key.pem`, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await writeFile(`${folder}/key.jwk`, JSON.stringify(privateKey.export({ format: 'jwk' })));
    await writeFile(`${folder}/public.pem`, publicKey.export({ type: 'spki', format: 'pem' }));
    const wished = algorithm === undefined ? [] : ['--algorithm', algorithm];
    for (const file of ['key.pem', 'key.jwk']) {
      const token = await create('k1', '--key', `${folder}/${file}`, ...wished, '--typ', 'at+jwt');
      expect(jwt.verify(token, publicKey, { algorithms: [expected], complete: true })).toMatchObject({
        header: { alg: expected, typ: 'at+jwt' },
        payload: { sub: 'k1' },
      });
    }
    // As a secret, a public key would let anyone sign.
    expect((await cli(['token', 'create', 'k1', '--key', `${folder}/public.pem`])).code).toBe(1);
    const other = ['token', 'create', 'k1', '--key', `${folder}/key.pem`, '--algorithm', 'HS256'];
    expect((await cli(other)).code).toBe(1);
  });

  it('lets expire: after an hour, as told, already, or never', async () => {
    const [config, data] = [await configFile(CONFIG), await dataFolder()];
    const secondsOf = async (...more: string[]) => {
      const token = await create('-p', 'sub=ann', ...more, '--config', config, '--data', data);
      const { exp, iat = 0 } = jwt.decode(token) as jwt.JwtPayload;
      return exp === undefined ? undefined : exp - iat;
    };
    expect(await secondsOf()).toBe(3_600);
    expect(await secondsOf('--expires-in', '90d')).toBe(7_776_000);
    expect(await secondsOf('--expires-in', '-5m')).toBe(-300);
    expect(await secondsOf('--expires-in', 'never')).toBeUndefined();
  });

  it('needs a signing key: where none is here, one is asked for', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const secretOrPublicKey = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const config = await configFile({ jwt: { secretOrPublicKey, checkCredentialExistence: false } });
    const { code, stdout, stderr } = await cli([
      ...['token', 'create', '-p', 'sub=ann', '--config', config],
      ...['--data', await dataFolder()],
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('--key');
  });
});

describe('token create --key', () => {
  const pair = (type: 'P-256' | 'P-384') => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: type });
    const pem = (key: typeof publicKey | typeof privateKey, form: 'spki' | 'pkcs8') =>
      key.export({ type: form, format: 'pem' }).toString();
    return { publicKey, inConfig: pem(publicKey, 'spki'), inFile: pem(privateKey, 'pkcs8') };
  };
  const [ours, second] = [pair('P-256'), pair('P-384')];
  const policy = {
    secretOrPublicKey: ours.inConfig,
    issuer: 'https://a/',
    audience: 'orders',
    tokenTypes: ['at+jwt'],
    requiredClaims: { tenant: 'acme' },
    scopeClaim: 'scope',
  };
  const keyFile = async (content: string) => {
    const path = `${await temporaryFolder()}/key`;
    await writeFile(path, content);
    return path;
  };
  const placeOf = async (...policies: object[]) => [
    ...['--config', await configFile({ jwt: policies }), '--data', await dataFolder()],
  ];

  it('makes what the policy of that key takes, and says which policy that is', async () => {
    const place = await placeOf(
      { secretOrPublicKey: second.inConfig, issuer: 'https://b/', audience: 'stock' },
      policy,
    );
    await cli(['users', 'create', '-p', 'username=ann', ...place]);
    await cli(['scopes', 'create', 'orders:write', ...place]);
    const credential = ['-p', 'keyId=k1', '-p', 'issuer=https://a/', '--scope', 'orders:write'];
    expect((await cli(['credentials', 'create', '-c', 'ann', ...credential, ...place])).code).toBe(0);
    const key = await keyFile(ours.inFile);
    const { code, stdout, stderr } = await cli(['token', 'create', 'k1', '--key', key, ...place]);
    expect(code).toBe(0);
    expect(stderr).toContain('jwt[1]');
    const claims = { iss: 'https://a/', aud: 'orders', tenant: 'acme', scope: 'orders:write', sub: 'k1' };
    const verified = jwt.verify(stdout.trim(), ours.publicKey, { algorithms: ['ES256'], complete: true });
    expect(verified).toMatchObject({ header: { typ: 'at+jwt' }, payload: claims });
    const other = await create('k1', '--key', key, '-p', 'aud=mine', ...place);
    expect(jwt.decode(other)).toMatchObject({ ...claims, aud: 'mine' });
  });

  it('takes no claims where none or several policies suit the key', async () => {
    const own = { credentialKey: true, algorithms: ['HS256'], checkCredentialExistence: true };
    const several = await placeOf({ ...own, issuer: 'https://a/' }, { ...own, issuer: 'https://b/' });
    const secret = await keyFile('a-secret-of-thirty-two-bytes-or-more');
    for (const place of [several, await placeOf(policy)]) {
      const claims = jwt.decode(await create('-p', 'sub=x', '--key', secret, ...place));
      expect(Object.keys(claims ?? {}).sort()).toEqual(['exp', 'iat', 'sub']);
    }
    const named = await create('-p', 'sub=x', '-p', 'iss=https://b/', '--key', secret, ...several);
    expect(jwt.decode(named)).toMatchObject({ iss: 'https://b/' });
  });

  it('needs no configuration', async () => {
    const config = `${await temporaryFolder()}/authorizer.config.yml`;
    const args = ['token', 'create', 'k1', '--key', await keyFile(ours.inFile), '--config', config];
    expect(await cli(args)).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('token create, with a key of each credential', () => {
  const file = { jwt: { credentialKey: true, issuer: 'https://id.example.com/' } };

  it('asks for the key, and signs with the one that is given', async () => {
    const place = ['--config', await configFile(file), '--data', await dataFolder()];
    const { code, stdout, stderr } = await cli(['token', 'create', 'ann-1', ...place]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('--key');
    expect(stderr).toContain('credentialKey');
    const secret = 'the-secret-of-ann-1-of-32-bytes-or-more';
    const path = `${await temporaryFolder()}/key`;
    await writeFile(path, secret);
    const token = await create('ann-1', '--key', path, ...place);
    const { issuer } = file.jwt;
    expect(jwt.verify(token, secret, { algorithms: ['HS256'], issuer })).toMatchObject({ sub: 'ann-1' });
  });

  it('signs for the demo credentials without one', async () => {
    const [config, data] = [await configFile(file), await dataFolder()];
    const loaded = loadConfigFile(config);
    if (!loaded.ok) throw new Error('not a configuration');
    const demo = demoOf(loaded.config, openLocalKeys(openDataFolder(data)));
    for (const { keyId, keySecret = '' } of demo ? [demo.reader, demo.writer] : []) {
      const token = await create(keyId, '--config', config, '--data', data);
      const claims = jwt.verify(token, keySecret, { algorithms: ['HS256'], issuer: file.jwt.issuer });
      expect(claims).toMatchObject({ sub: keyId });
    }
    expect(demo?.reader.keySecret).not.toBe(demo?.writer.keySecret);
  });
});

describe('token inspect', () => {
  const now = Math.floor(Date.now() / 1000);
  const sign = (claims: object) => jwt.sign(claims, 'any', { algorithm: 'HS256' });

  it('decodes, says what times mean, and that nothing was verified', async () => {
    const token = sign({ sub: 'ann', iat: now - 7_200, exp: now + 3_690 });
    const { code, said } = await inspect(`Bearer ${token}\n`);
    expect(code).toBe(0);
    expect(said).toMatchObject({
      verified: false,
      header: { alg: 'HS256' },
      claims: { sub: 'ann' },
      state: 'valid_now',
      problems: [],
    });
    expect(said.times['iat']).toMatch(/^\d{4}-.*Z \(2 hours ago\)$/);
    expect(said.times['exp']).toMatch(/\(in 1 hour\)$/);
    expect((await cli(['token', 'inspect', token])).stderr).toContain('nothing was verified');
  });

  test.each([
    ['expired', { exp: now - 1 }],
    ['expired', { exp: now }],
    ['valid_now', { exp: now + 60 }],
    ['not_yet_valid', { exp: now + 120, nbf: now + 60 }],
    ['no_expiry', {}],
  ])('%s: %o', async (state, claims) => {
    expect((await inspect(sign(claims))).said.state).toBe(state);
  });

  it('writes nothing that steers a terminal', async () => {
    const { stdout } = await cli(['token', 'inspect', sign({ a: '\u001b[2J\u009b2J\u202e\u0007' })]);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test.each(['', '.', '..', 'a.b.c', 'e30.e30.', 'e30.W10.x', 'bnVsbA.bnVsbA.', '-', '{}', 'a.b.c.d.e'])(
    'garbage: "%s"',
    async (token) => {
      const { code, stderr, said } = await inspect(token);
      expect(said.verified).toBe(false);
      expect(said.problems.length).toBeGreaterThan(0);
      expect(code).toBe(said.claims === undefined ? 1 : 0);
      expect(stderr).not.toMatch(/^\s+at /m);
    },
  );

  it('takes anything', async () => {
    const part = fc.oneof(
      fc.base64String(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
      fc.string({ unit: 'binary' }),
    );
    const tokens = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { maxLength: 6 }).map((a) => a.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(tokens, async (token) => {
        const { code } = await inspect(token);
        expect([0, 1]).toContain(code);
      }),
      { numRuns: 500 },
    );
    const deep = Buffer.from(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`).toString('base64url');
    expect((await inspect(`e30.${deep}.x`)).code).toBe(1);
  });
});
