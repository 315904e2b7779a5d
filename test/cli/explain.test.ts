/** The command itself: what is asked, where the token goes, exit codes, and what cannot be told from here. */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, test } from 'vitest';
import type { Explanation } from '../../bin/explain/explanation.ts';
import { configFile, runCommand, start, temporaryFolder } from '../e2e/command.ts';
import { expectValue, startTable } from '../e2e/table.ts';
import { nowSeconds, OTHER_SECRET, SECRET, token } from '../e2e/tokens.ts';
import { serve } from '../keys/support.ts';
import { startCloudFormation } from '../support/cloud-formation.ts';
import { type ConfigFile, closeAtEnd } from '../support/gateway.ts';
import { requestEvent, tokenEvent } from '../support/requests.ts';
import { boundTo, cli, dataFolder } from './cli.ts';
import { withEnvironment } from './environment.ts';

const UNCONTROLLED = { secretOrPublicKey: SECRET, algorithms: ['HS256'], checkCredentialExistence: false };

interface Asked {
  readonly code: number;
  readonly said: Explanation;
  readonly text: string;
}

/** Both ways of writing it, neither of which shows the signature of a token that was given. */
async function explain(file: ConfigFile, args: readonly string[], stdin = ''): Promise<Asked> {
  const config = await configFile(file);
  const all = ['explain', '--config', config, ...args];
  const [json, text] = [await cli([...all, '--json'], stdin), await cli(all, stdin)];
  expect({ stderr: json.stderr, code: text.code }).toEqual({ stderr: '', code: json.code });
  const given = [...args, stdin].join(' ').matchAll(/[\w-]+\.[\w-]+\.([\w-]{8,})/g);
  const written = json.stdout + text.stdout;
  for (const [whole, signature = ''] of given) {
    expect(written).not.toContain(signature);
    expect(written).not.toContain(whole);
  }
  for (const secret of [SECRET, OTHER_SECRET]) expect(written).not.toContain(secret);
  return { code: json.code, said: JSON.parse(json.stdout) as Explanation, text: text.stdout };
}

const stepOf = ({ steps }: Explanation, name: string) => steps.find(({ step }) => step === name);

describe('the token goes where the policy looks', () => {
  test.each<[string, ConfigFile]>([
    ['authBearer', {}],
    ['authScheme', { jwtExtractor: 'authScheme', jwtExtractorField: 'JWT' }],
    ['header', { jwtExtractor: 'header', jwtExtractorField: 'X-Token' }],
    ['query', { jwtExtractor: 'query', jwtExtractorField: 'access_token' }],
    ['cookie', { jwtExtractor: 'cookie', jwtExtractorField: 'session' }],
  ])('%s', async (_, place) => {
    const { code, said } = await explain({ jwt: { ...UNCONTROLLED, ...place } }, [
      '--token',
      token(),
      '--path',
      '/a?b=c',
    ]);
    expect({ code, said }).toMatchObject({ code: 0, said: { decision: 'allowed', request: { path: '/a' } } });
  });

  it('of the policy that is for its issuer', async () => {
    const [a, b] = ['https://a.example/', 'https://b.example/'];
    const jwt = [
      { ...UNCONTROLLED, issuer: a, passThrough: true },
      {
        ...UNCONTROLLED,
        issuer: b,
        secretOrPublicKey: OTHER_SECRET,
        jwtExtractor: 'header',
        jwtExtractorField: 'X-B',
      },
    ];
    const { said } = await explain({ jwt }, ['--token', token({ iss: b }, { secret: OTHER_SECRET })]);
    expect(said.decision).toBe('allowed');
    expect(stepOf(said, 'signature')).toMatchObject({ policy: 1, outcome: 'passed' });
  });

  it('whose key lies in a file, which is named as the configuration names it', async () => {
    const file = join(await temporaryFolder(), 'secret');
    await writeFile(file, SECRET);
    const jwt = { ...UNCONTROLLED, secretOrPublicKey: undefined, secretOrPublicKeyFile: file };
    const { said } = await explain({ jwt }, ['--token', token()]);
    expect(stepOf(said, 'key')?.text).toContain(`(secretOrPublicKeyFile ${file})`);
  });

  it('from standard input, with or without its scheme', async () => {
    for (const stdin of [`${token()}\n`, `Bearer ${token()}`])
      expect((await explain({ jwt: UNCONTROLLED }, ['--token', '-'], stdin)).code).toBe(0);
  });

  it('or as a header that is given', async () => {
    const header = (value: string) => ['--header', `Authorization: ${value}`];
    expect((await explain({ jwt: UNCONTROLLED }, header(`Bearer ${token()}`))).code).toBe(0);
    const { said } = await explain({ jwt: UNCONTROLLED }, header('Basic eDp5'));
    expect(said).toMatchObject({ decision: 'denied', code: 'token_missing' });
    const twice = await explain({ jwt: UNCONTROLLED }, ['--token', token(), ...header(`Bearer ${token()}`)]);
    // A TOKEN event has one text for both.
    expect(twice.said.code).toBe('token_malformed');
  });
});

describe('an event', () => {
  const file = async (event: unknown) => {
    const path = join(await temporaryFolder(), 'event.json');
    await writeFile(path, JSON.stringify(event));
    return path;
  };
  const bearer = (value: string) => ({ headers: [['Authorization', `Bearer ${value}`]] as const });

  it.each([
    ['TOKEN', tokenEvent(`Bearer ${token()}`)],
    ['REQUEST', requestEvent(bearer(token()))],
  ])('of type %s', async (_, event) => {
    const { code, said } = await explain({ jwt: UNCONTROLLED }, ['--event', await file(event)]);
    expect({ code, decision: said.decision }).toEqual({ code: 0, decision: 'allowed' });
    const read = await explain({ jwt: UNCONTROLLED }, ['--event', '-'], JSON.stringify(event));
    expect(read.said.decision).toBe('allowed');
  });

  it.each<[string, object, string | undefined]>([
    ['as a list', { roles: ['r', 'w'] }, 'roles'],
    ['as a text', { scp: 'r w' }, 'scp'],
    ['below a claim', { realm_access: { roles: ['w'] } }, '[realm_access, roles]'],
    ['of another name', { roles: ['r'] }, undefined],
    ['nowhere', {}, undefined],
  ])('a scope that the token has in another claim, %s', async (_, claims, named) => {
    const config = {
      jwt: { ...UNCONTROLLED, scopeClaim: 'scope' },
      routes: [{ paths: ['/orders'], scopes: ['w'] }],
    };
    const event = requestEvent(bearer(token({ scope: 'r', ...claims })));
    const { said } = await explain(config, ['--event', await file(event)]);
    const remedy = stepOf(said, 'rule')?.remedy ?? '';
    expect(remedy).toContain('put w into the claim `scope`');
    if (named === undefined) expect(remedy).not.toContain('scopeClaim');
    else expect(remedy).toContain(`in ${named}, which scopeClaim`);
  });

  it('is evaluated for its own method ARN, and cached by its own resource', async () => {
    const config = {
      jwt: { ...UNCONTROLLED, scopeClaim: 'scope' },
      routes: [{ paths: ['/orders'], scopes: ['w'] }],
    };
    const event = requestEvent(bearer(token({ scope: 'r' })));
    const { code, said } = await explain(config, ['--event', await file(event)]);
    expect(code).toBe(1);
    expect(said).toMatchObject({
      code: 'scope_missing',
      publicCode: 'scope_missing',
      request: { resource: '/orders' },
      response: { status: 403 },
      cache: {
        seconds: 300,
        identitySources: [
          'method.request.header.Authorization',
          'context.resourcePath',
          'context.httpMethod',
        ],
      },
    });
  });

  it.each([
    ['a TOKEN event where routes have scopes', tokenEvent(`Bearer ${token({ scope: 'w' })}`)],
    ['no event at all', { hello: 'world' }],
    ['no object', [1]],
    ['a resource that is none', requestEvent({ resource: 'no/slash', headers: bearer(token()).headers })],
  ])('that the function fails on: %s', async (_, event) => {
    const config = {
      jwt: { ...UNCONTROLLED, scopeClaim: 'scope' },
      routes: [{ paths: ['/orders'], scopes: ['w'] }],
    };
    const { code, said } = await explain(config, ['--event', await file(event)]);
    expect({ code, decision: said.decision, status: said.response.status }).toEqual({
      code: 1,
      decision: 'failed',
      status: 500,
    });
  });

  it('that is no JSON is not repeated', async () => {
    const { code, stdout, stderr } = await cli(
      ['explain', '--config', await configFile({ jwt: UNCONTROLLED }), '--event', '-'],
      `{"authorizationToken": "${token()}`,
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).not.toContain('eyJ');
  });
});

describe('before the function is asked', () => {
  const jwt = UNCONTROLLED;

  it('a missing identity source is API Gateway’s own 401', async () => {
    const { said, code } = await explain({ jwt }, ['--path', '/a']);
    expect(code).toBe(1);
    expect(said).toMatchObject({
      decision: 'denied',
      code: 'identity_source_missing',
      response: { status: 401 },
      cache: { seconds: 0, identitySources: [] },
    });
  });

  it('says where the token belongs, not only that it is not there', async () => {
    const query = { ...jwt, jwtExtractor: 'query', jwtExtractorField: 'access_token' };
    const { said } = await explain({ jwt: query }, ['--header', `X-Token: ${token()}`]);
    expect(said.code).toBe('identity_source_missing');
    expect(stepOf(said, 'identity')?.remedy).toContain('access_token');
  });

  it('so is a method that there is not', async () => {
    const { said } = await explain({ jwt }, ['--method', 'TRACE', '--token', token()]);
    expect(said).toMatchObject({ code: 'no_such_method', response: { status: 403 } });
  });

  it('a CORS preflight needs no token', async () => {
    const { said, code } = await explain({ jwt, cors: { allowOrigins: '*' } }, ['--method', 'options']);
    expect({ code, status: said.response.status }).toEqual({ code: 0, status: 204 });
  });
});

test('how soon a right that is taken away ends is told to who has it', async () => {
  const { said, text } = await explain({ jwt: UNCONTROLLED }, ['--token', token()]);
  expect(said.revocation).toMatchObject({ seconds: null, secondsWithoutFlushes: null });
  expect(text).toContain(said.revocation.text);
  const controlled = {
    jwt: { secretOrPublicKey: SECRET, algorithms: ['HS256'] },
    credentialCacheSeconds: 60,
  };
  const denied = await explain(controlled, ['--token', token({ exp: 1 })]);
  expect(denied.said.revocation).toMatchObject({ seconds: 70, secondsWithoutFlushes: 370 });
  expect(denied.text).not.toContain(denied.said.revocation.text);
});

test('a usage plan asks for an API key of the caller', async () => {
  const plans = { gold: { rateLimit: 10, burstLimit: 20 } };
  const config = await configFile({ jwt: { secretOrPublicKey: SECRET, algorithms: ['HS256'] }, plans });
  const place = boundTo('--data', await dataFolder(), '--config', config);
  await place.run('users create -p username=ann');
  await place.run('credentials create -c ann -p keyId=without');
  await place.run('credentials create -c ann -p keyId=within --plan gold');
  const ask = (sub: string) => place.run('explain --json --token', token({ sub }));
  expect((await ask('within')).code).toBe(0);
  const { code, stdout } = await ask('without');
  expect({ code, said: JSON.parse(stdout) }).toMatchObject({
    code: 1,
    said: { decision: 'denied', code: 'api_key_missing', response: { status: 403 }, cache: { seconds: 300 } },
  });
});

describe('passThrough', () => {
  const jwt = { ...UNCONTROLLED, passThrough: true };

  it.each([
    ['no token', ['--path', '/a'], 'token_missing'],
    ['a token that is over', ['--token', token({ exp: 1 })], 'token_expired'],
  ])('lets %s through as anonymous, and says why', async (_, args, code) => {
    const { said } = await explain({ jwt }, args);
    expect(said).toMatchObject({ decision: 'allowed', response: { principalId: 'anonymous' } });
    const denied = said.steps.filter(({ outcome }) => outcome === 'denied');
    expect(denied.map((step) => step.code)).toEqual([code]);
    expect(denied[0]?.remedy).toBeUndefined();
  });
});

test('--at: another moment', async () => {
  const at = (seconds: number) => ['--at', new Date(seconds * 1000).toISOString()];
  const [now, exp] = [nowSeconds(), nowSeconds() + 600];
  for (const [args, code] of [
    [at(now), 0],
    [at(exp - 1), 0],
    [at(exp), 1],
    [['--at', String(exp)], 1],
  ] as const) {
    expect((await explain({ jwt: UNCONTROLLED }, ['--token', token({ exp }), ...args])).code).toBe(code);
  }
});

describe('wrong usage', () => {
  test.each([
    [[], 'nothing is asked'],
    [['--event', 'e.json', '--token', 'x'], 'two questions'],
    [['--token', 'x', '--table', 't', '--data', 'd'], 'two places'],
    [['--token', 'x', '--table', 't', '--stack', 's'], 'a table, and the stack that has one'],
    [['--token', 'x', '--stack', 's', '--data', 'd'], 'a stack, and what is here'],
    [['--token', 'x', '--path', 'orders'], 'a path without its slash'],
    [['--token', 'x', '--path', '/a b'], 'a path with a space'],
    [['--token', 'x', '--method', 'G ET'], 'no method'],
    [['--token', 'x', '--header', 'no colon'], 'no header'],
    [['--token', 'x', '--header', 'a: b\r\nc: d'], 'two headers in one'],
    [['--token', 'a b'], 'a token with a space'],
    [['--token', 'x', '--at', 'noon'], 'no time'],
  ])('%j: %s', async (args) => {
    const config = await configFile({ jwt: UNCONTROLLED });
    const { code, stdout } = await cli(['explain', '--config', config, ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('a deployed stack', () => {
  const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders-AbCdEf';
  const CONTROLLED = { jwt: { secret: 'generate', algorithms: ['HS256'] } };
  const GENERATED = { jwt: { ...CONTROLLED.jwt, checkCredentialExistence: false } };

  /** With one credential, k1, and a secret that answers in one region. */
  async function deployed() {
    const { endpoint, tableName, store } = await startTable();
    const ann = expectValue(await store.createUser({ username: 'ann' }));
    expectValue(await store.createCredential({ consumerId: ann.id, keyId: 'k1' }));
    const cloud = closeAtEnd(await startCloudFormation());
    const asked: string[] = [];
    const secrets = closeAtEnd(
      await serve(async (request, response) => {
        const { SecretId } = JSON.parse(await text(request)) as { SecretId: string };
        asked.push(`${request.headers.authorization?.split('/')[2]} ${SecretId}`);
        response.setHeader('content-type', 'application/x-amz-json-1.1');
        response.end(JSON.stringify({ ARN: SecretId, SecretString: SECRET }));
      }),
    );
    cloud.stacks.set('Orders', { outputs: { CredentialsTableName: tableName, GeneratedSecretArn0: ARN } });
    cloud.stacks.set('NoSecret', { outputs: { CredentialsTableName: tableName } });
    cloud.stacks.set('NoTable', { outputs: { GeneratedSecretArn0: ARN } });
    const environment = {
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_ENDPOINT_URL_CLOUDFORMATION: cloud.origin,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.origin,
    };
    const ask = (file: ConfigFile, ...place: readonly string[]) =>
      withEnvironment(environment, () =>
        explain(file, ['--token', token({ sub: 'k1' }), ...place, '--region', 'eu-west-1']),
      );
    const fails = async (...place: readonly string[]) => {
      const args = ['explain', '--config', await configFile(CONTROLLED), '--token', token(), ...place];
      return withEnvironment({ ...environment, AWS_REGION: 'eu-west-1' }, () => cli(args));
    };
    return { ask, fails, asked, tableName };
  }

  it('names its table and its secret, which are asked in the region', async () => {
    const { ask, asked } = await deployed();
    const { code, said } = await ask(CONTROLLED, '--stack', 'Orders');
    expect({ code, said }).toMatchObject({ code: 0, said: { decision: 'allowed' } });
    expect(stepOf(said, 'credential')).toMatchObject({ outcome: 'passed' });
    expect(new Set(asked)).toEqual(new Set([`eu-west-1 ${ARN}`]));
  });

  it('without the secret, and a table alone: what to give is told', async () => {
    const { ask, asked, tableName } = await deployed();
    const remedyOf = async (...place: readonly string[]) => {
      const { code, said } = await ask(CONTROLLED, ...place);
      expect({ code, reason: said.code }).toEqual({ code: 3, reason: 'key_unreachable' });
      return stepOf(said, 'key')?.remedy;
    };
    const ofStack = await remedyOf('--stack', 'NoSecret');
    expect(ofStack).toContain('NoSecret has no output GeneratedSecretArn0');
    const ofTable = await remedyOf('--table', tableName);
    for (const part of ['--stack', 'GeneratedSecretArn0']) expect(ofTable).toContain(part);
    expect(asked).toEqual([]);
  });

  it('needs a table where the configuration does', async () => {
    const { ask, fails } = await deployed();
    expect((await ask(GENERATED, '--stack', 'NoTable')).code).toBe(0);
    for (const [stack, named] of [
      ['NoTable', 'CredentialsTableName'],
      ['Nowhere', 'Nowhere'],
    ] as const) {
      const { code, stdout, stderr } = await fails('--stack', stack);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(named);
    }
  });
});

describe('what cannot be reached from here', () => {
  const steps = (said: Explanation, isVerified: boolean) =>
    said.steps.filter(({ verified }) => (verified === undefined) === isVerified);

  it('a key: the claims as they stand, marked', async () => {
    const jwt = {
      jwksUri: 'http://127.0.0.1:1/keys',
      issuer: 'https://id.example/',
      audience: 'orders',
      algorithms: ['RS256'],
      checkCredentialExistence: false,
    };
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = join(await temporaryFolder(), 'key.pem');
    await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const claims = ['-p', 'iss=https://id.example/', '-p', 'aud=orders', '-p', 'exp=1'];
    const made = await cli(['token', 'create', 'ann', '--key', key, ...claims]);
    const { code, said, text } = await explain({ jwt }, ['--token', made.stdout.trim()]);
    expect(code).toBe(3);
    expect(said).toMatchObject({ decision: 'unknown', code: 'key_unreachable', response: { status: null } });
    expect(steps(said, false).at(-1)).toMatchObject({
      name: 'exp',
      outcome: 'denied',
      code: 'token_expired',
    });
    expect(steps(said, true).some(({ step }) => step === 'claim')).toBe(false);
    expect(text).toContain('(unverified)');
  });

  it('a secret that no local run has made: none is made for it', async () => {
    const config = { jwt: { secret: 'generate', algorithms: ['HS256'] } };
    const data = await dataFolder();
    const { code, said } = await explain(config, ['--token', token(), '--data', data]);
    expect({ code, reason: said.code }).toEqual({ code: 3, reason: 'key_unreachable' });
    expect(stepOf(said, 'key')?.remedy).toContain('--stack');
    // The table as well, which the claims would need next.
    expect(said.steps.at(-2)).toMatchObject({ step: 'credential', code: 'table_unreachable' });
    expect(existsSync(data)).toBe(false);
  });

  it('the table', async () => {
    const config = { jwt: { secretOrPublicKey: SECRET, algorithms: ['HS256'] } };
    const data = await dataFolder();
    const local = await explain(config, ['--token', token({ sub: 'k1' }), '--data', data]);
    expect({ code: local.code, reason: local.said.code }).toEqual({ code: 3, reason: 'table_unreachable' });
    expect(existsSync(data)).toBe(false);
    const aws = {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'y',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
    };
    await withEnvironment(aws, async () => {
      const far = await explain(config, ['--token', token({ sub: 'k1' }), '--table', 'credentials']);
      expect(far.said).toMatchObject({ decision: 'unknown', code: 'table_unreachable' });
    });
    // What needs no table is told as ever.
    const over = await explain(config, ['--token', token({ exp: 1 }), '--data', data]);
    expect(over.said.code).toBe('token_expired');
  });

  it.each([
    [60, '70 s'],
    [0, undefined],
  ])(
    'a scope that the credential lacks; with credentialCacheSeconds: %s it counts within: %s',
    async (seconds, within) => {
      const data = await dataFolder();
      const { run } = boundTo('--data', data);
      await run('users create -p username=ann');
      await run('credentials create -c ann -p keyId=k1');
      const config = {
        jwt: { secretOrPublicKey: SECRET, algorithms: ['HS256'] },
        routes: [{ paths: ['/orders'], scopes: ['w'] }],
        credentialCacheSeconds: seconds,
      };
      const args = ['--token', token({ sub: 'k1' }), '--path', '/orders', '--data', data];
      const remedy = stepOf((await explain(config, args)).said, 'rule')?.remedy ?? '';
      expect(remedy).toContain('credentials scopes add w --id k1');
      if (within === undefined) expect(remedy).not.toContain('credentialCacheSeconds');
      else expect(remedy).toContain(`${within} (credentialCacheSeconds)`);
    },
  );

  it('and nothing of credentials’ own keys is shown', async () => {
    const config = { jwt: { credentialKey: true } };
    const [path, data] = [await configFile(config), await dataFolder()];
    const place = boundTo('--data', data);
    await place.run('users create -p username=ann');
    const keySecret = `keysecret-${'x'.repeat(60)}`;
    await place.run(
      'credentials create -c ann -p keyId=k1 -p',
      `keySecret=${keySecret}`,
      '-p',
      'apiKey=the-api-key-of-ann',
    );
    const run = async (given: string) => {
      const args = ['explain', '--config', path, '--data', data, '--token', given];
      const [json, text] = [await cli([...args, '--json']), await cli(args)];
      for (const secret of [keySecret, 'the-api-key-of-ann', given.split('.')[2] ?? ''])
        expect(json.stdout + text.stdout + json.stderr).not.toContain(secret);
      return { code: json.code, said: JSON.parse(json.stdout) as Explanation };
    };
    const good = await run(token({ sub: 'k1' }, { secret: keySecret }));
    expect({ code: good.code, text: stepOf(good.said, 'key')?.text }).toMatchObject({
      code: 0,
      text: expect.stringContaining('70 bytes'),
    });
    expect((await run(token({ sub: 'k1' }))).said.code).toBe('signature_invalid');
    const unknown = (await run(token({ sub: 'k2' }))).said;
    expect(unknown.code).toBe('credential_unknown');
    // One step, since there was no signature to hold.
    expect(
      unknown.steps.filter(({ outcome, step }) => outcome === 'denied' && step !== 'answer'),
    ).toHaveLength(1);
  });
});

test('a gateway that runs owns the table, and explain reads it all the same', async () => {
  const config = await configFile({
    jwt: { secret: 'generate', algorithms: ['HS256'] },
    credentialCacheSeconds: 0,
  });
  const data = await dataFolder();
  const place = ['--config', config, '--data', data];
  const gateway = await start(place);
  await runCommand('users', 'create', '-p', 'username=ann', ...place);
  await runCommand('credentials', 'create', '-c', 'ann', '-p', 'keyId=k1', ...place);
  const given = (await runCommand('token', 'create', 'k1', ...place)).stdout.trim();
  const ask = async () => {
    const { code, stdout } = await runCommand('explain', '--token', given, '--json', ...place);
    const { status } = await fetch(gateway.url, { headers: { authorization: `Bearer ${given}` } });
    return { code, said: JSON.parse(stdout) as Explanation, status };
  };
  expect(await ask()).toMatchObject({ code: 0, status: 200, said: { decision: 'allowed' } });
  await runCommand('credentials', 'deactivate', 'k1', ...place);
  expect(await ask()).toMatchObject({ code: 1, status: 401, said: { code: 'credential_inactive' } });
  await gateway.stop();
  // And without it, on the same data.
  const alone = await runCommand('explain', '--token', given, '--json', ...place);
  expect(JSON.parse(alone.stdout)).toMatchObject({ code: 'credential_inactive' });
});

test('for a person: the answer first, a line a step, what to do at the one that ended it', async () => {
  const config = await configFile({ jwt: { ...UNCONTROLLED, audience: 'orders' } });
  const args = [
    'explain',
    '--config',
    config,
    '--token',
    token({ aud: '\u001b[31mstock\nx' }),
    '--path',
    '/orders/7',
  ];
  const plain = await cli(args);
  const lines = plain.stdout.split('\n');
  expect(lines[0]).toMatch(/^GET \/orders\/7: denied 401, audience_mismatch /);
  const failed = lines.findIndex((line) => line.includes('[audience_mismatch]'));
  expect(lines[failed]).toMatch(/^ {2}NO aud /);
  expect(lines[failed + 1]).toMatch(/^ +-> /);
  expect(lines.filter((line) => line.includes('->'))).toHaveLength(1);
  // Texts stand under each other, and what the token says cannot write elsewhere.
  const columns = lines
    .slice(2, -1)
    .flatMap((line) => /^ {2}(?:ok|NO|- ) \S+ +/.exec(line)?.[0].length ?? []);
  expect(new Set(columns).size).toBe(1);
  expect(plain.stdout).not.toMatch(/[^\n -~…]/);

  const onScreen = { isOutWatched: true, locale: 'en_US.UTF-8' };
  expect((await cli(args, '', false, onScreen)).stdout).toContain('✗ aud');
  expect((await cli(args, '', false, { ...onScreen, locale: 'C' })).stdout).toContain('NO aud');
});
