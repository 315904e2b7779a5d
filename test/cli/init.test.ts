/** The first configuration: from options, from answers, and never over one that is there. */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import type { Answers } from '../../bin/init/answers.ts';
import { constructLines } from '../../bin/init/next-steps.ts';
import { renderConfig } from '../../bin/init/render.ts';
import { loadConfigFile, loadConfigText } from '../../lambda/config/load.ts';
import { policySchema, topLevelEntries } from '../../lambda/config/schema.ts';
import { JwtAuthorizer } from '../../lib/jwt-authorizer.ts';
import { runCommand, temporaryFolder } from '../e2e/command.ts';
import { serve } from '../keys/support.ts';
import { closeAtEnd } from '../support/gateway.ts';
import { cli } from './cli.ts';

const ISSUER = 'https://id.example.com/';

async function place() {
  const folder = await temporaryFolder();
  const config = join(folder, 'authorizer.config.yml');
  const run = (line: string, typed?: readonly string[]) =>
    cli(
      ['init', '--config', config, '--offline', ...line.split(' ').filter((word) => word !== '')],
      typed?.map((one) => `${one}\n`).join(''),
      false,
      {
        isAsked: typed !== undefined,
      },
    );
  return { folder, config, run, written: () => parse(readFileSync(config, 'utf8')) as unknown };
}

function publicKeyIn(folder: string, name = 'public.pem'): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const path = join(folder, name);
  writeFileSync(path, publicKey.export({ type: 'spki', format: 'pem' }));
  return path;
}

/** An issuer that names itself as it is told to. */
async function issuer(alg = 'ES256') {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const names = { issuer: '' };
  const server = closeAtEnd(
    await serve((request, response) => {
      const metadata = { issuer: names.issuer, jwks_uri: `${server.origin}/jwks` };
      const keySet = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'a', alg }] };
      response.end(JSON.stringify(request.url === '/jwks' ? keySet : metadata));
    }),
  );
  names.issuer = server.origin;
  return { url: server.origin, names, close: () => server.close() };
}

describe('init without a terminal', () => {
  test.each<[string, object]>([
    [
      `--issuer ${ISSUER} --audience orders-api`,
      {
        jwt: {
          discovery: true,
          algorithms: ['RS256'],
          issuer: ISSUER,
          audience: 'orders-api',
          jwtExtractor: 'authBearer',
          checkCredentialExistence: false,
        },
      },
    ],
    [
      `--issuer ${ISSUER} --any-audience --managed`,
      {
        jwt: {
          discovery: true,
          algorithms: ['RS256'],
          issuer: ISSUER,
          anyAudience: true,
          jwtExtractor: 'authBearer',
          checkCredentialExistence: true,
        },
      },
    ],
    [
      `--issuer ${ISSUER} --jwks-uri https://id.example.com/keys --audience a --audience b --algorithm ES256`,
      {
        jwt: {
          jwksUri: 'https://id.example.com/keys',
          algorithms: ['ES256'],
          issuer: ISSUER,
          audience: ['a', 'b'],
          jwtExtractor: 'authBearer',
          checkCredentialExistence: false,
        },
      },
    ],
    [
      '--generate-secret --token cookie:session --upstream https://orders.example.com',
      {
        jwt: {
          secret: 'generate',
          algorithms: ['HS256'],
          jwtExtractor: 'cookie',
          jwtExtractorField: 'session',
          checkCredentialExistence: true,
        },
        upstream: 'https://orders.example.com',
      },
    ],
    [
      '--generate-secret --no-managed --token bearer --rest-api-id a1b2c3d4e5 --stage prod --stage test',
      {
        jwt: {
          secret: 'generate',
          algorithms: ['HS256'],
          jwtExtractor: 'authBearer',
          checkCredentialExistence: false,
        },
        restApi: { id: 'a1b2c3d4e5', stages: ['prod', 'test'], attachWith: 'command' },
      },
    ],
  ])('%s', async (line, expected) => {
    const { config, run, written } = await place();
    const ran = await run(line);
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 0, stdout: '' });
    expect(written()).toEqual(expected);
    expect(loadConfigFile(config)).toMatchObject({ ok: true });
  });

  it('takes a key file relative to the configuration, and the algorithm that the key can do', async () => {
    const { folder, run, written } = await place();
    expect((await run(`--key-file ${publicKeyIn(folder)}`)).code).toBe(0);
    expect(written()).toMatchObject({
      jwt: { secretOrPublicKeyFile: './public.pem', algorithms: ['RS256'] },
    });
  });

  test.each([
    ['', ['--issuer', '--key-file', '--generate-secret']],
    [`--issuer ${ISSUER}`, ['--audience', '--any-audience']],
    ['--jwks-uri https://id.example.com/keys', ['--issuer', '--audience']],
    ['--generate-secret --rest-api-id a1b2c3d4e5', ['--stage']],
    ['--rest-api-id a1b2c3d4e5', ['--generate-secret', '--stage']],
  ])('with "%s" names all that is missing, and writes nothing', async (line, named) => {
    const { folder, run } = await place();
    const ran = await run(line);
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 2, stdout: '' });
    for (const option of named) expect(ran.stderr).toContain(option);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    '--key-file a --generate-secret',
    `--issuer ${ISSUER} --audience a --any-audience`,
    '--generate-secret --stage prod',
    '--generate-secret --rest-api-id a1b2c3d4e5 --stage prod --upstream https://x.example.com',
    '--generate-secret --token body',
    '--generate-secret --token header:',
    '--generate-secret --token header:a,b',
  ])('%s is wrong usage', async (line) => {
    const { folder, run } = await place();
    expect((await run(line)).code).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    ['--issuer nonsense --audience a', 'jwt.issuer'],
    ['--issuer http://id.example.com --audience a', 'jwt.issuer'],
    ['--generate-secret --algorithm RS256', 'jwt.algorithms'],
    ['--generate-secret --rest-api-id UPPER --stage prod', 'restApi.id'],
    ['--generate-secret --upstream ftp://x', 'upstream'],
    ['--key-file /nowhere/public.pem', 'jwt.secretOrPublicKeyFile'],
  ])('%s: what the check refuses is not written', async (line, path) => {
    const { folder, run } = await place();
    const ran = await run(line);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(`  ${path}: `);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a file that is there', () => {
  it('stays, byte for byte, and gives way to --force', async () => {
    const { config, folder, run, written } = await place();
    writeFileSync(config, 'of somebody else');
    const refused = await run('--generate-secret');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('--force');
    expect(readFileSync(config, 'utf8')).toBe('of somebody else');
    expect((await run('--generate-secret --force')).code).toBe(0);
    expect(written()).toMatchObject({ jwt: { secret: 'generate' } });
    expect(readdirSync(folder)).toEqual(['authorizer.config.yml']);
  });

  it('stays with --force where the new one would be refused', async () => {
    const { config, run } = await place();
    writeFileSync(config, 'of somebody else');
    expect((await run('--generate-secret --algorithm RS256 --force')).code).toBe(1);
    expect(readFileSync(config, 'utf8')).toBe('of somebody else');
  });

  it('is nothing that a link leads to', async () => {
    const { config, folder, run } = await place();
    symlinkSync(join(folder, 'elsewhere'), config);
    expect((await run('--generate-secret')).code).toBe(1);
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
  });

  it('does not stand in the way of --dry-run, which prints the very file', async () => {
    const { config, folder, run } = await place();
    await run('--generate-secret');
    const before = readFileSync(config, 'utf8');
    const { code, stdout } = await run('--generate-secret --dry-run');
    expect({ code, stdout }).toEqual({ code: 0, stdout: before });
    expect(readdirSync(folder)).toEqual(['authorizer.config.yml']);
  });
});

describe('init on a terminal', () => {
  it('asks for what is not given, and again where the check says no', async () => {
    const { run, written } = await place();
    const typed = [
      '1',
      'id.example.com',
      ISSUER,
      '',
      'orders-api, shop',
      '4',
      'a b',
      'session',
      '2',
      '1',
      '',
    ];
    const ran = await run('', typed);
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 0, stdout: '' });
    expect(written()).toMatchObject({
      jwt: {
        discovery: true,
        issuer: ISSUER,
        audience: ['orders-api', 'shop'],
        jwtExtractor: 'cookie',
        jwtExtractorField: 'session',
        checkCredentialExistence: true,
      },
    });
  });

  test.each([
    ['--issuer id.example.com', 'jwt.issuer'],
    ['--issuer http://id.example.com', 'jwt.issuer'],
    ['--jwks-uri id.example.com/keys', 'jwt.jwksUri'],
    ['--key-file /nowhere/public.pem', 'jwt.secretOrPublicKeyFile'],
    ['--generate-secret --algorithm RS256', 'jwt.algorithms'],
    ['--upstream ftp://x', 'upstream'],
    ['--rest-api-id UPPER', 'restApi.id'],
  ])('%s is complained of before the first question', async (line, path) => {
    const { folder, run } = await place();
    const ran = await run(line, []);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(`  ${path}: `);
    expect(ran.stderr).not.toMatch(/\?|Number/);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    `--issuer ${ISSUER}`,
    '--jwks-uri https://id.example.com/keys',
    '--issuer http://127.0.0.1:9/realms/orders',
    '--any-audience',
    '--algorithm RS256',
    '--rest-api-id a1b2c3d4e5',
  ])('%s is enough to begin with', async (line) => {
    const { run } = await place();
    // The input ends at the first question.
    expect((await run(line, [])).code).toBe(130);
  });

  it('takes the defaults for empty lines', async () => {
    const { run, written } = await place();
    expect((await run('', ['3', '', '', '', '', '', ''])).code).toBe(0);
    expect(written()).toEqual({
      jwt: {
        secret: 'generate',
        algorithms: ['HS256'],
        jwtExtractor: 'authBearer',
        checkCredentialExistence: true,
      },
    });
  });

  it('asks for an API that exists, and says how it is attached', async () => {
    const { run, written } = await place();
    const typed = ['2', 'A B', 'a1b2c3d4e5', '', 'prod test'];
    const ran = await run('--generate-secret --issuer x --audience a --token bearer --managed', typed);
    expect(ran.code).toBe(0);
    expect(written()).toMatchObject({ restApi: { id: 'a1b2c3d4e5', stages: ['prod', 'test'] } });
    expect(ran.stderr).toContain('npx jwt-authorizer attach --dry-run');
  });

  it('asks nothing with --yes', async () => {
    const { run } = await place();
    expect((await run('--yes', [])).code).toBe(2);
    expect((await run('--yes --generate-secret', [])).code).toBe(0);
  });

  test.each([[[]], [['3', '']]])('%j and no more: nothing is written', async (typed) => {
    const { folder, run } = await place();
    expect((await run('', typed)).code).toBe(130);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the issuer', () => {
  const init = async (url: string, ...more: readonly string[]) => {
    const { config, written } = await place();
    const ran = await cli(['init', '--config', config, '--issuer', url, '--audience', 'a', ...more]);
    return { ...ran, config, written };
  };

  it('is asked for the algorithms of its keys', async () => {
    const { url } = await issuer();
    const { code, written } = await init(url);
    expect(code).toBe(0);
    expect(written()).toMatchObject({ jwt: { algorithms: ['ES256'] } });
  });

  it('is not asked with --offline, nor where the algorithms were said', async () => {
    const { url, close } = await issuer();
    await close();
    const offline = await init(url, '--offline');
    const told = await init(url, '--algorithm', 'PS256');
    expect([offline.code, told.code]).toEqual([0, 0]);
    expect(offline.stderr + told.stderr).not.toContain('ECONNREFUSED');
    expect(told.written()).toMatchObject({ jwt: { algorithms: ['PS256'] } });
  });

  it('that does not answer is told of, and is no reason not to write', async () => {
    const { url, close } = await issuer();
    await close();
    const { code, stderr, config } = await init(url);
    expect(code).toBe(0);
    expect(stderr).toContain('ECONNREFUSED');
    expect(existsSync(config)).toBe(true);
  });

  it.each([['--issuer'], ['--issuer=']])(
    'that has a slash too many is told of with the line to type: %s',
    async (option) => {
      const { url } = await issuer();
      const { config, written } = await place();
      const of = option.endsWith('=') ? [`${option}${url}/`] : [option, `${url}/`];
      const first = await cli(['init', ...of, '--audience', "ann's api", '--config', config]);
      expect(first.code).toBe(0);
      const [, line = ''] = /^warning: .*: npx jwt-authorizer (.*)$/m.exec(first.stderr) ?? [];
      // As a shell reads it.
      const words = execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' });
      expect(line).toMatch(/ --force$/);
      const second = await cli(words.trimEnd().split('\n'));
      expect(second.code).toBe(0);
      expect(second.stderr).not.toContain('warning: ');
      expect(written()).toMatchObject({ jwt: { issuer: url, audience: "ann's api" } });
    },
  );

  it('that names itself with a slash more is told of, and on a terminal asked again', async () => {
    const { url, names } = await issuer();
    names.issuer = `${url}/`;
    expect((await init(url)).stderr).toContain(`calls itself ${url}/`);
    const { config, written } = await place();
    const typed = [url, `${url}/`].map((one) => `${one}\n`).join('');
    const line = [
      'init',
      '--config',
      config,
      '--audience',
      'a',
      '--token',
      'bearer',
      '--managed',
      '--new-api',
    ];
    const { code } = await cli(line, `1\n${typed}`, false, { isAsked: true });
    expect(code).toBe(0);
    expect(written()).toMatchObject({ jwt: { issuer: `${url}/` } });
  });
});

const text = fc.string({ minLength: 1, unit: 'binary' });
const arbitraryAnswers: fc.Arbitrary<Answers> = fc.record({
  key: fc.constantFrom<Answers['key']>({ kind: 'generated' }, { kind: 'discovery' }),
  issuer: fc.constant(ISSUER),
  algorithms: fc.constant(['RS256']),
  token: fc.constantFrom<Answers['token']>(
    { jwtExtractor: 'authBearer' },
    { jwtExtractor: 'query', jwtExtractorField: 'token' },
  ),
  audience: fc.array(text, { maxLength: 3 }),
  isManaged: fc.boolean(),
  api: fc.constantFrom<Answers['api']>(
    { kind: 'new' },
    { kind: 'new', upstream: 'https://orders.example.com' },
    { kind: 'existing', id: 'a1b2c3', stages: ['prod'] },
  ),
});

describe('the file', () => {
  it('says what was answered, whatever the texts hold, and names every option once', () => {
    fc.assert(
      fc.property(arbitraryAnswers, (answers) => {
        const algorithms = answers.key.kind === 'generated' ? ['HS256'] : ['RS256'];
        const yaml = renderConfig({ ...answers, algorithms }, 'authorizer.config.yml', undefined);
        const loaded = loadConfigText(yaml, 'authorizer.config.yml');
        expect(loaded).toMatchObject({ ok: true });
        if (!loaded.ok) return;
        const [policy] = loaded.config.policies;
        expect(policy).toMatchObject({
          audience: answers.audience,
          checkCredentialExistence: answers.isManaged,
        });
        expect(loaded.config.restApi?.id).toBe(answers.api.kind === 'existing' ? 'a1b2c3' : undefined);
        const lines = yaml.split('\n');
        const named = (name: string, indent: string) =>
          lines.filter(
            (line) => line.startsWith(`${indent}${name}:`) || line.startsWith(`${indent}# ${name}:`),
          );
        for (const name of Object.keys(policySchema.entries)) expect(named(name, '  ')).toHaveLength(1);
        for (const name of Object.keys(topLevelEntries)) expect(named(name, '')).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the rule that the file shows', () => {
  const problemsOf = (yaml: string) => {
    const loaded = loadConfigText(yaml, 'authorizer.config.yml');
    return loaded.ok ? [] : loaded.problems.map(({ code, path }) => `${code} at ${path}`);
  };
  /** As an editor does it: what begins with the option, and its lines. */
  const uncommented = (yaml: string, name: string) =>
    yaml.replace(new RegExp(`^( *)# ${name}:.*(?:\\n\\1# {3}.*)*`, 'm'), (block, indent: string) =>
      block
        .split('\n')
        .map((line) => `${indent}${line.slice(indent.length + 2)}`)
        .join('\n'),
    );
  const rules = (yaml: string) => {
    const loaded = loadConfigText(yaml, 'authorizer.config.yml');
    return loaded.ok ? loaded.config.routes.map(({ scopes }) => scopes) : undefined;
  };

  test.each([
    '--generate-secret',
    '--generate-secret --upstream https://orders.example.com',
    `--issuer ${ISSUER} --audience a --managed`,
    '--generate-secret --rest-api-id a1b2c3d4e5 --stage prod',
  ])('%s: holds when it is uncommented', async (line) => {
    const yaml = (await (await place()).run(`${line} --dry-run`)).stdout;
    expect(rules(yaml)).toEqual([]);
    const ruled = uncommented(yaml, 'routes');
    expect(problemsOf(ruled)).toEqual([]);
    expect(rules(ruled)).toEqual([['orders:write']]);
  });

  test.each([`--issuer ${ISSUER} --audience a`, '--generate-secret --no-managed'])(
    '%s: holds with the claim above it, and not without',
    async (line) => {
      const yaml = (await (await place()).run(`${line} --dry-run`)).stdout;
      const ruled = uncommented(yaml, 'routes');
      expect(problemsOf(ruled)).toEqual(['scope_source_missing at jwt']);
      const claimed = uncommented(ruled, 'scopeClaim');
      expect(problemsOf(claimed)).toEqual([]);
      expect(rules(claimed)).toEqual([['orders:write']]);
    },
  );
});

it('the construct lines protect an API as they stand', async () => {
  const { config, run } = await place();
  await run(`--issuer ${ISSUER} --audience orders-api --managed`);
  const lines = constructLines(config).filter((line) => !line.startsWith('import '));
  const stack = new Stack(new App(), 'Own');
  const make = new Function(
    'JwtAuthorizer',
    'loadConfigFile',
    'RestApi',
    [...lines, 'return api;'].join('\n'),
  );
  const api: RestApi = make.call(stack, JwtAuthorizer, loadConfigFile, RestApi);
  api.root.addMethod('GET', new MockIntegration());
  Template.fromStack(stack).hasResourceProperties('AWS::ApiGateway::Method', { AuthorizationType: 'CUSTOM' });
});

test.each([
  ['--generate-secret', /^ {2}npx jwt-authorizer token create ann-1 --config/m],
  ['--key-file KEY', /^ {2}npx jwt-authorizer token create ann-1 --key FILE --config/m],
  [`--issuer ${ISSUER} --audience a --managed`, undefined],
  ['--generate-secret --no-managed', undefined],
])('%s: a token is made by what there is to sign it', async (line, command) => {
  const { folder, run } = await place();
  const { stderr } = await run(line.replace('KEY', publicKeyIn(folder)));
  if (command === undefined) expect(stderr).not.toContain('token create');
  else expect(stderr).toMatch(command);
  // What follows a gateway that holds the terminal is for another.
  const [, between] =
    /^ {2}npx jwt-authorizer start .*\n((?:.*\n)*?) {2}npx jwt-authorizer users/m.exec(stderr) ?? [];
  expect(between?.includes('another terminal')).toBe(stderr.includes('users create') ? true : undefined);
});

it('as a process: writes, and what it says to run next is there', async () => {
  const folder = await temporaryFolder();
  const config = join(folder, 'authorizer.config.yml');
  const ended = await runCommand('init', '--generate-secret', '--config', config);
  expect(ended).toMatchObject({ code: 0, stdout: '' });
  const commands = [...ended.stderr.matchAll(/^ {2}npx jwt-authorizer ([a-z: ]*[a-z])/gm)].map(
    ([, words = '']) => words,
  );
  expect(commands).toEqual(['doctor', 'start', 'users create', 'credentials create', 'token create ann']);
  for (const words of commands) {
    const names = words.split(' ').filter((word) => word !== 'ann');
    expect((await runCommand(...names, '--help')).stdout).toContain(`jwt-authorizer ${names.join(' ')}`);
  }
  expect((await runCommand('init', '--generate-secret', '--config', config)).code).toBe(1);
  const steps = [
    'users create -p username=ann',
    'credentials create -c ann -p keyId=ann-1',
    'token create ann-1',
  ];
  for (const step of steps)
    expect(await runCommand(...step.split(' '), '--config', config)).toMatchObject({ code: 0 });
});
