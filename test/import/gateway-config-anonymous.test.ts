import { describe, expect, it, test } from 'vitest';
import {
  codesOf,
  convert,
  type Given,
  gatewayOf,
  jwt,
  resultOf,
  SECRET,
  warningsOf,
} from './gateway-config.ts';

type Settings = Readonly<Record<string, unknown>>;

const AT = 'pipelines.api.policies[0].jwt[0].passThrough';
const ALL = { host: '*' };
const proxy = (action: Settings = {}) => ({ proxy: [{ action: { serviceEndpoint: 'backend', ...action } }] });
const open = jwt({ passThrough: true });

/** The pipeline `api`, which lets anonymous callers in, for these endpoints and beside these others. */
function gateway(
  api: unknown,
  beside: { apiEndpoints?: Settings; pipelines?: Settings } = {},
  ...more: object[]
) {
  return gatewayOf({
    apiEndpoints: { api, ...beside.apiEndpoints },
    serviceEndpoints: { backend: { url: 'http://backend' } },
    pipelines: {
      api: { apiEndpoints: ['api'], policies: [open, proxy(), ...more] },
      ...beside.pipelines,
    },
  });
}

/** Whether anonymous callers are let in, and codes of warnings. */
function outcomeOf(text: string, given?: Given) {
  const conversion = convert(text, given);
  const { jwt: policy } = resultOf(conversion).config;
  const isOpen = [policy].flat().every((one) => (one as Settings)['passThrough'] === true);
  return { isOpen, codes: warningsOf(conversion), at: codesOf(conversion.warnings) };
}

const admin = (...policies: readonly unknown[]) => ({
  apiEndpoints: { admin: { paths: '/admin/*' } },
  pipelines: { admin: { apiEndpoints: ['admin'], policies } },
});

describe('anonymous callers are let in where the pipeline was all that the gateway served', () => {
  it.each([
    [ALL],
    [{}],
    [{ paths: '*' }],
    [{ paths: ['/*'], methods: '*' }],
    [[{ host: 'x.example', paths: '/x' }, ALL]],
    [[{ paths: ['/x', '*'] }]],
  ])('%j', (api) => {
    const { isOpen, at } = outcomeOf(gateway(api));
    expect(isOpen).toBe(true);
    expect(at).not.toContain(`anonymous_now_refused at ${AT}`);
  });

  it('and a pipeline without endpoints beside it served nothing', () => {
    const beside = { pipelines: { unused: { policies: [jwt({ passThrough: true })] } } };
    expect(outcomeOf(gateway(ALL, beside)).isOpen).toBe(true);
  });
});

describe('anonymous callers are refused where the gateway served them less than everything', () => {
  it.each([
    [{ paths: '/public/*' }],
    [{ paths: ['/public', '/open/*'] }],
    [{ pathRegex: '.*' }],
    [{ methods: 'GET' }],
    [{ host: 'api.example' }],
    [{ hostRegex: '.*' }],
    [[{ paths: '/x' }, { host: 'api.example' }]],
  ])('%j', (api) => {
    const { isOpen, at } = outcomeOf(gateway(api));
    expect({ isOpen, at }).toEqual({
      isOpen: false,
      at: expect.arrayContaining([`anonymous_now_refused at ${AT}`]),
    });
  });

  it.each([
    ['asks for a key', admin({ 'key-auth': null }, proxy())],
    ['asks for nothing, of another service', admin(proxy({ serviceEndpoint: 'other' }))],
    ['has no policies', admin()],
    ['lets them in as well, to another service', admin(open, proxy({ serviceEndpoint: 'other' }))],
    ['is not there', { apiEndpoints: { admin: { paths: '/admin/*' } } }],
  ])('the pipeline of another endpoint %s', (_, beside) => {
    for (const given of [{}, { pipeline: 'api' }]) {
      const { isOpen, codes } = outcomeOf(gateway(ALL, beside), given);
      expect({ isOpen, codes }).toEqual({
        isOpen: false,
        codes: expect.arrayContaining(['anonymous_now_refused']),
      });
    }
  });

  it.each([{ stripPath: true }, { ignorePath: true }, { prependPath: false }])(
    'its proxy has %j, so that the upstream is within reach in part',
    (action) => {
      const text = gatewayOf({
        pipelines: { api: { apiEndpoints: ['all'], policies: [open, proxy(action)] } },
      });
      expect(outcomeOf(text)).toMatchObject({
        isOpen: false,
        codes: ['anonymous_now_refused', 'upstream_left_out'],
      });
    },
  );

  it('by none of several policies', () => {
    const other = jwt({
      secretOrPublicKey: `${SECRET}-2`,
      passThrough: true,
      checkCredentialExistence: false,
    });
    const text = gatewayOf({
      apiEndpoints: { api: { paths: '/x' } },
      pipelines: {
        api: {
          apiEndpoints: ['api'],
          policies: [jwt({ passThrough: true, checkCredentialExistence: false }), other],
        },
      },
    });
    expect(resultOf(convert(text)).config['jwt']).toEqual([
      expect.not.objectContaining({ passThrough: true }),
      expect.not.objectContaining({ passThrough: true }),
    ]);
  });
});

test('what asks for a token anyway is not told of anonymous callers', () => {
  const text = gatewayOf({
    apiEndpoints: { api: { paths: '/x' } },
    pipelines: { api: { apiEndpoints: ['api'], policies: [jwt()] } },
  });
  expect(outcomeOf(text)).toMatchObject({ isOpen: false, codes: ['paths_not_limited'] });
});
