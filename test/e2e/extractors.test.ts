import { beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi, takeFunctionLog } from '../support/gateway.ts';
import { OK, UNAUTHORIZED } from './answers.ts';
import { SECRET, token } from './tokens.ts';

interface Presented {
  readonly path?: string;
  readonly headers?: readonly string[];
}

interface Extractor {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
  /** A request with a value at the place that the extractor reads. */
  readonly present: (value: string) => Presented;
  /** Requests that are as good: spellings of names that do not count. */
  readonly same: (value: string) => readonly Presented[];
  /** Requests without an identity source, which must not cost an invocation. */
  readonly missing: (value: string) => readonly Presented[];
  /** Requests that hold a value elsewhere, with the code of their denial. */
  readonly elsewhere: (value: string) => readonly (readonly [Presented, string])[];
  /** The value twice. */
  readonly twice: (value: string) => Presented;
}

const header = (...headers: string[]): Presented => ({ headers });
const path = (target: string): Presented => ({ path: target });

const EXTRACTORS: readonly Extractor[] = [
  {
    name: 'authBearer',
    options: {},
    present: (value) => header('Authorization', `Bearer ${value}`),
    same: (value) => [
      header('authorization', `bearer ${value}`),
      header('AUTHORIZATION', `BEARER ${value}`),
      header('Authorization', `Bearer   ${value}`),
      header('Authorization', `Bearer\t${value}`),
    ],
    missing: (value) => [{}, header('Authorization', ''), header('X-Token', value), path(`/?token=${value}`)],
    elsewhere: (value) => [
      [header('Authorization', value), 'token_missing'],
      [header('Authorization', `JWT ${value}`), 'token_missing'],
      [header('Authorization', 'Bearer'), 'token_malformed'],
      [header('Authorization', `Bearer \t${value}`), 'token_malformed'],
    ],
    twice: (value) => header('Authorization', `Bearer ${value}`, 'authorization', `Bearer ${value}`),
  },
  {
    name: 'authScheme',
    options: { jwtExtractor: 'authScheme', jwtExtractorField: 'JWT' },
    present: (value) => header('Authorization', `JWT ${value}`),
    same: (value) => [header('authorization', `jwt ${value}`), header('Authorization', `Jwt\t${value}`)],
    missing: (value) => [{}, header('X-Token', value)],
    elsewhere: (value) => [
      [header('Authorization', `Bearer ${value}`), 'token_missing'],
      [header('Authorization', `JWTX ${value}`), 'token_missing'],
      [header('Authorization', value), 'token_missing'],
    ],
    twice: (value) => header('Authorization', `JWT ${value}`, 'Authorization', `JWT ${value}`),
  },
  {
    name: 'header',
    options: { jwtExtractor: 'header', jwtExtractorField: 'X-Access-Token' },
    present: (value) => header('X-Access-Token', value),
    same: (value) => [header('x-access-token', value), header('X-ACCESS-TOKEN', value)],
    missing: (value) => [{}, header('X-Access-Token', ''), header('Authorization', `Bearer ${value}`)],
    elsewhere: (value) => [[header('X-Access-Token', `Bearer ${value}`), 'token_malformed']],
    twice: (value) => header('X-Access-Token', value, 'x-access-token', value),
  },
  {
    name: 'query',
    options: { jwtExtractor: 'query', jwtExtractorField: 'access_token' },
    present: (value) => path(`/?access_token=${encodeURIComponent(value)}`),
    same: (value) => [path(`/?x=1&access_token=${value}&y`), path(`/?access%5Ftoken=${value}`)],
    missing: (value) => [
      {},
      path('/?access_token'),
      path('/?access_token='),
      path(`/?ACCESS_TOKEN=${value}`),
      header('access_token', value),
    ],
    elsewhere: () => [],
    twice: (value) => path(`/?access_token=${value}&access_token=${value}`),
  },
  {
    name: 'cookie',
    options: { jwtExtractor: 'cookie', jwtExtractorField: 'session' },
    present: (value) => header('Cookie', `session=${value}`),
    same: (value) => [
      header('cookie', `a=1; session=${value}; b=2`),
      header('COOKIE', `session=${value};xsession=no`),
    ],
    missing: (value) => [{}, header('session', value), path(`/?session=${value}`)],
    elsewhere: (value) => [
      [header('Cookie', `Session=${value}`), 'token_missing'],
      [header('Cookie', `xsession=${value}`), 'token_missing'],
      [header('Cookie', 'session='), 'token_missing'],
    ],
    twice: (value) => header('Cookie', `session=${value}; session=${value}`),
  },
];

const UNCONTROLLED = { secretOrPublicKey: SECRET, checkCredentialExistence: false };
/** Asks nothing of `/`, and makes the events REQUEST events. */
const SCOPED = [{ paths: ['/scoped'], scopes: ['some'] }];

describe.each(EXTRACTORS)('the token from $name', ({ options, ...extractor }) => {
  let api: Api;
  let scoped: Api;
  const valid = token({ scope: '' });

  beforeAll(async () => {
    api = await startApi({ jwt: { ...UNCONTROLLED, ...options }, authorizerCacheSeconds: 0 });
    const jwt = { ...UNCONTROLLED, ...options, scopeClaim: 'scope' };
    scoped = await startApi({ jwt, routes: SCOPED, authorizerCacheSeconds: 0 });
  });

  const call = (to: Api, { path: target = '/', headers = [] }: Presented) => to.send(target, { headers });

  it('gives 200 with the right token, whatever the case of what has none', async () => {
    for (const request of [extractor.present(valid), ...extractor.same(valid)]) {
      expect(await call(api, request), JSON.stringify(request)).toMatchObject(OK);
      expect(await call(scoped, request), JSON.stringify(request)).toMatchObject(OK);
    }
  });

  it('gives 401 without an invocation when the identity source is missing', async () => {
    for (const to of [api, scoped]) {
      const before = to.invocations();
      for (const request of extractor.missing(valid)) {
        const answer = await call(to, request);
        expect(answer, JSON.stringify(request)).toMatchObject(UNAUTHORIZED);
        expect(answer.record.reason).toBe('identity_source_missing');
      }
      expect(to.invocations()).toBe(before);
    }
  });

  it('gives 401 when the source is there and the token is elsewhere', async () => {
    for (const [request, code] of extractor.elsewhere(valid)) {
      for (const to of [api, scoped]) {
        takeFunctionLog();
        expect(await call(to, request), JSON.stringify(request)).toMatchObject(UNAUTHORIZED);
        expect(takeFunctionLog(), JSON.stringify(request)).toMatchObject([{ code }]);
      }
    }
  });

  it('gives 401 for the token twice, even where the event cannot tell', async () => {
    for (const to of [api, scoped]) {
      takeFunctionLog();
      expect(await call(to, extractor.twice(valid))).toMatchObject(UNAUTHORIZED);
      const [line] = takeFunctionLog();
      expect(['token_ambiguous', 'token_malformed']).toContain(line?.['code']);
    }
    expect(await call(scoped, extractor.twice(valid))).toMatchObject(UNAUTHORIZED);
    expect(takeFunctionLog()).toMatchObject([{ code: 'token_ambiguous' }]);
  });

  it('gives 401 for text after the token', async () => {
    for (const trailing of [' x', `, ${valid}`, ',', '\tx', '.', '=']) {
      takeFunctionLog();
      expect(await call(api, extractor.present(`${valid}${trailing}`)), trailing).toMatchObject(UNAUTHORIZED);
      expect(takeFunctionLog(), trailing).toMatchObject([{ code: 'token_malformed' }]);
    }
  });

  it('gives 401 for a token that is not the right one', async () => {
    const forged = token({}, { secret: `${SECRET}!` });
    expect(await call(api, extractor.present(forged))).toMatchObject(UNAUTHORIZED);
    expect(takeFunctionLog()).toMatchObject([{ code: 'signature_invalid' }]);
  });
});
