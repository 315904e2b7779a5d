/** Against an OpenID Connect provider on the loopback: real discovery, real key sets, tokens that it signed. */
import { OAuth2Issuer, OAuth2Service } from 'oauth2-mock-server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { decide } from '../../lambda/authorizer/decide.ts';
import type { Handler } from '../../lambda/authorizer/handler.ts';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import { openPolicyKeys } from '../../lambda/keys/open-policy-keys.ts';
import { dependenciesOf } from '../authorizer/fixtures.ts';
import { parsedFile } from '../config/parsing.ts';
import { bearerRequest, requestEvent } from '../support/requests.ts';
import { resultOf } from './deciding.ts';
import { clock, DAY, MINUTE, outcome, SECOND, serve } from './support.ts';

const COOLDOWN = 10 * SECOND;
const ONE_LOOK = ['/.well-known/openid-configuration', '/jwks'];
const LIFETIME_SECONDS = 30 * 86_400;

interface Provider {
  readonly url: string;
  readonly port: number;
  /** What was asked of it. */
  readonly asked: string[];
  token(kid: string, claims?: object): Promise<string>;
  close(): Promise<void>;
}

const running = new Set<Provider>();
afterEach(async () => {
  for (const one of running) await one.close();
});

/** Keys are made once, so that a provider may have those of another. */
const made = new Map<string, Record<string, unknown>>();

/** @param port that of a provider which is closed: this one takes its place. */
async function provider(kids: readonly string[], port?: number): Promise<Provider> {
  const issuer = new OAuth2Issuer();
  for (const kid of kids) {
    const known = made.get(kid);
    if (known !== undefined) await issuer.keys.add(known);
    else
      made.set(kid, { ...(await issuer.keys.generate(kid.startsWith('ec') ? 'ES256' : 'RS256', { kid })) });
  }
  const { requestHandler } = new OAuth2Service(issuer);
  const asked: string[] = [];
  const server = await serve((request, response) => {
    asked.push(request.url ?? '');
    requestHandler(request, response);
  }, port);
  issuer.url = server.origin;
  const opened: Provider = {
    url: server.origin,
    port: Number(new URL(server.origin).port),
    asked,
    token: (kid, claims = {}) =>
      issuer.buildToken({
        kid,
        expiresIn: LIFETIME_SECONDS,
        scopesOrTransform: (_, payload) => Object.assign(payload, { sub: 'ada', aud: 'orders', ...claims }),
      }),
    async close() {
      if (running.delete(opened)) await server.close();
    },
  };
  running.add(opened);
  return opened;
}

/** The one on its port from now on. */
async function replaced(before: Provider, kids: readonly string[]): Promise<Provider> {
  await before.close();
  return provider(kids, before.port);
}

const policyOf = (issuer: string) => ({
  discovery: true,
  issuer,
  audience: 'orders',
  checkCredentialExistence: false,
});

function authorizer(issuer: string, options: object = {}) {
  const time = clock(Date.now());
  const config = parsedFile({ jwt: { ...policyOf(issuer), ...options } });
  const failures: unknown[] = [];
  const keysOf = openPolicyKeys(config.policies, {
    now: time.now,
    report: (failure) => void failures.push(failure),
    generatedSecretArn: () => undefined,
  });
  const dependencies = dependenciesOf({ config, keysOf, now: time.now });
  const decided = async (token: string) => resultOf(await decide(bearerRequest(token), dependencies));
  /** Several hundred at the same time, of these in turn. @returns what each of these got. */
  const underLoad = async (...tokens: readonly string[]) => {
    const all = Array.from({ length: 300 }, (_, i) => i % tokens.length);
    const results = await Promise.all(all.map((i) => decided(tokens[i] ?? '')));
    return tokens.map((_, i) => [...new Set(results.filter((_, at) => all[at] === i))].join());
  };
  return { time, failures, decided, underLoad };
}

describe('discovery', () => {
  test('finds the keys, of each type', async () => {
    const idp = await provider(['a', 'ec']);
    const { underLoad, failures } = authorizer(idp.url);
    const tokens = [await idp.token('a'), await idp.token('ec')];
    expect(await underLoad(...tokens)).toEqual(['allowed', 'allowed']);
    expect(idp.asked).toEqual(ONE_LOOK);
    expect(failures).toEqual([]);
  });
  test('of an issuer whose metadata name it otherwise finds none', async () => {
    const idp = await provider(['a']);
    const { decided } = authorizer(`${idp.url}/`);
    const token = await idp.token('a', { iss: `${idp.url}/` });
    expect(await outcome(decided(token))).toBeInstanceOf(KeyUnavailable);
  });
  test('is not needed where the address is given', async () => {
    const idp = await provider(['a']);
    const { decided } = authorizer(idp.url, { discovery: false, jwksUri: `${idp.url}/jwks` });
    expect(await decided(await idp.token('a'))).toBe('allowed');
    expect(idp.asked).toEqual(['/jwks']);
  });
});

describe('a genuine token of the issuer', () => {
  test.each([
    ['for another audience', { aud: 'billing' }, 'audience_mismatch'],
    ['for no audience', { aud: undefined }, 'audience_mismatch'],
    ['for several audiences, ours among them', { aud: ['billing', 'orders'] }, 'allowed'],
    ['that is over', { exp: 1_700_000_000 }, 'token_expired'],
    ['in the name of another issuer', { iss: 'https://id.example' }, 'issuer_mismatch'],
  ])('%s: %j, %s', async (_, claims, result) => {
    const idp = await provider(['a']);
    const { decided } = authorizer(idp.url);
    expect(await decided(await idp.token('a', claims))).toBe(result);
  });
});

test('a rotation under load: no valid token is denied, and no withdrawn key stays', async () => {
  const first = await provider(['a']);
  const { time, underLoad, failures } = authorizer(first.url);
  const old = await first.token('a');
  expect(await underLoad(old)).toEqual(['allowed']);

  const both = await replaced(first, ['a', 'b']);
  const fresh = await both.token('b');
  time.at(COOLDOWN);
  expect(await underLoad(old, fresh)).toEqual(['allowed', 'allowed']);
  expect(both.asked).toEqual(ONE_LOOK);

  // In the background of the first requests from then on.
  time.at(COOLDOWN + 5 * MINUTE);
  expect(await underLoad(old, fresh)).toEqual(['allowed', 'allowed']);
  await expect.poll(() => both.asked).toHaveLength(4);

  const withoutOld = await replaced(both, ['b']);
  time.at(COOLDOWN + 15 * MINUTE);
  expect(await underLoad(fresh, old)).toEqual(['allowed', 'key_unknown']);
  expect(withoutOld.asked).toEqual(ONE_LOOK);
  expect(failures).toEqual([]);
});

test('an outage and its end', async () => {
  const idp = await provider(['a']);
  const { time, decided, underLoad, failures } = authorizer(idp.url);
  const [token, unknown] = [await idp.token('a'), await (await provider(['b'])).token('b', { iss: idp.url })];
  expect(await underLoad(token)).toEqual(['allowed']);

  await idp.close();
  time.at(10 * MINUTE);
  expect(await underLoad(token)).toEqual(['allowed']);
  expect(failures).toHaveLength(1);
  expect(await outcome(decided(unknown))).toBeInstanceOf(KeyUnavailable);
  time.at(DAY - 1);
  expect(await underLoad(token)).toEqual(['allowed']);
  time.at(DAY + 30 * SECOND);
  expect(await outcome(decided(token))).toBeInstanceOf(KeyUnavailable);

  const again = await provider(['b'], idp.port);
  time.pass(30 * SECOND);
  expect(await underLoad(unknown, token)).toEqual(['allowed', 'key_unknown']);
  expect(again.asked).toEqual(ONE_LOOK);
});

describe('the function', () => {
  const lines: string[] = [];
  beforeEach(() => {
    lines.length = 0;
    vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });
  async function start(issuer: string, options: object = {}): Promise<Handler> {
    vi.stubEnv('AUTHORIZER_CONFIG', JSON.stringify({ jwt: { ...policyOf(issuer), ...options } }));
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'authorizer');
    vi.resetModules();
    const { handler } = await import('../../lambda/authorizer/handler.ts');
    return handler;
  }
  const event = (token: string) => requestEvent({ headers: [['Authorization', `Bearer ${token}`]] });
  const failed = async (answer: Promise<unknown>) => String(await outcome(answer));
  const records = () => lines.map((line): unknown => JSON.parse(line));

  test('lets in whom the provider vouches for, and nobody else', async () => {
    const idp = await provider(['a']);
    const handler = await start(idp.url);
    expect(await handler(event(await idp.token('a')))).toMatchObject({
      principalId: 'ada',
      policyDocument: { Statement: [{ Effect: 'Allow' }] },
    });
    expect(await failed(handler(event(await idp.token('a', { aud: 'billing' }))))).toBe(
      'Error: Unauthorized',
    );
    expect(idp.asked).toEqual(ONE_LOOK);
  });

  test('tells of an outage in log and metric, and answers a 500', async () => {
    const idp = await provider(['a']);
    const token = await idp.token('a');
    await idp.close();
    const handler = await start(idp.url);
    expect(await failed(handler(event(token)))).not.toMatch(/unauthorized/i);
    expect(records()).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'key_refresh_failed', policy: 'jwt[0]' }),
    );
    expect(records()).toContainEqual(expect.objectContaining({ KeyRefreshFailed: 1 }));
    expect(records()).toContainEqual(
      expect.objectContaining({
        level: 'error',
        reason: 'KeyUnavailable',
        detail: expect.stringContaining('ECONNREFUSED'),
      }),
    );
    expect(records()).toContainEqual(expect.objectContaining({ Unavailable: 1 }));
    expect(lines.join()).not.toContain(token);
  });

  test('starts in an outage with the key set of deploy time', async () => {
    const idp = await provider(['a']);
    const token = await idp.token('a');
    const response = await fetch(`${idp.url}/jwks`);
    const { keys } = (await response.json()) as { keys: unknown[] };
    await idp.close();
    const handler = await start(idp.url, {
      jwksSnapshot: { fetchedAt: new Date(Date.now() - 86_400_000).toISOString(), keys },
    });
    expect(await handler(event(token))).toMatchObject({ principalId: 'ada' });
    // In the background, and told all the same.
    await expect
      .poll(records)
      .toContainEqual(expect.objectContaining({ message: 'key_refresh_failed', policy: 'jwt[0]' }));
  });
});
