// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Express Gateway are written so
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { missingVariables, substitute } from '../../bin/import/gateway-config/variables.ts';
import { codesOf, convert, jwt, pipelineOf, problemsOf, resultOf, SAMPLE, SECRET } from './gateway-config.ts';

describe('variables are put into the text as Express Gateway does', () => {
  test.each([
    ['${A}', { A: 'x' }, 'x'],
    ['${A}', { A: '' }, ''],
    ['${A:-d}', {}, 'd'],
    ['${A:-d}', { A: 'x' }, 'x'],
    ['${A:-d}', { A: '' }, ''],
    ['${A:-http://h:1/p}', {}, 'http://h:1/p'],
    ['$${A}', { A: 'x' }, '$${A}'],
    ['${A}${B:-y}', { A: 'x' }, 'xy'],
    ['${req.method} $A ${}', { A: 'x' }, '${req.method} $A ${}'],
    ['${A}', { A: '${B}', B: 'x' }, '${B}'],
    ['${A:-b\n}${A:-c} ${A:-d', {}, '${A:-b\n}c ${A:-d'],
  ])('%s with %j is %s', (text, variables, expected) => {
    expect(substitute(text, variables)).toBe(expected);
  });

  // As many characters as a file may have.
  test.each(['"${a:-"', '${a', '$${', '${a:-\n', '${a:-}', '}'])(
    '%j is put in at once, however often',
    (part) => {
      for (const end of ['', '}', '}\n']) {
        const start = performance.now();
        substitute(part.repeat(262_144 / part.length) + end, {});
        expect(performance.now() - start).toBeLessThan(2000);
      }
    },
  );

  test.each(['${A}', '${A:-}', 'x${A}y', '"${A}": 1', '${toString}', '${__proto__}'])(
    '%s without a value is missing',
    (text) => {
      expect(missingVariables({ a: [{ [substitute(text, {})]: 1 }] })).toHaveLength(1);
    },
  );

  it('leaves text without variables alone', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes('${'));
        expect(substitute(text, { A: 'x' })).toBe(text);
      }),
    );
  });
});

describe('a missing variable', () => {
  it('is no secret, and its name is told', () => {
    const { problems, result } = convert(SAMPLE);
    expect(result).toBeUndefined();
    expect(codesOf(problems)).toEqual(['variable_missing at pipelines.orders.policies[0].jwt[0]']);
    expect(problems[0]?.message).toContain('JWT_SECRET');
  });

  it.each([
    { secretOrPublicKey: '${X}' },
    { secretOrPublicKey: 'a${X}b' },
    { secretOrPublicKey: '${X:-}' },
    { audience: '${X}' },
    { issuer: '${X}' },
    { passThrough: '${X}' },
    { algorithms: ['${X}'] },
    { '${X}': 1 },
  ])('is refused in %j', (action) => {
    expect(problemsOf(pipelineOf(jwt(action)))).toEqual([
      'variable_missing at pipelines.main.policies[0].jwt[0]',
    ]);
  });

  it.each(['null', ' null\n', 'undefined'])('nor is the text %j', (secretOrPublicKey) => {
    expect(problemsOf(pipelineOf(jwt({ secretOrPublicKey })))).toEqual([
      'secret_is_null at pipelines.main.policies[0].jwt[0].secretOrPublicKey',
    ]);
    const file = jwt({ secretOrPublicKey: undefined, secretOrPublicKeyFile: 'f' });
    expect(problemsOf(pipelineOf(file), { files: { f: secretOrPublicKey } })).toEqual([
      'secret_is_null at pipelines.main.policies[0].jwt[0].secretOrPublicKeyFile',
    ]);
  });

  it('does no harm in what is left out', () => {
    const text = pipelineOf(jwt(), { log: { action: { message: '${X}' } } });
    expect(resultOf(convert(`http: { port: \${PORT} }\n${text}`)).secrets).toHaveLength(1);
  });

  it('in an upstream leaves the upstream out', () => {
    const text = SAMPLE.replace('http://localhost:3000', 'http://${BACKEND}');
    const conversion = convert(text, { variables: { JWT_SECRET: SECRET } });
    expect(resultOf(conversion).config).not.toHaveProperty('upstream');
    expect(codesOf(conversion.warnings)).toContain(
      'upstream_left_out at pipelines.orders.policies[2].proxy[0]',
    );
  });

  it('in the scopes or paths of an endpoint with scopes is refused', () => {
    for (const part of ['scopes: [orders:write]', 'paths: /orders/:id', "methods: 'PUT, DELETE'"]) {
      const text = SAMPLE.replace(part, `${part.split(':')[0]}: '\${X}'`);
      expect(problemsOf(text, { variables: { JWT_SECRET: SECRET } })).toEqual([
        'variable_missing at apiEndpoints.order[0]',
      ]);
    }
  });
});

describe('YAML is read as js-yaml 3 does', () => {
  const secretOf = (yaml: string) => {
    const { secrets } = resultOf(
      convert(
        `apiEndpoints: {}\npipelines: { a: { policies: [ jwt: { action: { secretOrPublicKey: ${yaml} } } ] } }`,
      ),
    );
    return secrets[0]?.bytes.toString();
  };
  test.each(['yes', 'on', 'y', 'N'])('%s is text', (text) => {
    expect(secretOf(text)).toBe(text);
  });

  test.each(['12345', '0123', '1_000', '2020-01-01', 'true', '1:20', '!!binary aGVsbG8=', '[a]', '{a: 1}'])(
    'the secret %s is no text, and refused',
    (text) => {
      expect(() => secretOf(text)).toThrow('secret_not_text');
      if (!/[![{]/.test(text)) expect(secretOf(`'${text}'`)).toBe(text);
    },
  );

  it('takes JSON, merge keys and expressions of JavaScript', () => {
    const text = `x: &a { secretOrPublicKey: ${SECRET} }
pipelines: { a: { policies: [ { cors: { action: { origin: !!js/regexp /x/ } } }, { jwt: { action: { <<: *a } } } ] } }`;
    expect(resultOf(convert(text)).secrets).toHaveLength(1);
    expect(
      resultOf(convert(JSON.stringify({ pipelines: { a: { policies: [jwt()] } } }))).secrets,
    ).toHaveLength(1);
  });

  test.each([
    'pipelines: { a: { policies: [ { jwt: &x { action: *x } } ] } }',
    'pipelines: &x { a: { policies: [ { jwt: *x } ] } }',
    '&x { apiEndpoints: *x, pipelines: *x }',
    'http: &x [*x, *x]',
    'http: &x { <<: *x }',
    `http: ${'['.repeat(100)}${']'.repeat(100)}`,
    `http: ${'['.repeat(100_000)}`,
    `http: ${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    `${'- '.repeat(20_000)}x`,
  ])('what holds itself, or is too deep, is refused: %#', (text) => {
    expect(problemsOf(text)).toEqual(expect.arrayContaining([expect.stringMatching(/^yaml_invalid/)]));
  });

  it('tells the first 20 errors of very many', () => {
    const start = performance.now();
    expect(problemsOf('a: 1\n'.repeat(10_000))).toHaveLength(20);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('takes 100 levels', () => {
    const text = `http: ${'['.repeat(99)}${']'.repeat(99)}\n${pipelineOf(jwt())}`;
    expect(resultOf(convert(text)).secrets).toHaveLength(1);
  });

  test.each(['a: [', 'a: 1\na: 2', 'a: *b', 'a: !env X', '\tx: 1', '- x', 'text', ''])(
    '%j is refused',
    (text) => {
      expect(problemsOf(text)[0]).toMatch(/^(?:yaml_invalid|gateway_config_invalid)/);
    },
  );
});
