/** An API that is called: as it should be, and wrong in each way. */
import { readdir, writeFile } from 'node:fs/promises';
import type { IncomingMessage, RequestListener } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { configFile, runCommand, start, temporaryFolder } from '../e2e/command.ts';
import { closedPort } from '../e2e/policy-lists.ts';
import { nowSeconds, OTHER_SECRET, SECRET, token } from '../e2e/tokens.ts';
import { serve } from '../keys/support.ts';
import { type ConfigFile, closeAtEnd, startApi } from '../support/gateway.ts';
import { cli } from './cli.ts';
import { doctor } from './doctor.ts';

const UNCONTROLLED = { secretOrPublicKey: SECRET, algorithms: ['HS256'], checkCredentialExistence: false };
const FILE = { jwt: UNCONTROLLED };

afterEach(() => vi.unstubAllEnvs());

const ofApi = async (file: ConfigFile, ...more: readonly string[]) => {
  const { url } = await startApi(file);
  return doctor(file, ['--url', url, ...more]);
};

/** An API of somebody else's. */
async function foreign(answer: RequestListener): Promise<string> {
  return closeAtEnd(await serve(answer)).origin;
}

const hasToken = ({ headers }: IncomingMessage): boolean =>
  /^Bearer [\w-]+\.[\w-]+\.[\w-]{43}$/.test(headers.authorization ?? '');
const unauthorized: RequestListener = (_, response) =>
  void response
    .writeHead(401, { 'x-amzn-ErrorType': 'UnauthorizedException', 'www-authenticate': 'Bearer realm="api"' })
    .end('{"message":"Unauthorized"}');

const fileOf = async (content: string): Promise<string> => {
  const path = join(await temporaryFolder(), 'token');
  await writeFile(path, content);
  return path;
};

describe('an API as it should be', () => {
  it('answers each token as it is to be answered', async () => {
    const examined = await ofApi(FILE, '--path', '/orders');
    expect(examined.found('api')).toEqual(['ok missing', 'ok malformed', 'ok valid', 'ok expired']);
    expect(examined.found('platform')).toEqual([
      'ok spellings',
      'ok trailing_slash',
      'ok header_case',
      'ok answer_size',
      'not_checked policy_conditions',
      'not_checked context_in_deny',
      'not_checked context_path_source',
      'not_checked context_in_headers',
    ]);
    // A secret in the configuration.
    expect([examined.code, examined.outcome]).toEqual([0, 'warnings']);
  });

  test.each<[string, ConfigFile]>([
    ['a header', { jwtExtractor: 'header', jwtExtractorField: 'X-Token' }],
    ['a cookie', { jwtExtractor: 'cookie', jwtExtractorField: 'session' }],
    ['the query', { jwtExtractor: 'query', jwtExtractorField: 'access_token' }],
    ['another scheme', { jwtExtractor: 'authScheme', jwtExtractorField: 'JWT' }],
  ])('with the token in %s', async (_, options) => {
    const examined = await ofApi({ jwt: { ...UNCONTROLLED, ...options } });
    expect(examined.found('api')).toEqual(['ok missing', 'ok malformed', 'ok valid', 'ok expired']);
  });

  it('with onDenial: policy answers 403, with the code', async () => {
    const examined = await ofApi({ ...FILE, onDenial: 'policy' });
    expect(examined.found('api')).toEqual(['ok missing', 'ok malformed', 'ok valid', 'ok expired']);
    expect(examined.finding('context_in_deny')).toMatchObject({ status: 'ok' });
  });

  it('with expiryCondition ends a kept answer with its token', async () => {
    const examined = await ofApi({ ...FILE, expiryCondition: true });
    expect(examined.finding('policy_conditions')).toMatchObject({ status: 'ok' });
    const uncached = await ofApi({ ...FILE, expiryCondition: true, authorizerCacheSeconds: 0 });
    expect(uncached.finding('policy_conditions')).toMatchObject({ status: 'not_checked' });
  });

  it('with passThrough lets in as nobody, and nobody sees whom', async () => {
    const examined = await ofApi({ jwt: { ...UNCONTROLLED, passThrough: true } });
    expect(examined.found('api')).toEqual(['ok missing', 'ok malformed', 'ok valid', 'not_checked expired']);
    expect(examined.finding('spellings')).toMatchObject({ status: 'not_checked' });
  });

  it('where the valid token lacks a scope says so, and checks the code of the Deny', async () => {
    const file = {
      jwt: { ...UNCONTROLLED, scopeClaim: 'scope' },
      routes: [{ paths: ['/orders'], scopes: ['a'] }],
    };
    const lacking = await ofApi(file, '--path', '/orders', '--token-file', await fileOf(token()));
    expect(lacking.finding('valid_lacks_scope')).toMatchObject({ status: 'warning' });
    expect(lacking.finding('context_in_deny')).toMatchObject({ status: 'ok' });
    // The key is here: what is missing is another thing.
    expect(lacking.finding('answer_size')?.remedy).toContain('give none');
    const { url } = await startApi({ ...file, routes: [{ paths: ['/orders'], scopes: ['b'] }] });
    const made = await doctor(file, ['--url', url, '--path', '/orders']);
    expect(made.finding('valid_lacks_scope')).toMatchObject({ status: 'warning' });
    expect(made.finding('answer_size')?.remedy).toContain('let in');
    const having = await ofApi(file, '--path', '/orders');
    expect(having.finding('valid')).toMatchObject({ status: 'ok' });
  });
});

describe('an API that is wrong', () => {
  const wrong = async (listener: RequestListener, ...more: readonly string[]) =>
    doctor(FILE, ['--url', await foreign(listener), ...more]);

  it('is open: the first thing that is said', async () => {
    const sent: string[] = [];
    const examined = await wrong((request, response) => {
      sent.push(request.headers.authorization ?? '');
      response.end('hello');
    });
    expect(examined.found('api')).toEqual([
      ...['problem api_open', 'problem api_open'],
      ...['not_checked valid', 'not_checked expired'],
    ]);
    expect([examined.code, examined.outcome]).toEqual([1, 'problems']);
    // Whoever lets everybody in may be anybody: a token that counts is not for him.
    expect(sent.slice(0, 2)).toEqual(['', 'Bearer jwt.authorizer.doctor']);
    expect(sent.filter((value) => /^Bearer (?!jwt\.authorizer\.doctor$)/.test(value))).toEqual([]);
  });

  it('is not there', async () => {
    const examined = await doctor(FILE, ['--url', await closedPort()]);
    expect(examined.found('api')).toEqual(['problem api_unreachable']);
    expect(examined.found('platform')).toEqual([]);
    expect(examined.code).toBe(1);
  });

  it('answers with another protocol, which has no end', async () => {
    const examined = await wrong(
      (_, response) =>
        void response.socket?.write(
          'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
        ),
    );
    expect(examined.found('api')).toEqual(['problem api_unreachable']);
  });

  it('has no such path', async () => {
    const examined = await wrong(
      (_, response) =>
        void response
          .writeHead(403, { 'x-amzn-ErrorType': 'MissingAuthenticationTokenException' })
          .end('{"message":"Missing Authentication Token"}'),
    );
    expect(examined.finding('missing')).toMatchObject({
      status: 'problem',
      remedy: expect.stringContaining('--path'),
    });
  });

  it('has an authorizer that fails', async () => {
    const examined = await wrong(
      (_, response) =>
        void response
          .writeHead(500, { 'x-amzn-ErrorType': 'AuthorizerConfigurationException' })
          .end('{"message":null}'),
    );
    expect(examined.finding('missing')).toMatchObject({
      status: 'problem',
      remedy: expect.stringContaining('log'),
    });
  });

  it('denies in other words, which is a warning; as an API that exists may', async () => {
    const plain: RequestListener = (request, response) =>
      hasToken(request)
        ? void response.end()
        : void response
            .writeHead(401, { 'x-amzn-ErrorType': 'UnauthorizedException' })
            .end('{"message":"No"}');
    const examined = await wrong(plain);
    expect(examined.finding('missing')).toMatchObject({ status: 'warning' });
    const restApi = { id: 'a1b2c3', stages: 'prod' };
    const exists = await doctor({ ...FILE, restApi }, ['--url', await foreign(plain)]);
    expect(exists.finding('missing')).toMatchObject({ status: 'ok' });
  });

  it('does not say itself that it denies: what lies behind may, of an API that exists too', async () => {
    const upstream: RequestListener = (_, response) =>
      void response.writeHead(401).end('{"message":"Unauthorized"}');
    for (const restApi of [undefined, { id: 'a1b2c3', stages: 'prod' }]) {
      const examined = await doctor({ ...FILE, restApi }, ['--url', await foreign(upstream)]);
      expect(examined.finding('missing')).toMatchObject({
        status: 'warning',
        text: expect.stringContaining('x-amzn-ErrorType'),
      });
      expect(examined.finding('valid')).toMatchObject({ status: 'unknown' });
    }
  });

  test.each([
    [
      403,
      '{"Message":"User is not authorized to access this resource with an explicit deny"}',
      'problem missing',
    ],
    [403, '{"message":"Missing Authentication Token"}', 'problem missing'],
    [403, '{"message":"no"}', 'problem api_open'],
    [500, '{"message":null}', 'problem missing'],
    [500, '{"message":"no"}', 'problem api_open'],
  ])('without its header is known by its words: %d %s, %s', async (status, body, found) => {
    const examined = await wrong((_, response) => void response.writeHead(status).end(body));
    expect(examined.found('api')[0]).toBe(found);
  });

  it('renames the challenge, which is told', async () => {
    const examined = await wrong(
      (_, response) =>
        void response
          .writeHead(401, {
            'x-amzn-ErrorType': 'UnauthorizedException',
            'x-amzn-remapped-www-authenticate': 'Bearer realm="api"',
          })
          .end('{"message":"Unauthorized"}'),
    );
    expect(examined.finding('missing')?.text).toContain('x-amzn-remapped');
  });

  it('lets an expired token in', async () => {
    const examined = await wrong((request, response) =>
      hasToken(request) ? void response.end() : unauthorized(request, response),
    );
    expect(examined.found('api')).toEqual(['ok missing', 'ok malformed', 'ok valid', 'problem expired']);
  });

  it('denies all: of the expired token nobody can tell why', async () => {
    const examined = await wrong(unauthorized);
    expect(examined.found('api')).toEqual(['ok missing', 'ok malformed', 'problem valid', 'unknown expired']);
  });

  it('goes on with a kept answer when its token is over', async () => {
    const file = { ...FILE, expiryCondition: true };
    const url = await foreign((request, response) =>
      hasToken(request) ? void response.end() : unauthorized(request, response),
    );
    expect((await doctor(file, ['--url', url])).finding('policy_conditions')).toMatchObject({
      status: 'problem',
    });
  });

  it('is open under another spelling of the path', async () => {
    const examined = await wrong(
      (request, response) => {
        const isProtected = request.url === '/orders';
        return isProtected && !hasToken(request) ? unauthorized(request, response) : void response.end();
      },
      '--path',
      '/orders',
    );
    expect(examined.finding('spellings')).toMatchObject({ status: 'problem' });
  });

  it('routes a path with a slash elsewhere', async () => {
    const examined = await wrong(
      (request, response) =>
        hasToken(request) && request.url === '/orders'
          ? void response.end()
          : unauthorized(request, response),
      '--path',
      '/orders',
    );
    expect(examined.finding('trailing_slash')).toMatchObject({ status: 'warning' });
  });

  it('knows a header in one spelling alone', async () => {
    const examined = await wrong((request, response) =>
      request.rawHeaders.includes('Authorization') && hasToken(request)
        ? void response.end()
        : unauthorized(request, response),
    );
    expect(examined.finding('header_case')).toMatchObject({ status: 'problem' });
  });

  it('does not take a large answer', async () => {
    const examined = await wrong((request, response) => {
      if (!/^Bearer/.test(request.headers.authorization ?? '')) return unauthorized(request, response);
      if (!hasToken(request)) return unauthorized(request, response);
      const isLarge = (request.headers.authorization ?? '').length > 6_000;
      if (!isLarge) return void response.end();
      response
        .writeHead(500, { 'x-amzn-ErrorType': 'AuthorizerConfigurationException' })
        .end('{"message":null}');
    });
    expect(examined.finding('answer_size')).toMatchObject({ status: 'problem' });
  });
});

describe('tokens that are given', () => {
  it('are asked for where no key is here, and nothing is called fine', async () => {
    const { url } = await startApi(FILE);
    const examined = await doctor(
      { jwt: { ...UNCONTROLLED, secretOrPublicKey: undefined, secret: 'generate' } },
      ['--url', url],
    );
    expect(examined.found('api')).toEqual([
      'ok missing',
      'ok malformed',
      'not_checked valid',
      'not_checked expired',
    ]);
    expect(examined.finding('answer_size')?.remedy).toContain('what signs its tokens is not here');
    expect(examined.finding('valid')?.remedy).toContain('--token-file');
    expect(examined.finding('expired')?.remedy).toContain('--expired-token-file');
  });

  test.each(['--token-file', 'standard input', 'JWT_AUTHORIZER_TOKEN'])('by %s', async (way) => {
    const { url } = await startApi(FILE);
    const file = { jwt: { ...UNCONTROLLED, secretOrPublicKey: OTHER_SECRET } };
    const given = `Bearer ${token()}`;
    if (way === 'JWT_AUTHORIZER_TOKEN') vi.stubEnv(way, given);
    const args =
      way === '--token-file'
        ? [way, await fileOf(`${given}\n`)]
        : way === 'standard input'
          ? ['--token-file', '-']
          : [];
    const examined = await doctor(file, ['--url', url, ...args], way === 'standard input' ? given : '');
    expect(examined.finding('valid')).toMatchObject({ status: 'ok' });
  });

  it('with another key than the API has, are denied', async () => {
    const { url } = await startApi(FILE);
    const examined = await doctor({ jwt: { ...UNCONTROLLED, secretOrPublicKey: OTHER_SECRET } }, [
      '--url',
      url,
    ]);
    expect(examined.found('api').slice(2)).toEqual(['problem valid', 'unknown expired']);
  });

  it('are what they are given as', async () => {
    const { url } = await startApi(FILE);
    const [valid, expired] = [await fileOf(token()), await fileOf(token({ exp: nowSeconds() - 60 }))];
    const right = await doctor(FILE, ['--url', url, '--token-file', valid, '--expired-token-file', expired]);
    expect(right.found('api').slice(2)).toEqual(['ok valid', 'ok expired']);
    const swapped = await doctor(FILE, [
      '--url',
      url,
      '--token-file',
      expired,
      '--expired-token-file',
      valid,
    ]);
    expect(swapped.found('api')).toEqual(['problem valid_given', 'problem expired_given']);
    expect(swapped.code).toBe(1);
  });
});

test.each([
  '--url http://api.example.com',
  '--url https://ann:pw@api.example.com',
  '--url nonsense',
  '--path /orders',
  '--token-file x',
  '--url http://127.0.0.1:9 --path orders',
  '--data x --table y',
])('doctor %s is wrong usage', async (line) => {
  const ran = await cli(['doctor', '--config', await configFile(FILE), ...line.split(' ')]);
  expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 2, stdout: '' });
  expect(ran.stderr).not.toContain('pw');
});

it('makes no keys in a data folder that has none yet', async () => {
  const data = await temporaryFolder();
  await writeFile(join(data, '.gitignore'), '*\n');
  const file = { jwt: { secret: 'generate', algorithms: ['HS256'], checkCredentialExistence: false } };
  const examined = await doctor(file, ['--url', await foreign(unauthorized), '--data', data]);
  expect(await readdir(data)).toEqual(['.gitignore']);
  expect(examined.found('api')).toEqual([
    'ok missing',
    'ok malformed',
    'not_checked valid',
    'not_checked expired',
  ]);
});

it('as a process: a gateway that runs here, with its own demo credential, and its table', async () => {
  const config = await configFile({ jwt: { secret: 'generate', algorithms: ['HS256'] } });
  const before = await runCommand('doctor', '--config', config, '--verbose');
  expect(before).toMatchObject({ code: 0, stderr: '' });
  expect(before.stdout).toContain('not checked: there is no local table');
  const started = await start(['--config', config]);
  const ended = await runCommand('doctor', '--config', config, '--url', started.url, '--path', '/orders');
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
  for (const said of ['a valid token: 200', 'an expired token: 401', 'can be read', 'a secret of 86 bytes'])
    expect(ended.stdout).toContain(said);
  await started.stop();
  const gone = await runCommand('doctor', '--config', config, '--url', started.url, '--json');
  expect(gone.code).toBe(1);
  expect(JSON.parse(gone.stdout)).toMatchObject({ outcome: 'problems' });
});
