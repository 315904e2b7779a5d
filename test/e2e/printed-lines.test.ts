import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CannotStart, type RunOptions, run } from '../../bin/local/run.ts';
import { boundTo } from '../cli/cli.ts';
import { builtPackage, type ConfigFile } from '../support/gateway.ts';
import { configFile, readPrinted, runCurls, temporaryFolder } from './command.ts';
import { SECRET } from './tokens.ts';

const HS256 = { secret: 'generate', algorithms: ['HS256'] };
const ROUTES = [{ paths: ['/orders/{id}'], methods: ['GET', 'DELETE'], scopes: ['orders:write'] }];

/**
 * What `start` does, in this process (a start of the command itself takes a second), from the configuration
 * to the statuses that its printed lines give, with the body of the first.
 */
async function tryOut(file: ConfigFile, options: Partial<RunOptions> = {}) {
  const lines: string[] = [];
  const bundle = new URL('dist/lambda/authorizer/index.mjs', await builtPackage());
  const common = { port: 0, data: '', ephemeral: options.data === undefined, bundle };
  const print = (line: string) => void lines.push(line);
  const running = await run({ ...common, config: await configFile(file), print, ...options });
  try {
    const printed = readPrinted(lines);
    const results = await runCurls(printed);
    return { ...printed, lines, results, statuses: results.map(({ status }) => status) };
  } finally {
    await running.close();
  }
}

describe('the printed lines work as they stand', () => {
  it.each([
    { name: 'authBearer', jwt: HS256 },
    { name: 'authScheme', jwt: { ...HS256, jwtExtractor: 'authScheme', jwtExtractorField: 'JWT' } },
    { name: 'header', jwt: { ...HS256, jwtExtractor: 'header', jwtExtractorField: 'X-Access-Token' } },
    { name: 'query', jwt: { ...HS256, jwtExtractor: 'query', jwtExtractorField: 'access_token$1' } },
    { name: 'cookie', jwt: { ...HS256, jwtExtractor: 'cookie', jwtExtractorField: 'session' } },
    { name: 'HS512', jwt: { ...HS256, algorithms: ['HS512'] } },
    {
      name: 'every claim that can be asked for',
      jwt: {
        ...HS256,
        issuer: ['https://a/', 'https://b/'],
        audience: ['x', 'y'],
        maxAgeSeconds: 60,
        tokenTypes: ['at+jwt'],
        requiredClaims: { tenant: ['t', 'u'], level: 3, admin: false },
        scopeClaim: ['realm', 'roles'],
      },
    },
    {
      name: 'uncontrolled',
      jwt: { ...HS256, checkCredentialExistence: false, scopeClaim: 'https://x/scope' },
    },
    { name: 'usage plans', jwt: HS256, plans: { gold: { rateLimit: 100, burstLimit: 100 }, free: {} } },
    { name: 'required names', jwt: { ...HS256, requiredClaims: ['jti', 'sub', 'nbf', 'exp', 'iat', 'iss'] } },
  ])('$name', async ({ jwt, plans }) => {
    const { results, statuses } = await tryOut({ jwt, routes: ROUTES, ...(plans && { plans }) });
    expect(results.map(({ says }) => says)).toEqual([200, 401, 403, 200]);
    expect(statuses).toEqual([200, 401, 403, 200]);
  });

  it.each([
    { name: 'alone', jwt: { credentialKey: true } },
    { name: 'RS256 before HS384', jwt: { credentialKey: true, algorithms: ['RS256', 'HS384'] } },
    {
      name: 'beside a policy with a key',
      jwt: [
        { credentialKey: true, issuer: 'https://a/', audience: 'x' },
        { ...HS256, issuer: 'https://b/' },
      ],
    },
  ])('with a key of each credential: $name', async ({ jwt }) => {
    const data = await temporaryFolder();
    // What was made for a policy's key has another one, and does not stand in the way.
    await tryOut({ jwt: HS256, routes: ROUTES }, { data });
    const first = await tryOut({ jwt, routes: ROUTES }, { data });
    expect(first.statuses).toEqual([200, 401, 403, 200]);
    expect((await tryOut({ jwt, routes: ROUTES }, { data })).statuses).toEqual([200, 401, 403, 200]);
    expect(first.lines.filter((line) => line.startsWith('warning'))).toEqual([]);
  });

  it('says that no token can be made where the credentials have public keys', async () => {
    const { token, statuses } = await tryOut({ jwt: { credentialKey: true, algorithms: ['RS256'] } });
    expect([token, statuses]).toEqual([undefined, [401]]);
  });

  it('for anonymous callers', async () => {
    const { results, statuses } = await tryOut({ jwt: { ...HS256, passThrough: true }, routes: ROUTES });
    expect(statuses).toEqual([200, 200, 403, 200]);
    expect(JSON.parse(results[1]?.body ?? '').headers['x-authorizer-principal-id']).toBe('anonymous');
  });

  it.each(['header', 'cookie'])('with an apostrophe (%s)', async (jwtExtractor) => {
    const jwt = { ...HS256, jwtExtractor, jwtExtractorField: "it's" };
    expect((await tryOut({ jwt, routes: ROUTES })).statuses).toEqual([200, 401, 403, 200]);
  });

  it('for several policies, of which the second has a key that is here', async () => {
    const jwt = [
      { secretOrPublicKey: somebodysPublicKey(), issuer: 'https://a/', passThrough: true },
      { ...HS256, issuer: 'https://b/' },
    ];
    expect((await tryOut({ jwt, routes: ROUTES })).statuses).toEqual([200, 401, 403, 200]);
  });

  it('without routes', async () => {
    expect((await tryOut({ jwt: HS256 })).statuses).toEqual([200, 401]);
  });

  it.each([
    { name: 'scopes', later: { routes: [{ paths: ['/stock'], scopes: ['stock:write'] }] } },
    { name: 'usage plans', later: { plans: { gold: {} } } },
    { name: 'an issuer', later: { jwt: { ...HS256, issuer: 'https://later/' } } },
  ])('when a later configuration on the same data has other $name', async ({ later }) => {
    const data = await temporaryFolder();
    const before = { jwt: { ...HS256, issuer: 'https://before/' }, routes: ROUTES };
    await tryOut(before, { data });
    expect((await tryOut({ ...before, ...later }, { data })).statuses).toEqual([200, 401, 403, 200]);
  });
});

describe('the demo key pair', () => {
  it('signs RS256 tokens for a configuration that names its public half', async () => {
    const data = await temporaryFolder();
    await tryOut({ jwt: HS256, routes: ROUTES }, { data });
    const jwt = { secretOrPublicKeyFile: join(data, 'demo-public.pem'), algorithms: ['RS256'] };
    const { token = '', statuses } = await tryOut({ jwt, routes: ROUTES }, { data });
    const header: unknown = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
    expect(header).toMatchObject({ alg: 'RS256' });
    expect(statuses).toEqual([200, 401, 403, 200]);
  });

  it('is named as missing where it is not made yet', async () => {
    const data = join(await temporaryFolder(), 'none');
    const jwt = { secretOrPublicKeyFile: join(data, 'demo-public.pem') };
    const starting = tryOut({ jwt }, { data });
    await expect(starting).rejects.toThrow(CannotStart);
    await expect(starting).rejects.toThrow('jwt.secretOrPublicKeyFile: ');
  });
});

describe("somebody else's key", () => {
  it.each([
    { name: 'alone', jwt: { secretOrPublicKey: SECRET } },
    {
      name: 'beside a public key',
      jwt: [
        { secretOrPublicKey: SECRET, issuer: 'https://a/' },
        { secretOrPublicKey: somebodysPublicKey(), issuer: 'https://b/' },
      ],
    },
  ])('a secret of the configuration signs nothing, and no credential is made: $name', async ({ jwt }) => {
    const data = await temporaryFolder();
    const { token, lines, statuses } = await tryOut({ jwt, routes: ROUTES }, { data });
    expect([token, statuses]).toEqual([undefined, [401]]);
    expect(lines.join('\n')).not.toMatch(/eyJ/);
    expect(lines[0]).toContain('token create KEYID');
    for (const group of ['users', 'credentials']) {
      expect(await boundTo('--data', data).quiet(`${group} list`), group).toBe('');
    }
  });

  it('makes the scopes of the routes all the same, for credentials to be given them; again as well', async () => {
    const data = await temporaryFolder();
    const routes = [...ROUTES, { paths: ['/stock'], scopes: ['orders:write', 'stock:read'] }];
    const { run, quiet, json } = boundTo('--data', data);
    await tryOut({ jwt: { secretOrPublicKey: somebodysPublicKey() }, routes: ROUTES }, { data });
    expect(await quiet('scopes list')).toBe('orders:write');
    await tryOut({ jwt: { secretOrPublicKey: somebodysPublicKey() }, routes }, { data });
    expect((await quiet('scopes list')).split('\n').sort()).toEqual(['orders:write', 'stock:read']);
    await json('users create -p username=ann');
    await json('credentials create -c ann -p keyId=ann-1');
    expect((await run('credentials scopes add orders:write --id ann-1')).code).toBe(0);
  });

  it('leaves the tokens to a policy whose key was made here', async () => {
    const jwt = [
      { secretOrPublicKey: SECRET, issuer: 'https://a/' },
      { ...HS256, issuer: 'https://b/' },
    ];
    const { token = '', statuses } = await tryOut({ jwt, routes: ROUTES });
    expect(statuses).toEqual([200, 401, 403, 200]);
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ iss: 'https://b/' });
  });

  it('starts all the same, says that no token can be made, and gives 401', async () => {
    const { token, lines, statuses } = await tryOut({ jwt: { secretOrPublicKey: somebodysPublicKey() } });
    expect(token).toBeUndefined();
    expect(lines[0]).toContain('no token can be made');
    expect(statuses).toEqual([401]);
  });
});

function somebodysPublicKey(): string {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
}
