import { createPrivateKey, createSecretKey, type KeyObject } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import jwt, { type Algorithm } from 'jsonwebtoken';
import { describe, expect, it, test } from 'vitest';
import { stringify } from 'yaml';
import { loadConfigFile } from '../../lambda/config/load.ts';
import { formatProblems } from '../../lambda/config/problem.ts';
import { cli } from '../cli/cli.ts';
import { EC, RSA, spkiPem } from '../config/keys.ts';
import { temporaryFolder } from '../e2e/command.ts';
import { expectValue, startTable } from '../e2e/table.ts';
import { type ApiOptions, startApi } from '../support/gateway.ts';
import { signedToken } from '../support/tokens.ts';
import { SECRET } from './gateway-config.ts';

type Settings = Readonly<Record<string, unknown>>;

const PUBLIC_PEM = spkiPem(RSA.publicKey);
const PRIVATE_PEM = RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const OTHER = `${SECRET}-of-another`;

/** Imports a gateway with this jwt action (or these), and serves what comes of it. */
async function imported(action: Settings | readonly Settings[], { file, table, more = {} }: Setting = {}) {
  const folder = await temporaryFolder();
  mkdirSync(join(folder, 'config'));
  if (file !== undefined) writeFileSync(join(folder, 'key'), file);
  const gateway = {
    apiEndpoints: { api: { host: '*' } },
    pipelines: {
      main: { apiEndpoints: ['api'], policies: [{ jwt: [action].flat().map((one) => ({ action: one })) }] },
    },
    ...more,
  };
  writeFileSync(join(folder, 'config/gateway.config.yml'), stringify(gateway));
  const out = join(folder, 'authorizer.config.yml');
  const { code, stderr } = await cli([
    'import',
    'gateway-config',
    join(folder, 'config/gateway.config.yml'),
    '--out',
    out,
  ]);
  if (code !== 0) throw new Error(stderr);
  const loaded = loadConfigFile(out);
  if (!loaded.ok) throw new Error(formatProblems(out, loaded.problems));
  return startApi(loaded.runtimeConfig, { ...(table && { table }) });
}

interface Setting {
  readonly file?: string | Uint8Array;
  readonly table?: ApiOptions['table'];
  readonly more?: Settings;
}

/** The call of Express Gateway 1.16: passport-jwt gives jsonwebtoken the text or the file's bytes, and these options. */
function gatewayAccepts(
  token: string,
  key: string | Buffer,
  { algorithms, audience, issuer }: Settings,
): boolean {
  const text = key.toString();
  const usual = /BEGIN (?:CERTIFICATE|PUBLIC KEY)/.test(text)
    ? ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512']
    : ['HS256', 'HS384', 'HS512'];
  try {
    jwt.verify(token, key, {
      algorithms: (algorithms ?? usual) as Algorithm[],
      audience: audience as string,
      issuer: issuer as string,
    });
    return true;
  } catch {
    return false;
  }
}

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

const CLAIMS: readonly Settings[] = [
  { sub: 'ann', exp: inSeconds(600) },
  { sub: 'ann' },
  { exp: inSeconds(600) },
  {},
  { exp: inSeconds(-60) },
  { exp: inSeconds(600), nbf: inSeconds(-60) },
  { exp: inSeconds(600), nbf: inSeconds(60) },
  { aud: 'orders' },
  { aud: ['stock', 'orders'] },
  { aud: 'stock' },
  { iss: 'https://id/' },
  { iss: 'https://id' },
  { aud: 'orders', iss: 'https://id/', exp: inSeconds(600.5) },
];

interface Case {
  readonly name: string;
  readonly action: Settings;
  readonly file?: string | Buffer;
  /** What signs: in the algorithms of its kind. */
  readonly signer: string | Buffer | KeyObject;
  readonly algorithms: readonly Algorithm[];
}

const HS: readonly Algorithm[] = ['HS256', 'HS384', 'HS512'];
const FILE = { secretOrPublicKeyFile: './key' };
const CASES: readonly Case[] = [
  { name: 'a secret', action: { secretOrPublicKey: SECRET }, signer: SECRET, algorithms: HS },
  { name: 'a short secret', action: { secretOrPublicKey: 'short' }, signer: 'short', algorithms: HS },
  {
    name: 'one of 40 bytes',
    action: { secretOrPublicKey: SECRET.slice(0, 40) },
    signer: SECRET.slice(0, 40),
    algorithms: HS,
  },
  {
    name: 'one with spaces around it',
    action: { secretOrPublicKey: ` ${SECRET} ` },
    signer: ` ${SECRET} `,
    algorithms: HS,
  },
  {
    name: 'one beyond ASCII',
    action: { secretOrPublicKey: 'şifre-🔑-'.repeat(6) },
    signer: 'şifre-🔑-'.repeat(6),
    algorithms: HS,
  },
  {
    name: 'a file with a line break',
    action: FILE,
    file: `${SECRET}\n`,
    signer: `${SECRET}\n`,
    algorithms: HS,
  },
  {
    name: 'a file of bytes',
    action: FILE,
    file: Buffer.alloc(64, 0xfe),
    signer: Buffer.alloc(64, 0xfe),
    algorithms: HS,
  },
  {
    name: 'some algorithms',
    action: { secretOrPublicKey: SECRET, algorithms: ['HS384'] },
    signer: SECRET,
    algorithms: HS,
  },
  {
    name: 'an audience and an issuer',
    action: { secretOrPublicKey: SECRET, audience: 'orders', issuer: 'https://id/' },
    signer: SECRET,
    algorithms: ['HS256'],
  },
  {
    name: 'a public key',
    action: { secretOrPublicKey: PUBLIC_PEM },
    signer: RSA.privateKey,
    algorithms: ['RS256', 'PS512'],
  },
  {
    name: 'a public key in a file',
    action: FILE,
    file: PUBLIC_PEM,
    signer: RSA.privateKey,
    algorithms: ['RS384'],
  },
  {
    name: 'an EC key',
    action: FILE,
    file: spkiPem(EC.publicKey),
    signer: EC.privateKey,
    algorithms: ['ES256'],
  },
  {
    name: 'a private key',
    action: { ...FILE, algorithms: ['RS256'] },
    file: PRIVATE_PEM,
    signer: createPrivateKey(PRIVATE_PEM),
    algorithms: ['RS256', 'RS384'],
  },
];

describe('what Express Gateway decides on a token is decided here', () => {
  it.each(CASES)('with $name', async ({ action, file, signer, algorithms }) => {
    const api = await imported({ checkCredentialExistence: false, ...action }, { ...(file && { file }) });
    const key = file ?? (action['secretOrPublicKey'] as string);
    const tokens = algorithms.flatMap((algorithm) =>
      CLAIMS.map((claims) => jwt.sign(claims, signer, { algorithm, noTimestamp: true })),
    );
    const foreign = [jwt.sign({ sub: 'ann' }, OTHER), jwt.sign({ sub: 'ann' }, 'null'), `${tokens[0]}x`];
    const verdicts: boolean[] = [];
    for (const token of [...tokens, ...foreign]) {
      // A private key verifies with its public half, which this version of jsonwebtoken wants itself.
      const isAccepted = gatewayAccepts(token, file === PRIVATE_PEM ? PUBLIC_PEM : key, action);
      const { status } = await api.send('/x', { headers: { authorization: `bearer ${token}` } });
      expect({ token, status }).toEqual({ token, status: isAccepted ? 200 : 401 });
      verdicts.push(isAccepted);
    }
    expect(new Set(verdicts).size).toBe(2);
  });
});

test('a public key is no secret, though Express Gateway was told to take it for one', async () => {
  const action = {
    secretOrPublicKey: PUBLIC_PEM,
    algorithms: ['HS256', 'RS256'],
    checkCredentialExistence: false,
  };
  const api = await imported(action);
  const forged = signedToken(JSON.stringify({ alg: 'HS256' }), JSON.stringify({ sub: 'ann' }), {
    key: createSecretKey(Buffer.from(PUBLIC_PEM)),
  });
  expect((await api.send('/', { headers: { authorization: `Bearer ${forged}` } })).status).toBe(401);
  const token = jwt.sign({}, RSA.privateKey, { algorithm: 'RS256' });
  expect((await api.send('/', { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
});

describe('the place of the token', () => {
  const token = jwt.sign({ sub: 'ann' }, SECRET);
  test.each([
    [{ jwtExtractor: 'authScheme', jwtExtractorField: 'JWT' }, '/', { authorization: `jwt ${token}` }],
    [{ jwtExtractor: 'header', jwtExtractorField: 'x-token' }, '/', { 'x-token': token }],
    [{ jwtExtractor: 'query', jwtExtractorField: 'jwt' }, `/?jwt=${token}`, {}],
  ])('%j', async (extractor, path, headers) => {
    const api = await imported({ secretOrPublicKey: SECRET, checkCredentialExistence: false, ...extractor });
    expect((await api.send(path, { headers })).status).toBe(200);
    expect((await api.send('/', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
  });
});

test('passThrough: whoever has no token is anonymous, and of two the last that accepts says who calls', async () => {
  const [a, b] = [SECRET, OTHER].map((secretOrPublicKey) => ({
    secretOrPublicKey,
    checkCredentialExistence: false,
    passThrough: true,
  }));
  const api = await imported([a ?? {}, { ...b, jwtExtractor: 'header', jwtExtractorField: 'x-token' }]);
  const tokenOf = { a: jwt.sign({ sub: 'ann' }, SECRET), b: jwt.sign({ sub: 'bob' }, OTHER) };
  for (const headers of [
    {},
    { authorization: `Bearer ${tokenOf.a}` },
    { authorization: `Bearer ${tokenOf.b}` },
    { authorization: `Bearer ${tokenOf.a}`, 'x-token': tokenOf.b },
  ])
    expect((await api.send('/', { headers })).status).toBe(200);
  expect(api.seen.map(({ headers }) => headers['x-authorizer-principal-id'])).toEqual([
    'anonymous',
    '|ann',
    'anonymous',
    '|bob',
  ]);
});

test('passThrough of one pipeline opens no path of another', async () => {
  const action = { secretOrPublicKey: SECRET, checkCredentialExistence: false, passThrough: true };
  const more = {
    apiEndpoints: { admin: { paths: '/admin/*' }, api: { host: '*' } },
    pipelines: {
      admin: { apiEndpoints: ['admin'], policies: [{ 'key-auth': null }, { proxy: null }] },
      main: { apiEndpoints: ['api'], policies: [{ jwt: [{ action }] }, { proxy: null }] },
    },
  };
  const api = await imported(action, { more });
  expect((await api.send('/admin/users', {})).status).toBe(401);
  const headers = { authorization: `Bearer ${jwt.sign({ sub: 'ann' }, SECRET)}` };
  expect((await api.send('/', { headers })).status).toBe(200);
});

describe('the controlled modality', () => {
  const bearer = (sub: string) => ({ headers: { authorization: `Bearer ${jwt.sign({ sub }, SECRET)}` } });

  it('asks for the credential, and now for the scopes of an endpoint', async () => {
    const table = await startTable();
    expectValue(await table.store.createScopes(['orders:write']));
    expectValue(await table.store.createUser({ username: 'ann' }));
    expectValue(await table.store.createCredential({ consumerId: 'ann', keyId: 'reads' }));
    expectValue(
      await table.store.createCredential({ consumerId: 'ann', keyId: 'writes', scopes: ['orders:write'] }),
    );
    const more = {
      apiEndpoints: {
        api: [{ paths: '/orders/:id', methods: 'PUT', scopes: ['orders:write'] }, { paths: '/*' }],
      },
    };
    const api = await imported({ secretOrPublicKey: SECRET }, { table, more });
    const statusOf = async (sub: string, path: string, method = 'GET') =>
      (await api.send(path, { method, ...bearer(sub) })).status;
    expect(await statusOf('reads', '/orders/7')).toBe(200);
    expect(await statusOf('writes', '/orders/7', 'PUT')).toBe(200);
    expect(await statusOf('reads', '/orders/7', 'PUT')).toBe(403);
    expect(await statusOf('reads', '/orders', 'PUT')).toBe(200);
    expect(await statusOf('nobody', '/orders/7')).toBe(401);
  });
});
