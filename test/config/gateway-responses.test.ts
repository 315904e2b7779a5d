import { describe, expect, it } from 'vitest';
import { contextOf as contextIfItFits } from '../../lambda/authorizer/context.ts';
import { DENIALS, type DenialCode, denialEntry, publicCodeOf } from '../../lambda/authorizer/denial.ts';
import { gatewayResponsesOf, RESPONSE_TYPES } from '../../lambda/config/gateway-responses.ts';
import type { AuthorizerConfig, TokenPlace } from '../../lambda/config/types.ts';
import { configurationOf, UNCONTROLLED } from '../lib/support.ts';
import { config, policyConfig, rule } from '../local/support.ts';

function contextOf(...given: Parameters<typeof contextIfItFits>) {
  const context = contextIfItFits(...given);
  if (context === undefined) throw new Error('more than API Gateway takes');
  return context;
}

const CORS = {
  allowOrigins: ['https://a.example'],
  allowMethods: ['GET'],
  allowHeaders: [],
  exposeHeaders: [],
  allowCredentials: false,
};
const of = (changes: Partial<AuthorizerConfig> = {}) => gatewayResponsesOf(config(changes));
const challengeOf = (type: 'UNAUTHORIZED' | 'ACCESS_DENIED', changes: Partial<AuthorizerConfig> = {}) =>
  of(changes)[type]?.headers['WWW-Authenticate'];

const BEARER = `'Bearer realm="api"'`;
const MORE_SCOPE = `'Bearer realm="api", error="insufficient_scope"'`;
const scoped = { routes: [rule('/orders', ['orders'])] };
const elsewhere = policyConfig({ tokenPlace: { in: 'cookie', name: 't' } });

describe('the challenge', () => {
  it('is shown to pages, where there is one', () => {
    const exposed = (changes: Partial<AuthorizerConfig>) =>
      of({ cors: CORS, ...changes }).UNAUTHORIZED?.headers['Access-Control-Expose-Headers'];
    expect(exposed({})).toBe("'WWW-Authenticate'");
    expect(exposed({ policies: [elsewhere] })).toBeUndefined();
  });

  it('of a 401 names no error: a request without a token gets it too', () => {
    for (const changes of [{}, scoped, { onDenial: 'policy' } as const])
      expect(challengeOf('UNAUTHORIZED', changes)).toBe(BEARER);
  });

  it.each<[string, Partial<AuthorizerConfig>, string]>([
    ['scopes are asked for', scoped, MORE_SCOPE],
    ['no scopes are asked for', { routes: [rule('/orders', [])] }, BEARER],
    ['a bad token may get a 403', { ...scoped, onDenial: 'policy' }, BEARER],
    ['an expired token may get a 403', { ...scoped, expiryCondition: true }, BEARER],
    [
      'a caller without a token may get a 403',
      { ...scoped, policies: [policyConfig({ passThrough: true })] },
      BEARER,
    ],
  ])('of a 403 where %s', (_, changes, challenge) => {
    expect(challengeOf('ACCESS_DENIED', changes)).toBe(challenge);
  });

  it('is for bearer tokens alone', () => {
    expect(of({ policies: [elsewhere] })).not.toHaveProperty('UNAUTHORIZED');
    expect(challengeOf('ACCESS_DENIED', { ...scoped, policies: [elsewhere] })).toBeUndefined();
    expect(challengeOf('UNAUTHORIZED', { policies: [elsewhere, policyConfig()] })).toBe(BEARER);
  });

  it.each<[TokenPlace, string | undefined]>([
    [{ in: 'header', name: 'Authorization', scheme: 'Bearer' }, BEARER],
    [{ in: 'header', name: 'authorization', scheme: 'bearer' }, BEARER],
    [{ in: 'header', name: 'AUTHORIZATION', scheme: 'BEARER' }, BEARER],
    [{ in: 'header', name: 'Authorization', scheme: 'Token' }, undefined],
    [{ in: 'header', name: 'Authorization' }, undefined],
    [{ in: 'header', name: 'X-Token', scheme: 'Bearer' }, undefined],
    [{ in: 'query', name: 'authorization' }, undefined],
  ])('of a token in %j: %s', (tokenPlace, challenge) => {
    expect(challengeOf('UNAUTHORIZED', { policies: [policyConfig({ tokenPlace })] })).toBe(challenge);
  });
});

describe('an API that exists', () => {
  it('keeps its answers', () => {
    const file = { jwt: UNCONTROLLED, restApi: { id: 'a1b2c3d4e5', stages: 'prod' } };
    expect(gatewayResponsesOf(configurationOf(file).config)).toEqual({});
  });
});

describe('for pages', () => {
  it('every answer has the headers, and challenges may be read', () => {
    const responses = of({ cors: CORS, plans: [{ name: 'gold' }] });
    expect(Object.keys(responses).sort()).toEqual([...RESPONSE_TYPES].sort());
    for (const { headers } of Object.values(responses))
      expect(headers).toMatchObject({ 'Access-Control-Allow-Origin': "'https://a.example'" });
    const exposed = 'Access-Control-Expose-Headers';
    expect(responses.UNAUTHORIZED?.headers[exposed]).toBe("'WWW-Authenticate'");
    expect(responses.DEFAULT_5XX?.headers).not.toHaveProperty(exposed);
    expect(responses.AUTHORIZER_FAILURE?.headers).not.toHaveProperty(exposed);
    const more = of({ cors: { ...CORS, exposeHeaders: ['x-a'] } });
    expect(more.ACCESS_DENIED?.headers[exposed]).toBe("'WWW-Authenticate,x-a'");
    expect(more.DEFAULT_5XX?.headers[exposed]).toBe("'x-a'");
    const again = of({ cors: { ...CORS, exposeHeaders: ['www-authenticate', 'x-a'] } });
    expect(again.UNAUTHORIZED?.headers[exposed]).toBe("'WWW-Authenticate,x-a'");
  });

  it.each([
    [['https://a.example'], true, "'https://a.example'", "'true'"],
    [['https://a.example'], false, "'https://a.example'", undefined],
    // Nobody compared the origin: never with credentials.
    [['https://a.example', 'https://b.example'], true, 'method.request.header.Origin', undefined, "'Origin'"],
  ])('of %j, with credentials: %s', (allowOrigins, allowCredentials, origin, credentials, vary?: string) => {
    const { DEFAULT_4XX } = of({ cors: { ...CORS, allowOrigins, allowCredentials } });
    expect(DEFAULT_4XX?.headers['Access-Control-Allow-Origin']).toBe(origin);
    expect(DEFAULT_4XX?.headers['Access-Control-Allow-Credentials']).toBe(credentials);
    expect(DEFAULT_4XX?.headers['Vary']).toBe(vary);
  });

  it('there are none without cors', () => {
    expect(of()).not.toHaveProperty('DEFAULT_4XX');
    expect(JSON.stringify(of())).not.toContain('Access-Control');
  });
});

describe('plans', () => {
  it('have answers of their own where there are some', () => {
    const OF_PLANS = ['INVALID_API_KEY', 'QUOTA_EXCEEDED'];
    const typesOf = (changes: Partial<AuthorizerConfig>) => Object.keys(of(changes));
    expect(typesOf({ plans: [{ name: 'gold' }] })).toEqual(expect.arrayContaining(OF_PLANS));
    expect(typesOf({})).not.toEqual(expect.arrayContaining(OF_PLANS.slice(0, 1)));
    expect(typesOf({})).not.toEqual(expect.arrayContaining(OF_PLANS.slice(1)));
  });
});

describe('a body', () => {
  it.each([
    ['THROTTLED', { message: 'Too Many Requests', code: 'throttled' }],
    ['INVALID_API_KEY', { message: 'Forbidden', code: 'api_key_invalid' }],
    ['QUOTA_EXCEEDED', { message: 'Limit Exceeded', code: 'quota_exceeded' }],
    ['AUTHORIZER_FAILURE', { message: 'Internal server error', code: 'authorizer_unavailable' }],
    ['AUTHORIZER_CONFIGURATION_ERROR', { message: 'Internal server error', code: 'authorizer_unavailable' }],
  ] as const)('of %s has API Gateway’s own words, and a code', (type, body) => {
    expect(JSON.parse(of({ plans: [{ name: 'gold' }] })[type]?.template ?? '')).toEqual(body);
  });

  const templates = Object.values(of({ cors: CORS, plans: [{ name: 'gold' }] })).flatMap(
    ({ template }) => template ?? [],
  );
  const WORDS = /\$context\.authorizer\.(error|code)/g;

  it('is made of the authorizer’s own two words and of nothing else that varies', () => {
    expect(templates).toHaveLength(6);
    for (const template of templates) {
      expect(template.replace(WORDS, '')).not.toContain('$');
      // Replaced inside of quotes, by anything without a quote, a backslash or a control character.
      for (const word of ['', 'scope_missing', '$context.authorizer.code'])
        expect(JSON.parse(template.replace(WORDS, () => word))).toHaveProperty('message');
    }
  });

  it.each(Object.keys(DENIALS) as DenialCode[])('of %s needs no escaping', (code) => {
    expect(publicCodeOf(code)).toMatch(/^[a-z_]+$/);
    expect(denialEntry(code).error ?? '').toMatch(/^[a-z_]*$/);
  });

  it('holds no claim, whatever its name', () => {
    const evil = '","role":"admin';
    const claims = { sub: 'ada', code: evil, Code: evil, CODE: evil, error: evil, Error: evil };
    const context = contextOf({
      kind: 'authenticated',
      claims,
      keySource: 'inline',
      scopes: [],
      principalId: 'ada',
    });
    expect(Object.keys(context)).toEqual(expect.arrayContaining(['sub', 'claimsJson']));
    for (const name of ['code', 'error'])
      expect(Object.keys(context).map((key) => key.toLowerCase())).not.toContain(name);
  });
});
