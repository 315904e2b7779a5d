import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../lambda/config/parse.ts';
import { formatProblems } from '../../lambda/config/problem.ts';
import { soonMs } from '../support/soon.ts';
import { parsedFile, policy, problemsOf, SECRET } from './parsing.ts';

describe('the root', () => {
  test.each([undefined, null, '', 'jwt', 7, true, [], [{ jwt: policy() }]])(
    '%j is no configuration',
    (root) => {
      expect(problemsOf(root)).toEqual(['value_invalid at ']);
    },
  );
  test.each([
    [{}, 'value_invalid at jwt'],
    [{ jwt: null }, 'value_invalid at jwt'],
    [{ jwt: [] }, 'value_invalid at jwt'],
    [{ jwt: 'secret' }, 'value_invalid at jwt'],
    [{ jwt: 7 }, 'value_invalid at jwt'],
    [{ jwt: [null] }, 'value_invalid at jwt[0]'],
    [{ jwt: [[policy()]] }, 'value_invalid at jwt[0]'],
    [{ jwt: [policy(), 'secret'] }, 'value_invalid at jwt[1]'],
  ])('%j has no policy', (root, problem) => {
    expect(problemsOf(root)).toEqual([problem]);
  });
  test('one policy and a list of one mean the same', () => {
    const one = parsedFile({ jwt: policy() });
    const list = parsedFile({ jwt: [policy()] });
    expect({ ...list, policies: [] }).toEqual({ ...one, policies: [] });
    expect(list.policies[0]?.index).toBe(0);
  });
  test('policies keep their order and say their place in it', () => {
    const { policies } = parsedFile({ jwt: ['a', 'b', 'c'].map((issuer) => policy({ issuer })) });
    expect(policies.map(({ index, issuer }) => [index, ...issuer])).toEqual([
      [0, 'a'],
      [1, 'b'],
      [2, 'c'],
    ]);
  });
  test('a cache of nothing is an unknown key away', () => {
    for (const key of ['authorizerCacheSecond', 'route', 'jwts', 'JWT', 'toString', 'constructor', 'valueOf'])
      expect(problemsOf({ jwt: policy(), [key]: 0 })).toEqual([`unknown_key at ${key}`]);
    expect(problemsOf(JSON.parse(`{"jwt": ${JSON.stringify(policy())}, "__proto__": {}}`))).toEqual([
      'unknown_key at __proto__',
    ]);
  });
});

describe('suggestions for unknown keys', () => {
  const messageFor = (file: object) => {
    const parsed = parseConfig(file);
    return parsed.ok ? '' : (parsed.problems[0]?.message ?? '');
  };
  test.each([
    [{ jwt: policy({ audiance: 'x' }) }, 'audience'],
    [{ jwt: policy({ ISSUER: 'x' }) }, 'issuer'],
    [{ jwt: policy({ algorithm: 'x' }) }, 'algorithms'],
    [{ jwt: policy(), authorizerCacheSecond: 0 }, 'authorizerCacheSeconds'],
    [{ jwt: policy(), routes: [{ paths: '/a', method: 'GET' }] }, 'methods'],
    [{ jwt: policy(), cors: { allowOrigins: '*', allowHeader: 'a' } }, 'allowHeaders'],
    [{ jwt: policy({ iissuer: 'x' }) }, 'issuer'],
    [{ jwt: policy({ audeince: 'x' }) }, 'audience'],
    [{ jwt: policy({ jwtExtractorFi: 'x' }) }, 'jwtExtractor'],
    [{ jwt: policy({ jwtExtractorFeld: 'x' }) }, 'jwtExtractorField'],
  ])('%j: %s', (file, suggestion) => {
    expect(messageFor(file)).toContain(`did you mean ${suggestion}?`);
  });
  test.each([
    ['more than one change in four characters', { jwt: policy({ issua: 'x' }) }],
    ['what begins otherwise', { jwt: policy({ xxissue: 'x' }) }],
    ['one letter in common', { jwt: policy(), restApi: { id: 'abc', stages: 'prod', api: 'x' } }],
  ])('there is none for %s', (_, file) => {
    expect(messageFor(file)).toMatch(/^unknown key(?!.*did you mean)/);
  });
  test.each([
    [{ jwt: policy(), audience: 'x' }, 'under jwt'],
    [{ jwt: policy({ upstream: 'https://x.example.com' }) }, 'beside jwt'],
    [{ jwt: [policy({ routes: [] })] }, 'beside jwt'],
  ])('%j: it belongs %s', (file, place) => {
    expect(messageFor(file)).toContain(place);
  });
  test.each(['toString', 'constructor'])('%s belongs nowhere', (name) => {
    expect(messageFor({ jwt: policy(), [name]: 1 })).toMatch(/^unknown key(?! here)/);
  });
  test('of very long keys there are none, and they cost little', () => {
    const begunMs = performance.now();
    for (const key of ['audience'.repeat(50_000), `audience${'e'.repeat(9)}`])
      expect(messageFor({ jwt: policy({ [key]: 'x' }) })).not.toContain('did you mean');
    expect(performance.now() - begunMs).toBeLessThan(soonMs(1000));
  });
  test.each([
    ['of a rule', { jwt: policy(), routes: [{ paths: '/a', zzz: 1 }] }, 'paths, methods, scopes'],
    ['of the file, which has twelve', { jwt: policy(), zzz: 1 }, 'routes, upstream, '],
    ['but for a policy, which has many', { jwt: policy({ zzz: 1 }) }, 'docs/options.md'],
  ])('are options of that place, %s', (_, file, named) => {
    expect(messageFor(file)).toContain(named);
  });
});

describe('every problem at once', () => {
  test('ten faults, ten problems', () => {
    const file = {
      jwt: [
        { secretOrPublicKey: 'short', clockToleranceSeconds: 3601, audiance: 'a' },
        { secretArn: 'orders', jwtExtractor: 'query', issuer: [] },
      ],
      routes: [{ paths: ['no-slash'], methods: ['FETCH'] }],
      upstream: 'orders',
      authorizerCacheSeconds: 3601,
    };
    expect(problemsOf(file).sort()).toEqual(
      [
        'secret_too_short at jwt[0].secretOrPublicKey',
        'value_invalid at jwt[0].clockToleranceSeconds',
        'unknown_key at jwt[0].audiance',
        'value_invalid at jwt[1].secretArn',
        'extractor_field_required at jwt[1].jwtExtractorField',
        'value_invalid at jwt[1].issuer',
        'route_invalid at routes[0].paths[0]',
        'route_invalid at routes[0].methods',
        'value_invalid at upstream',
        'value_invalid at authorizerCacheSeconds',
      ].sort(),
    );
  });

  /** Faults that touch different options, each with its one problem. */
  const FAULTS: readonly (readonly [option: string, value: unknown, problem: string])[] = [
    ['secretOrPublicKey', 'short', 'secret_too_short at @.secretOrPublicKey'],
    ['audience', [], 'value_invalid at @.audience'],
    ['issuer', 7, 'value_invalid at @.issuer'],
    ['requireExp', 'no', 'value_invalid at @.requireExp'],
    ['maxAgeSeconds', -1, 'value_invalid at @.maxAgeSeconds'],
    ['requiredClaims', { a: null }, 'value_invalid at @.requiredClaims.a'],
    ['jwtExtractorField', 'x', 'extractor_field_unused at @.jwtExtractorField'],
    ['credentialKeys', true, 'unknown_key at @.credentialKeys'],
    ['secretJsonField', 'x', 'option_unused at @.secretJsonField'],
    ['parameterNam', 'x', 'unknown_key at @.parameterNam'],
  ];
  test('any faults in any policies', () => {
    const faults = fc.subarray([...FAULTS]);
    fc.assert(
      fc.property(fc.array(faults, { minLength: 1, maxLength: 4 }), (list) => {
        const jwt = list.map((some) => policy(Object.fromEntries(some)));
        const expected = list.flatMap((some, i) =>
          some.map(([, , problem]) => problem.replace('@', `jwt[${i}]`)),
        );
        expect(problemsOf({ jwt }).map(withoutDetail).sort()).toEqual(expected.map(withoutDetail).sort());
      }),
    );
  });
  const withoutDetail = (problem: string) => problem.replace('.requiredClaims.a', '.requiredClaims');
});

describe('no message holds a secret', () => {
  /** What is long enough to be one; shorter ones are hidden where secrets and keys belong. */
  const secret = fc.oneof(
    fc.base64String({ minLength: 32, maxLength: 88 }),
    fc.string({ minLength: 32, maxLength: 90, unit: 'grapheme-ascii' }),
    fc.string({ minLength: 32, maxLength: 90, unit: 'binary' }),
    fc.string({ minLength: 32, maxLength: 64 }).map((text) => `/${text}`),
  );
  const shortSecret = fc.stringMatching(/^Zq[A-Z]{8}$/);
  const reportOf = (file: unknown) => {
    const parsed = parseConfig(file, () => {
      throw Object.assign(new Error('no'), { code: 'ENOENT' });
    });
    return parsed.ok ? '' : formatProblems('authorizer.config.yml', parsed.problems);
  };
  const isHidden = (file: unknown, text: string) => {
    const report = reportOf(file);
    return !report.includes(text) && !report.includes(JSON.stringify(text).slice(1, -1));
  };

  const POLICY_OPTIONS = [
    ...['secretOrPublicKey', 'secretOrPublicKeyFile', 'secretOrPublicKeyBase64', 'secret', 'secretArn'],
    ...[
      'secretJsonField',
      'parameterName',
      'jwksUri',
      'discovery',
      'credentialKey',
      'algorithms',
      'jwtExtractor',
    ],
    ...[
      'jwtExtractorField',
      'audience',
      'anyAudience',
      'issuer',
      'requireExp',
      'maxAgeSeconds',
      'requiredClaims',
    ],
    ...['tokenTypes', 'scopeClaim', 'secretOrPublicKeys', 'password', 'secretorpublickey', 'clientSecret'],
  ];
  const wrap = fc.constantFrom<(text: string) => unknown>(
    (text) => text,
    (text) => [text],
    (text) => ({ value: text }),
    (text) => ({ [text]: text }),
    (text) => ({ [text]: null }),
  );
  const extractor = fc.constantFrom('authBearer', 'authScheme', 'header', 'query', 'cookie');

  test('in any option of a policy', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...POLICY_OPTIONS),
        secret,
        wrap,
        extractor,
        (option, text, how, jwtExtractor) => {
          expect(isHidden({ jwt: policy({ jwtExtractor, [option]: how(text) }) }, text)).toBe(true);
          expect(
            isHidden(
              { jwt: [policy(), { [option]: how(text) }, { [option]: how(text), issuer: 'x' }] },
              text,
            ),
          ).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
  test('in any other option', () => {
    const at = fc.constantFrom<(value: unknown) => object>(
      (value) => ({ jwt: value }),
      (value) => ({ jwt: [value] }),
      (value) => ({ routes: value }),
      (value) => ({ routes: [value] }),
      (value) => ({ routes: [{ paths: value }] }),
      (value) => ({ routes: [{ paths: '/a', methods: value }] }),
      (value) => ({ routes: [{ paths: '/a', scopes: value }] }),
      (value) => ({ upstream: value }),
      (value) => ({ authorizerCacheSeconds: value }),
      (value) => ({ onDenial: value }),
      (value) => ({ cors: value }),
      (value) => ({ cors: { allowOrigins: value } }),
      (value) => ({ cors: { allowOrigins: '*', allowHeaders: value } }),
      (value) => ({ restApi: value }),
      (value) => ({ restApi: { id: value, stages: value, routes: value } }),
      (value) => ({ restApi: { id: 'abc', stages: 'prod', routes: [value], driftCheck: value } }),
      (value) => ({ adminApi: value }),
      (value) => ({ upstreem: value }),
    );
    fc.assert(
      fc.property(at, secret, wrap, (place, text, how) => {
        expect(isHidden({ jwt: policy(), ...place(how(text)) }, text)).toBe(true);
        expect(isHidden(how(text), text)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
  test('however short, in the place of a secret, of a policy, of the file or of a name', () => {
    const at = fc.constantFrom<(text: string) => unknown>(
      (text) => text,
      (text) => [text],
      (text) => ({ jwt: text }),
      (text) => ({ jwt: [text] }),
      (text) => ({ jwt: { secretOrPublicKey: text } }),
      (text) => ({ jwt: { secretOrPublicKey: [text] } }),
      (text) => ({ jwt: { secretOrPublicKeyBase64: `${text}!` } }),
      (text) => ({ jwt: { secret: text } }),
      (text) => ({ jwt: { secretArn: text } }),
      (text) => ({ jwt: { secretOrPublicKye: text } }),
      (text) => ({ jwt: { [`secretOrPublicKey:${text}`]: null } }),
      (text) => ({ jwt: policy(), [`secret=${text}`]: null }),
      (text) => ({ jwt: policy(), upstream: `https://ann:${text}@orders.example.com` }),
      (text) => ({ jwt: policy(), upstream: `https://a:${text}@b:99999` }),
    );
    fc.assert(
      fc.property(at, shortSecret, (place, text) => {
        expect(reportOf(place(text))).not.toBe('');
        expect(isHidden(place(text), text)).toBe(true);
      }),
    );
  });
  test('nor what stands under a name that speaks of one, at any depth', () => {
    const withClaim = (name: string) => ({ jwt: policy({ requiredClaims: { [name]: 2 ** 53 } }) });
    expect(isHidden(withClaim('tenant'), 'got 9007199254740992')).toBe(false);
    expect(isHidden(withClaim('password'), '9007199254740992')).toBe(true);
  });
  test('nor is one line of a report more than a line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const report = reportOf({
          jwt: { [text]: 1, algorithms: [text], jwtExtractor: text },
          routes: [{ paths: [`/${text}`], methods: text, scopes: text }],
          upstream: text,
        });
        // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may reach a terminal
        expect(report.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f]/);
      }),
    );
  });
});

test('a report counts its problems', () => {
  const problem = { code: 'value_invalid', path: 'jwt', message: 'missing' } as const;
  expect(formatProblems('f.yml', [problem])).toBe('f.yml: 1 problem\n  jwt: missing');
  expect(formatProblems('f.yml', [problem, { ...problem, path: '' }])).toBe(
    'f.yml: 2 problems\n  jwt: missing\n  missing',
  );
});

test('no value makes the parser throw', () => {
  const value = fc.oneof(fc.anything(), fc.constant(SECRET), fc.jsonValue());
  const keys = fc.constantFrom(
    'jwt',
    'routes',
    'cors',
    'upstream',
    'paths',
    'secretOrPublicKey',
    'algorithms',
    'x',
  );
  const nested = fc.dictionary(
    keys,
    fc.oneof(value, fc.dictionary(keys, value), fc.array(fc.dictionary(keys, value))),
  );
  fc.assert(
    fc.property(fc.oneof(value, nested), (file) => {
      expect(parseConfig(file).ok).toBeTypeOf('boolean');
    }),
    { numRuns: 2000 },
  );
});
