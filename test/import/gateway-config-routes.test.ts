// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Express Gateway are written so
import { describe, expect, it, test } from 'vitest';
import {
  codesOf,
  convert,
  gatewayOf,
  jwt,
  problemsOf,
  resultOf,
  SAMPLE,
  SECRET,
  warningsOf,
} from './gateway-config.ts';

type Settings = Readonly<Record<string, unknown>>;

/** A gateway with one pipeline for these endpoints, and another, open one for those in `open`. */
function endpoints(
  apiEndpoints: Settings,
  { action = {}, open = {} }: { action?: Settings; open?: Settings } = {},
) {
  return gatewayOf({
    apiEndpoints: { ...apiEndpoints, ...open },
    pipelines: {
      main: { apiEndpoints: Object.keys(apiEndpoints), policies: [jwt(action)] },
      ...(Object.keys(open).length > 0 && {
        open: { apiEndpoints: Object.keys(open), policies: [{ log: null }] },
      }),
    },
  });
}

const routesOf = (text: string) => resultOf(convert(text)).config['routes'];

describe('endpoints with scopes become rules', () => {
  it('in the sample', () => {
    const conversion = convert(SAMPLE, { variables: { JWT_SECRET: SECRET } });
    const { config, yaml } = resultOf(conversion);
    expect(config).toEqual({
      jwt: {
        secretOrPublicKeyFile: './secrets/jwt-0',
        audience: 'orders-api',
        checkCredentialExistence: true,
        requireExp: false,
      },
      routes: [
        { paths: ['/orders', '/orders/*'], scopes: ['orders:read'] },
        { paths: ['/orders/{id}'], methods: ['PUT', 'DELETE'], scopes: ['orders:write'] },
      ],
      upstream: 'http://localhost:3000',
    });
    expect(yaml).not.toContain(SECRET);
    expect(warningsOf(conversion)).toEqual(['paths_not_limited', 'rules_overlap', 'scopes_now_enforced']);
    expect(codesOf(conversion.leftOut)).toEqual([
      'policy_left_out at pipelines.orders.policies[1].log[0]',
      'section_left_out at http',
      'section_left_out at admin',
    ]);
  });

  test.each([
    [{ scopes: ['a'] }, { paths: ['/', '/*'] }],
    [{ scopes: 'a' }, { paths: ['/', '/*'] }],
    [{ scopes: ['a', 'a'], paths: [] }, { paths: ['/', '/*'] }],
    [{ scopes: ['a'], path: '/x' }, { paths: ['/x'] }],
    [{ scopes: ['a'], paths: '/x', path: '/y' }, { paths: ['/x'] }],
    [{ scopes: ['a'], paths: ['/x', '/x/', '/y/:z'] }, { paths: ['/x', '/y/{z}'] }],
    [{ scopes: ['a'], methods: '*' }, { paths: ['/', '/*'] }],
    [
      { scopes: ['a'], methods: 'get, post' },
      { paths: ['/', '/*'], methods: ['GET', 'POST'] },
    ],
    [
      { scopes: ['a'], methods: ['PUT', 'put', 'TRACE'] },
      { paths: ['/', '/*'], methods: ['PUT'] },
    ],
    [{ scopes: ['a'], methods: ['GET', 'all'] }, { paths: ['/', '/*'] }],
  ])('%j', (endpoint, rule) => {
    expect(routesOf(endpoints({ x: endpoint }))).toEqual([{ ...rule, scopes: ['a'] }]);
  });

  it.each([{ scopes: [] }, { scopes: null }, {}, { paths: '/a|b' }, { pathRegex: '.*' }])(
    'and those without none: %j',
    (endpoint) => {
      expect(routesOf(endpoints({ x: endpoint }))).toBeUndefined();
    },
  );

  it.each([
    [{ scopes: ['a'], pathRegex: '^/x' }, 'path_untranslatable at apiEndpoints.x.paths'],
    [{ scopes: ['a'], paths: ['/x', '/a*'] }, 'path_untranslatable at apiEndpoints.x.paths'],
    [{ scopes: ['a'], paths: [7] }, 'path_untranslatable at apiEndpoints.x.paths'],
    [{ scopes: ['a b'] }, 'value_invalid at apiEndpoints.x.scopes'],
    [{ scopes: [['a']] }, 'value_invalid at apiEndpoints.x.scopes'],
  ])('%j is refused', (endpoint, problem) => {
    expect(problemsOf(endpoints({ x: endpoint }))).toEqual([problem]);
  });

  it.each([
    [{ methods: 'TRACE' }, ['endpoint_never_matches', 'method_left_out', 'paths_not_limited']],
    [{ methods: [] }, ['endpoint_never_matches', 'paths_not_limited']],
    [{ paths: '/x/:id(\\d+)' }, ['path_widened', 'paths_not_limited', 'scopes_now_enforced']],
    [{ host: 'api.example.com' }, ['host_left_out', 'scopes_now_enforced']],
    [{ hostRegex: '.*' }, ['host_left_out', 'scopes_now_enforced']],
    [{ host: '*' }, ['scopes_now_enforced']],
    [{ methods: 'GET' }, ['paths_not_limited', 'scopes_now_enforced']],
  ])('%j is warned of', (endpoint, codes) => {
    expect(warningsOf(convert(endpoints({ x: { scopes: ['a'], ...endpoint } })))).toEqual(codes);
  });
});

describe('requests that several endpoints match', () => {
  const isWarned = (...list: readonly Settings[]) =>
    warningsOf(convert(endpoints({ x: list }))).includes('rules_overlap');
  it('need the scopes of all, which is told where the first asked for fewer', () => {
    expect(isWarned({ paths: '/a' }, { paths: '/*', scopes: ['s'] })).toBe(true);
    expect(isWarned({ paths: '/a/:id', scopes: ['r'] }, { paths: '/a/b', scopes: ['s'] })).toBe(true);
    expect(isWarned({ paths: '/*', scopes: ['s'] }, { paths: '/a' })).toBe(false);
    expect(isWarned({ paths: '/a', scopes: ['s'] }, { paths: '/b', scopes: ['r'] })).toBe(false);
    expect(isWarned({ paths: '/a', methods: 'GET' }, { paths: '/a', methods: 'PUT', scopes: ['s'] })).toBe(
      false,
    );
    expect(isWarned({ paths: '/a', methods: 'GET' }, { paths: '/a', scopes: ['s'] })).toBe(true);
  });
});

describe('scopes that callers cannot have', () => {
  const text = endpoints(
    { x: { scopes: ['a'], paths: '/a*' } },
    { action: { checkCredentialExistence: false } },
  );
  it('are left out, with a warning', () => {
    const conversion = convert(text);
    expect(resultOf(conversion).config).not.toHaveProperty('routes');
    expect(warningsOf(conversion)).toEqual(['paths_not_limited', 'scopes_left_out']);
  });

  it('are asked for when a claim has them', () => {
    const { config } = resultOf(convert(text.replace('/a*', '/a'), { scopeClaim: 'scope' }));
    expect(config['jwt']).toMatchObject({ scopeClaim: 'scope' });
    expect(config['routes']).toEqual([{ paths: ['/a'], scopes: ['a'] }]);
  });
});

describe('endpoints of other pipelines', () => {
  const text = endpoints(
    { x: { paths: '/x', scopes: ['a'] } },
    { open: { o: { paths: '/o', scopes: ['b'] }, p: { paths: '/p' } } },
  );
  it('keep their scopes, which a token needs now', () => {
    const conversion = convert(text);
    expect(resultOf(conversion).config['routes']).toEqual([
      { paths: ['/x'], scopes: ['a'] },
      { paths: ['/o'], scopes: ['b'] },
    ]);
    expect(codesOf(conversion.warnings)).toContain('scopes_without_jwt at apiEndpoints.o.scopes');
  });

  it('are none of the configuration of one pipeline', () => {
    const { config } = resultOf(convert(text, { pipeline: 'main' }));
    expect(config['routes']).toEqual([{ paths: ['/x'], scopes: ['a'] }]);
  });

  it('that are named wrongly, twice or not at all are told of', () => {
    const conversion = convert(
      gatewayOf({
        apiEndpoints: { x: { paths: '/x', scopes: ['a'] }, y: { paths: '/y', scopes: ['b'] } },
        pipelines: {
          first: { apiEndpoints: ['x', 'z'], policies: [jwt()] },
          last: { apiEndpoints: ['x'], policies: [] },
        },
      }),
    );
    expect(codesOf(conversion.warnings)).toEqual(
      expect.arrayContaining([
        'endpoint_in_several_pipelines at apiEndpoints.x',
        'endpoint_without_pipeline at apiEndpoints.y',
        'endpoint_unknown at pipelines.first.apiEndpoints',
        'scopes_without_jwt at apiEndpoints.x.scopes',
        'scopes_without_jwt at apiEndpoints.y.scopes',
      ]),
    );
  });
});

describe('the upstream', () => {
  const gateway = (proxies: readonly unknown[], serviceEndpoints: Settings) =>
    convert(
      gatewayOf({
        serviceEndpoints,
        pipelines: { main: { apiEndpoints: ['all'], policies: [jwt(), ...proxies] } },
      }),
    );
  const proxy = (action: Settings = {}) => ({ proxy: [{ action: { serviceEndpoint: 'a', ...action } }] });
  const A = { url: 'http://a:1/base' };

  it.each([
    [[proxy()], { a: A }, []],
    [[proxy({ changeOrigin: true, stripPath: false })], { a: A }, []],
    [[proxy(), proxy({ serviceEndpoint: 'b' })], { a: A, b: A }, []],
    [[proxy()], { a: { urls: [A.url] } }, []],
    [[proxy({ auth: 'u:p' })], { a: A }, ['option_left_out at pipelines.main.policies[1].proxy[0].auth']],
    [[proxy()], { a: { ...A, proxyOptions: {} } }, ['option_left_out at serviceEndpoints.a.proxyOptions']],
  ])('of %j and %j', (proxies, services, leftOut) => {
    const conversion = gateway(proxies, services);
    expect(resultOf(conversion).config['upstream']).toBe(A.url);
    expect(codesOf(conversion.leftOut)).toEqual(leftOut);
  });

  it.each([
    [[], {}, false],
    [[proxy()], {}, true],
    [[{ proxy: null }], { a: A }, true],
    [[proxy()], { a: { urls: [A.url, 'http://b'] } }, true],
    [[proxy(), proxy({ serviceEndpoint: 'b' })], { a: A, b: { url: 'http://b' } }, true],
    [[proxy({ stripPath: true })], { a: A }, true],
    [[proxy({ prependPath: false })], { a: A }, true],
    [[proxy()], { a: { url: 'ftp://a' } }, true],
    [[proxy()], { a: { url: 'http://u:p@a' } }, true],
    [[proxy({ serviceEndpoint: '__proto__' })], { a: A }, true],
  ])('none of %j and %j', (proxies, services, isWarned) => {
    const conversion = gateway(proxies, services);
    expect(resultOf(conversion).config).not.toHaveProperty('upstream');
    expect(warningsOf(conversion)).toEqual(isWarned ? ['upstream_left_out'] : []);
    expect(JSON.stringify(conversion.warnings)).not.toContain('u:p');
  });
});

describe('cors', () => {
  const gateway = (...policies: readonly unknown[]) =>
    convert(gatewayOf({ pipelines: { main: { apiEndpoints: ['all'], policies } } }));
  const cors = (action: unknown) => ({ cors: [{ action }] });
  const METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'];

  it.each([
    [undefined, { allowOrigins: '*', allowMethods: METHODS }],
    [{ origin: '*' }, { allowOrigins: '*', allowMethods: METHODS }],
    [{ origin: 'https://x.example' }, { allowOrigins: 'https://x.example', allowMethods: METHODS }],
    [
      {
        origin: ['https://x.example'],
        methods: 'GET, PUT',
        allowedHeaders: ['a', 'b'],
        exposedHeaders: ['c'],
      },
      {
        allowOrigins: ['https://x.example'],
        allowMethods: ['GET', 'PUT'],
        allowHeaders: ['a', 'b'],
        exposeHeaders: ['c'],
      },
    ],
    [
      { origin: 'https://x.example', methods: ['GET'], credentials: true, maxAge: 100_000 },
      {
        allowOrigins: 'https://x.example',
        allowMethods: ['GET'],
        allowCredentials: true,
        maxAgeSeconds: 86_400,
      },
    ],
  ])('of %j', (action, expected) => {
    expect(resultOf(gateway(cors(action), jwt())).config['cors']).toEqual(expected);
  });

  it.each([
    [cors({ origin: true }), jwt()],
    [cors({ origin: ['*'] }), jwt()],
    [cors({ origin: ['https://x.example', '*'] }), jwt()],
    [cors({ origin: '*', credentials: true }), jwt()],
    [cors({ origin: '/regexp/' }), jwt()],
    [cors({ origin: '${MISSING}' }), jwt()],
    [jwt(), cors({})],
    [cors({}), cors({}), jwt()],
    [{ cors: [{ condition: { name: 'never' }, action: {} }] }, jwt()],
  ])('none of %j, %j', (...policies) => {
    const conversion = gateway(...policies);
    expect(resultOf(conversion).config).not.toHaveProperty('cors');
    expect(warningsOf(conversion)).toEqual(['cors_left_out']);
  });
});
