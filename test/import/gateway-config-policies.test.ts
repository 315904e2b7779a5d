// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Express Gateway are written so
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { EC, RSA, spkiPem } from '../config/keys.ts';
import {
  codesOf,
  convert,
  fixture,
  type Given,
  gatewayOf,
  jwt,
  pipelineOf,
  policyOf,
  problemsOf,
  resultOf,
  SECRET,
  warningsOf,
} from './gateway-config.ts';

const OTHER = `${SECRET}-of-another`;
const AT = 'pipelines.main.policies[0].jwt[0]';
const PUBLIC_PEM = spkiPem(RSA.publicKey);
const PRIVATE_PEM = RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const BASE = {
  secretOrPublicKeyFile: './secrets/jwt-0',
  checkCredentialExistence: true,
  requireExp: false,
};

describe('the options of a jwt action', () => {
  test.each([
    [{}, {}],
    [{ session: true, jwtExtractor: 'authBearer', jwtExtractorField: 'unused' }, {}],
    [
      { jwtExtractor: 'query', jwtExtractorField: 'jwt' },
      { jwtExtractor: 'query', jwtExtractorField: 'jwt' },
    ],
    [
      { jwtExtractor: 'header', jwtExtractorField: 'x-token' },
      { jwtExtractor: 'header', jwtExtractorField: 'x-token' },
    ],
    [
      { jwtExtractor: 'authScheme', jwtExtractorField: 'JWT' },
      { jwtExtractor: 'authScheme', jwtExtractorField: 'JWT' },
    ],
    [
      { audience: 'orders', issuer: 'https://id/' },
      { audience: 'orders', issuer: 'https://id/' },
    ],
    [
      { audience: 12, issuer: true },
      { audience: '12', issuer: 'true' },
    ],
    [{ audience: '', issuer: null }, {}],
    [{ checkCredentialExistence: false }, { checkCredentialExistence: false }],
    [{ passThrough: true }, { passThrough: true }],
    [{ passThrough: false }, {}],
    [{ algorithms: ['HS512', 'HS256'] }, { algorithms: ['HS512', 'HS256'] }],
  ])('%j', (action, expected) => {
    expect(policyOf(action)).toEqual({ ...BASE, ...expected });
  });

  test.each([
    [{ passThrough: 'false' }, `value_invalid at ${AT}.passThrough`],
    [{ checkCredentialExistence: 'false' }, `value_invalid at ${AT}.checkCredentialExistence`],
    [{ checkCredentialExistence: null }, `value_invalid at ${AT}.checkCredentialExistence`],
    [{ algorithms: ['none'] }, `value_invalid at ${AT}.algorithms`],
    [{ algorithms: 'HS256' }, `value_invalid at ${AT}.algorithms`],
    [{ algorithms: [] }, 'value_invalid at authorizer.config.yml: jwt.algorithms'],
    [{ algorithms: ['RS256'] }, 'algorithm_key_mismatch at authorizer.config.yml: jwt.algorithms'],
    [{ audience: { a: 1 } }, 'value_invalid at authorizer.config.yml: jwt.audience'],
    [{ jwtExtractor: 'body' }, 'value_invalid at authorizer.config.yml: jwt.jwtExtractor'],
    [{ jwtExtractor: 'query' }, 'extractor_field_required at authorizer.config.yml: jwt.jwtExtractorField'],
    [{ secretOrPublicKey: '' }, 'secret_empty at authorizer.config.yml: jwt.secretOrPublicKeyFile'],
    [
      { secretOrPublicKey: JSON.stringify(PUBLIC_PEM.replaceAll('\n', ' ')) },
      `key_invalid at ${AT}.secretOrPublicKey`,
    ],
    [
      { secretOrPublicKey: Buffer.from(PUBLIC_PEM).toString('base64') },
      'secret_looks_like_key at authorizer.config.yml: jwt.secretOrPublicKeyFile',
    ],
    [{ secretOrPublicKey: undefined }, `key_source_missing at ${AT}`],
    [{ secretOrPublicKeyFile: 'x' }, `key_source_ambiguous at ${AT}`],
    [
      { secretOrPublicKey: undefined, secretOrPublicKeyFile: 'nowhere' },
      `key_file_unreadable at ${AT}.secretOrPublicKeyFile`,
    ],
  ])('%j is refused', (action, problem) => {
    expect(problemsOf(pipelineOf(jwt(action)))).toEqual([problem]);
  });

  it('are told when they are unknown, by name unless that may be a secret', () => {
    const { leftOut } = convert(
      pipelineOf(jwt({ ignoreExpiration: true, [`secretOrPublicKey:${SECRET}`]: null })),
    );
    expect(codesOf(leftOut)).toEqual([
      `option_left_out at ${AT}.ignoreExpiration`,
      `option_left_out at ${AT}."…"`,
    ]);
  });

  it.each([
    { jwt: null },
    { jwt: [] },
    { jwt: {} },
    { jwt: { action: null } },
    { jwt: { secretOrPublicKey: SECRET } },
  ])('without an action there is no key: %j', (item) => {
    expect(problemsOf(pipelineOf(item))[0]).toMatch(/^key_source_missing/);
  });
});

describe('a secret', () => {
  const secretOf = (action: object, given?: Given) => {
    const { secrets, yaml } = resultOf(
      convert(pipelineOf(jwt({ secretOrPublicKey: undefined, ...action })), given),
    );
    expect(secrets).toHaveLength(1);
    expect(yaml).not.toContain(SECRET.slice(0, 12));
    return secrets[0]?.bytes;
  };

  it('goes to a file of its own, byte for byte', () => {
    expect(secretOf({ secretOrPublicKey: SECRET })).toEqual(Buffer.from(SECRET));
    for (const content of [`${SECRET}\n`, `\ufeff${SECRET}\r\n`, Buffer.alloc(64, 0xfe)])
      expect(secretOf({ secretOrPublicKeyFile: 'f' }, { files: { f: content } })).toEqual(
        Buffer.from(content),
      );
  });

  it('is read from the documented misspelling too', () => {
    const text = pipelineOf(jwt({ secretOrPublicKey: undefined, secretOrPrivateKeyFile: 'f' }));
    const conversion = convert(text, { files: { f: SECRET } });
    expect(resultOf(conversion).secrets).toHaveLength(1);
    expect(warningsOf(conversion)).toEqual(['key_option_misspelt']);
  });

  it.each([
    [63, undefined, true],
    [64, undefined, false],
    [31, ['HS256'], true],
    [32, ['HS256'], false],
    [47, ['HS256', 'HS384'], true],
    [48, ['HS256', 'HS384'], false],
  ])('of %i bytes for %j is short: %s', (length, algorithms, isShort) => {
    const text = pipelineOf(
      jwt({ secretOrPublicKey: SECRET.slice(0, length), ...(algorithms && { algorithms }) }),
    );
    const conversion = convert(text);
    expect(resultOf(conversion).config['jwt']).toEqual({
      ...BASE,
      ...(algorithms && { algorithms }),
      ...(isShort && { allowShortSecret: true }),
    });
    expect(warningsOf(conversion)).toEqual(isShort ? ['short_secret'] : []);
  });

  it('is warned of, since it cannot be deployed from a file', () => {
    const codes = (text: string) => convert(text).warnings.map(({ code }) => code);
    expect(codes(pipelineOf(jwt()))).toContain('secret_not_deployable');
    expect(codes(pipelineOf(jwt({ secretOrPublicKey: PUBLIC_PEM })))).not.toContain('secret_not_deployable');
  });
});

describe('a public key', () => {
  const keyOf = (action: object, files = {}) => {
    const conversion = convert(pipelineOf(jwt({ secretOrPublicKey: undefined, ...action })), { files });
    const { config, secrets } = resultOf(conversion);
    expect(secrets).toEqual([]);
    return {
      ...(config['jwt'] as { secretOrPublicKey: string; algorithms?: unknown }),
      warnings: warningsOf(conversion),
    };
  };

  it.each([
    ['SPKI', PUBLIC_PEM, RSA.publicKey],
    ['PKCS#1', RSA.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString(), RSA.publicKey],
    ['EC', spkiPem(EC.publicKey), EC.publicKey],
    ['a certificate', fixture('rsa-certificate.pem'), createPublicKey(fixture('rsa-certificate.pem'))],
    ['after other text', `a key\n${PUBLIC_PEM}`, RSA.publicKey],
  ])('stands in the configuration: %s', (_, pem, key) => {
    for (const { secretOrPublicKey, warnings } of [
      keyOf({ secretOrPublicKey: pem }),
      keyOf({ secretOrPublicKeyFile: 'f' }, { f: pem }),
    ]) {
      expect(createPublicKey(secretOrPublicKey).equals(key)).toBe(true);
      expect(warnings).toEqual([]);
    }
  });

  it('is made of a private one', () => {
    for (const algorithms of [undefined, ['RS256']]) {
      const { secretOrPublicKey, warnings } = keyOf(
        { secretOrPublicKeyFile: 'f', ...(algorithms && { algorithms }) },
        { f: PRIVATE_PEM },
      );
      expect(secretOrPublicKey).toBe(PUBLIC_PEM);
      expect(warnings).toEqual(['private_key_replaced']);
    }
  });

  it('is refused when it is weak, or locked with a passphrase', () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
    expect(problemsOf(pipelineOf(jwt({ secretOrPublicKey: spkiPem(weak.publicKey) })))).toEqual([
      'key_too_weak at authorizer.config.yml: jwt.secretOrPublicKey',
    ]);
    const locked = RSA.privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'x',
    });
    expect(problemsOf(pipelineOf(jwt({ secretOrPublicKey: locked.toString() })))).toEqual([
      `key_invalid at ${AT}.secretOrPublicKey`,
    ]);
  });

  it('is no secret for HS*, which anyone could sign with', () => {
    const { algorithms, warnings } = keyOf({ secretOrPublicKey: PUBLIC_PEM, algorithms: ['HS256', 'RS256'] });
    expect(algorithms).toEqual(['RS256']);
    expect(warnings).toEqual(['forgeable_algorithms_left_out']);
    expect(problemsOf(pipelineOf(jwt({ secretOrPublicKey: PUBLIC_PEM, algorithms: ['HS256'] })))).toEqual([
      `value_invalid at ${AT}.algorithms`,
    ]);
  });
});

describe('several jwt steps', () => {
  const A = jwt({ issuer: 'https://a/', checkCredentialExistence: false });
  const B = jwt({ secretOrPublicKey: OTHER, issuer: 'https://b/', checkCredentialExistence: false });
  const passing = (item: typeof A) => {
    const [step] = item['jwt'] as [{ action: object }];
    return { jwt: [{ ...step, action: { ...step.action, passThrough: true } }] };
  };
  /** `a`, `b`, with a `?` where it passes on. */
  const chain = (...items: readonly unknown[]) => {
    const conversion = convert(pipelineOf(...items));
    const { jwt: policies } = resultOf(conversion).config;
    const list = (Array.isArray(policies) ? policies : [policies]) as {
      issuer: string;
      passThrough?: boolean;
    }[];
    const names = list.map(({ issuer, passThrough }) => `${issuer.at(-2)}${passThrough ? '?' : ''}`);
    return [names.join(' '), ...warningsOf(conversion)];
  };

  it('that must all accept a token cannot be expressed', () => {
    for (const items of [
      [A, B],
      [A, passing(B)],
      [passing(A), B, A],
    ])
      expect(problemsOf(pipelineOf(...items))).toEqual(['jwt_chain_unsupported at pipelines.main.policies']);
    expect(problemsOf(pipelineOf({ jwt: [...(A['jwt'] as []), ...(B['jwt'] as [])] }))).toHaveLength(1);
  });

  it('that pass on decide nothing before one that does not', () => {
    expect(chain(passing(A), B)).toEqual(['b', 'jwt_step_without_effect']);
    expect(chain(passing(A), passing(B), A)).toEqual(['a', 'jwt_step_without_effect']);
    expect(chain(A, A)).toEqual(['a']);
    expect(chain(passing(A), A)).toEqual(['a']);
    expect(chain(A, passing(A))).toEqual(['a']);
  });

  it('that all pass on are turned round, for there the last decides', () => {
    expect(chain(passing(A))).toEqual(['a?']);
    expect(chain(passing(A), passing(B))).toEqual(['b? a?', 'jwt_order_reversed']);
    expect(chain(passing(A), passing(B), passing(A))).toEqual(['a? b?', 'jwt_order_reversed']);
  });

  it('let nobody through as anonymous where something else refused that', () => {
    const key = { 'key-auth': null };
    expect(chain(passing(A), key)).toEqual(['a', 'authentication_left_out', 'pass_through_left_out']);
    expect(chain(passing(A), passing(B), key)[0]).toBe('b? a');
    expect(chain(passing(A), { 'of-a-plugin': null })).toEqual([
      'a',
      'pass_through_left_out',
      'plugin_left_out',
    ]);
    const terminate = { terminate: [{ condition: { name: 'anonymous' }, action: { statusCode: 401 } }] };
    expect(chain(passing(A), terminate)[0]).toBe('a');
    const proxy = { proxy: [{ condition: { name: 'authenticated' }, action: {} }] };
    expect(chain(passing(A), proxy)[0]).toBe('a');
    expect(chain(passing(A), { log: null })).toEqual(['a?']);
  });

  it('that let anonymous callers through leave nothing to be cached', () => {
    const isWarned = (...items: readonly unknown[]) =>
      convert(pipelineOf(...items)).warnings.some(({ code }) => code === 'answers_are_cached');
    expect(isWarned(A)).toBe(true);
    expect(isWarned(passing(A))).toBe(false);
  });

  it('with conditions hold always, which is told', () => {
    const conditional = jwt({}, { name: 'pathExact', path: '/a' });
    expect(warningsOf(convert(pipelineOf(conditional)))).toEqual(['condition_left_out']);
    expect(warningsOf(convert(pipelineOf(jwt({}, { name: 'always' }))))).toEqual([]);
    expect(problemsOf(pipelineOf(jwt({}, { name: 'never' })))).toEqual(['jwt_missing at pipelines']);
    expect(problemsOf(pipelineOf(jwt({}, { name: '${X}' })))).toContain(`variable_missing at ${AT}`);
  });

  it('that are controlled and pass on need issuers of their own', () => {
    const text = pipelineOf(jwt({ passThrough: true }), jwt({ secretOrPublicKey: OTHER, passThrough: true }));
    expect(problemsOf(text)[0]).toMatch(/^issuer_required/);
  });
});

describe('several pipelines', () => {
  const gateway = (pipelines: Readonly<Record<string, readonly unknown[]>>) =>
    gatewayOf({
      pipelines: Object.fromEntries(
        Object.entries(pipelines).map(([name, policies]) => [name, { apiEndpoints: [name], policies }]),
      ),
      apiEndpoints: Object.fromEntries(Object.keys(pipelines).map((name) => [name, { paths: `/${name}` }])),
    });
  const [a, b] = [jwt(), jwt({ secretOrPublicKey: OTHER })];

  it('with the same jwt policy become one configuration', () => {
    const { config } = resultOf(convert(gateway({ x: [a], y: [{ log: null }, a] })));
    expect(config['jwt']).toEqual(BASE);
  });

  it('with different ones are refused, unless one of them is asked for', () => {
    const different = [b, jwt({ audience: 'x' }), jwt({ passThrough: true })];
    for (const other of different)
      expect(problemsOf(gateway({ x: [a], y: [other] }))).toEqual(['pipelines_differ at pipelines']);
    const conversion = convert(gateway({ x: [a], y: [b] }), { pipeline: 'y' });
    expect(resultOf(conversion).secrets.map(({ bytes }) => bytes.toString())).toEqual([OTHER]);
    expect(codesOf(conversion.leftOut)).toEqual(['pipeline_left_out at pipelines.x']);
  });

  it('of which one has no jwt policy: that is told', () => {
    const conversion = convert(gateway({ x: [a], open: [{ proxy: null }] }));
    expect(codesOf(conversion.warnings)).toContain('pipeline_without_jwt at pipelines.open');
    expect(problemsOf(gateway({ x: [a], open: [] }), { pipeline: 'open' })).toEqual([
      'jwt_missing at pipelines.open',
    ]);
  });

  it('of which none has one, or none has the name', () => {
    expect(problemsOf(gateway({ open: [{ proxy: null }] }))).toEqual(['jwt_missing at pipelines']);
    expect(problemsOf('apiEndpoints:\npipelines:\n')).toEqual(['jwt_missing at pipelines']);
    expect(problemsOf(gateway({ x: [a] }), { pipeline: 'z' })).toEqual(['pipeline_unknown at pipelines']);
    expect(problemsOf(gateway({ x: [a] }), { pipeline: '__proto__' })).toEqual([
      'pipeline_unknown at pipelines',
    ]);
  });

  it('may be a list, or one in the singular', () => {
    const shapes = [
      { pipelines: [{ name: 'x', policies: [a] }] },
      { pipelines: { x: { policy: a } } },
      { pipeline: { name: 'x', apiEndpoint: 'all', policy: a } },
      { pipeline: [{ name: 'x', policies: [a] }] },
    ];
    for (const shape of shapes)
      expect(resultOf(convert(gatewayOf(shape), { pipeline: 'x' })).secrets).toHaveLength(1);
  });

  it.each([
    { pipelines: 'x' },
    { pipelines: { x: null } },
    { pipelines: { x: { policies: ['jwt'] } } },
    { pipelines: { x: { policies: [{ ...a, log: null }] } } },
    { pipelines: { x: { policies: [{ jwt: 'x' }] } } },
    { pipelines: { x: { policies: [{ jwt: { condition: 'x' } }] } } },
    { apiEndpoints: { x: 'text' }, pipelines: { x: { policies: [a] } } },
  ])('is refused when it is not as it should be: %j', (sections) => {
    expect(problemsOf(gatewayOf(sections))[0]).toMatch(/^gateway_config_invalid/);
  });
});
