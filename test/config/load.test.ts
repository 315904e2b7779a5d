import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type LoadedConfig, loadConfigFile } from '../../lambda/config/load.ts';
import { parseConfig } from '../../lambda/config/parse.ts';
import { formatProblems } from '../../lambda/config/problem.ts';
import type { AuthorizerConfig } from '../../lambda/config/types.ts';
import { soonMs } from '../support/soon.ts';
import { certificatePem, RSA, spkiPem } from './keys.ts';
import { SECRET } from './parsing.ts';

const folder = mkdtempSync(join(tmpdir(), 'config-load-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const load = (yaml: string | Uint8Array) => loadConfigFile(write('authorizer.config.yml', yaml));

function loaded(yaml: string): LoadedConfig {
  const result = load(yaml);
  if (!result.ok) throw new Error(formatProblems('unexpected', result.problems));
  return result;
}
const problemsOf = (yaml: string | Uint8Array) => {
  const result = load(yaml);
  return result.ok ? [] : result.problems.map(({ code, path }) => `${code} at ${path}`);
};

/** A configuration with the bytes of its keys in the place of key objects, which do not compare. */
const comparable = (config: AuthorizerConfig) => ({
  ...config,
  policies: config.policies.map(({ keySource, ...policy }) => ({
    ...policy,
    key:
      keySource.kind !== 'inline'
        ? keySource
        : keySource.key.type === 'secret'
          ? keySource.key.export().toString('hex')
          : spkiPem(keySource.key),
  })),
});

/** What the function makes of it: the same JSON, and no files. */
function expectRuntimeEquality({ config, runtimeConfig }: LoadedConfig): void {
  const parsed = parseConfig(JSON.parse(JSON.stringify(runtimeConfig)));
  expect(parsed.ok ? comparable(parsed.config) : parsed.problems).toEqual(comparable(config));
}

describe('key files', () => {
  test('are relative to the configuration file, not to the working directory', () => {
    mkdirSync(join(folder, 'keys'));
    write('keys/public.pem', spkiPem(RSA.publicKey));
    const result = loaded('jwt:\n  secretOrPublicKeyFile: ./keys/public.pem\n');
    expect(result.runtimeConfig).toEqual({ jwt: { secretOrPublicKey: spkiPem(RSA.publicKey) } });
    expectRuntimeEquality(result);
  });
  test('may be named by an absolute path', () => {
    const path = write('absolute.pem', certificatePem('ec'));
    const result = loaded(`jwt: { secretOrPublicKeyFile: ${JSON.stringify(path)} }`);
    expect(result.config.policies[0]?.algorithms).toEqual(['ES256']);
    expectRuntimeEquality(result);
  });
  test.each([
    ['random bytes', Buffer.concat([Buffer.from([0xff, 0xfe]), randomBytes(62)]), 'secretOrPublicKeyBase64'],
    ['text with line breaks around it', Buffer.from(`\n${SECRET}\r\n`), 'secretOrPublicKey'],
    ['text with a BOM', Buffer.from(`\ufeff${SECRET}`), 'secretOrPublicKey'],
    ['zeros inside', Buffer.concat([Buffer.alloc(31), Buffer.alloc(33, 7)]), 'secretOrPublicKey'],
  ])('with %s are taken byte by byte', (_, bytes, option) => {
    write('secret.bin', bytes);
    const result = loaded('jwt: [{ secretOrPublicKeyFile: secret.bin, algorithms: [HS256] }]');
    const keySource = result.config.policies[0]?.keySource;
    expect(keySource?.kind === 'inline' && keySource.key.export()).toEqual(bytes);
    expect(result.runtimeConfig).toMatchObject({ jwt: [{ [option]: expect.any(String) }] });
    expectRuntimeEquality(result);
  });
  test.each([
    ['one policy', '{ secretOrPublicKeyFile: ./named.txt }', ['./named.txt']],
    ['a policy without one', `{ secretOrPublicKey: ${SECRET} }`, [undefined]],
    [
      'some of several policies',
      `[{ secretOrPublicKey: ${SECRET}, issuer: a }, { secretOrPublicKeyFile: named.txt, issuer: b }]`,
      [undefined, 'named.txt'],
    ],
  ])('of %s are told as they are written', (_, jwt, keyFiles) => {
    write('named.txt', SECRET);
    expect(loaded(`jwt: ${jwt}`).keyFiles).toEqual(keyFiles);
  });
  test('that are missing, folders or private keys are problems of their option', () => {
    write('private.pem', RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const policies = ['missing.pem', '.', 'private.pem'].map(
      (file) => `  - { secretOrPublicKeyFile: ${file} }`,
    );
    expect(
      problemsOf(`jwt:\n${policies.join('\n')}\n`).filter((problem) => !problem.startsWith('issuer')),
    ).toEqual([
      'key_file_unreadable at jwt[0].secretOrPublicKeyFile',
      'key_file_unreadable at jwt[1].secretOrPublicKeyFile',
      'key_is_private at jwt[2].secretOrPublicKeyFile',
    ]);
  });
});

describe('what the function gets', () => {
  test('is the file as JSON, and parses to the same without any file', () => {
    write('public.pem', certificatePem('rsa'));
    const result = loaded(`
jwt:
  - secretOrPublicKeyFile: public.pem
    issuer: https://id.example.com/
    audience: [a, b]
    requiredClaims: { tenant: [1, 2.5, x, true], azp: me }
    scopeClaim: [realm_access, roles]
    passThrough: true
    clockToleranceSeconds: 5
  - secret: generate
    issuer: ours
    algorithms: [HS512]
    maxAgeSeconds: 60
    jwtExtractor: cookie
    jwtExtractorField: token
  - secretArn: arn:aws:secretsmanager:eu-central-1:123456789012:secret:x
    issuer: theirs
    secretJsonField: key
    algorithms: [RS256]
    tokenTypes: at+jwt
routes:
  - paths: ['/orders/{id}', /files/*]
    methods: [post]
    scopes: [orders:write]
upstream: http://127.0.0.1:3000/base/
authorizerCacheSeconds: 0
cors: { allowOrigins: [https://app.example.com], allowCredentials: true }
onDenial: policy
`);
    expectRuntimeEquality(result);
    expect(JSON.stringify(result.runtimeConfig)).not.toContain('secretOrPublicKeyFile');
  });
  test('whatever bytes a secret file holds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 80 }), (bytes) => {
        // Zeros at its end make a secret no longer, and one of zeros is refused.
        fc.pre(bytes.findLastIndex((byte) => byte !== 0) >= 31);
        write('secret.bin', bytes);
        expectRuntimeEquality(loaded('jwt: { secretOrPublicKeyFile: secret.bin }'));
      }),
    );
  });
  test('aliases are written out', () => {
    const result = loaded(`
jwt:
  - &base { secretOrPublicKey: ${SECRET}, checkCredentialExistence: false }
  - *base
`);
    expect(JSON.parse(JSON.stringify(result.runtimeConfig))).toEqual({
      jwt: Array(2).fill({ secretOrPublicKey: SECRET, checkCredentialExistence: false }),
    });
  });
});

describe('files that cannot be read', () => {
  test('missing ones and folders', () => {
    for (const path of [join(folder, 'missing.yml'), folder]) {
      const result = loadConfigFile(path);
      expect(result.ok ? [] : result.problems.map(({ code, path }) => [code, path])).toEqual([
        ['file_unreadable', ''],
      ]);
    }
  });
  test.each([
    ['a missing one is told how to be written', 'missing.yml', true],
    ['a folder is not, since it is there', '.', false],
  ])('%s', (_, path, isTold) => {
    const result = loadConfigFile(join(folder, path));
    const message = result.ok ? '' : (result.problems[0]?.message ?? '');
    expect(message.includes('jwt-authorizer init')).toBe(isTold);
    expect(message.includes('UTF-8')).toBe(!isTold);
    expect(message).toContain('--config');
  });
  test.each([
    ['Latin-1', Buffer.from(`jwt: { secretOrPublicKey: ${'é'.repeat(64)} }`, 'latin1')],
    ['UTF-16', Buffer.from(`\ufeffjwt: { secretOrPublicKey: ${SECRET} }`, 'utf16le')],
  ])('%s, which would make another secret', (_, bytes) => {
    expect(problemsOf(bytes)).toEqual(['file_unreadable at ']);
  });
  test('a BOM is none of it', () => {
    expect(loaded(`\ufeffjwt: { secretOrPublicKey: ${SECRET} }`).ok).toBe(true);
  });
});

describe('YAML', () => {
  test.each([
    ['an open bracket', 'jwt: [', 1],
    ['an open quote', `jwt:\n  secretOrPublicKey: "${SECRET}\n`, 3],
    ['a tab', `jwt:\n\tsecretOrPublicKey: ${SECRET}\n`, 2],
    ['a key twice', `jwt:\n  secretOrPublicKey: ${SECRET}\n  audience: a\n  audience: b\n`, 4],
    ['two documents', `jwt: {}\n---\njwt: {}\n`, 2],
    ['an unknown tag', `jwt:\n  secretOrPublicKey: !env ${SECRET}\n`, 2],
    ['a forgotten space', `jwt:\n  secretOrPublicKey:${SECRET}\n  audience: a\n`, 2],
    ['an unknown escape', `jwt:\n  secretOrPublicKey: "\\q${SECRET}"\n`, 2],
  ])('%s is an error with its line', (_, yaml, line) => {
    const problems = problemsOf(yaml);
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem).toMatch(/^yaml_invalid at line \d+$/);
    expect(problems).toContain(`yaml_invalid at line ${line}`);
  });
  const AFTER_A_TAB = 'jwt:\n  issuer: a\n\tsubject: b\n\taudience: c\nroutes:\n  - paths: [/a]\n';
  test.each([
    ['a tab', AFTER_A_TAB, [3]],
    [
      'a tab after a key without lines of its own',
      'jwt:\n  discovery: true\n\tissuer: a\n  audience: b\n',
      [3],
    ],
    ['a tab before the first of a list alone', '\t- a\n\t\n  - b\n', [1]],
    ['a tab, and what is wrong beside it', `${AFTER_A_TAB}routes: !env A\n`, [3, 7, 7]],
    ['a tab before a list, but for the key without a value that is read there', 'jwt: a\n\t- b\n', [2, 2]],
    ['a tab, and not what comes before it', 'jwt:\n   issuer: a\n  audience: b\nplans:\n\ta: b\n', [3, 5]],
    ['spaces alone', 'jwt:\n   issuer: a\n  audience: b\n  subject: c\nplans:\n   a: b\n  c: d\n', [3, 4, 7]],
  ])('what follows from %s is no problem of its own', (_, yaml, lines) => {
    expect(problemsOf(yaml)).toEqual(lines.map((line) => `yaml_invalid at line ${line}`));
  });
  test.each(['', '# nothing', 'null', '- jwt', 'jwt', '7'])('%j is no mapping', (yaml) => {
    expect(problemsOf(yaml)).toEqual(['value_invalid at ']);
  });
  test('an alias without its anchor', () => {
    expect(problemsOf('jwt: *policy')).toEqual(['yaml_invalid at ']);
  });
  test('an alias bomb is refused, not expanded', () => {
    const levels = Array.from(
      { length: 30 },
      (_, i) =>
        `a${i}: &a${i} [${
          i === 0
            ? 'x'
            : Array(10)
                .fill(`*a${i - 1}`)
                .join(', ')
        }]`,
    );
    expect(problemsOf(levels.join('\n'))).toEqual(['yaml_invalid at ']);
  });
  test.each(['[', '{a: ', '- ', '? '])('%j many times ends soon, and no process', (level) => {
    const begunMs = performance.now();
    for (const times of [33, 200, 20_000])
      expect(problemsOf(level.repeat(times))[0]).toMatch(/^yaml_invalid/);
    expect(performance.now() - begunMs).toBeLessThan(soonMs(5000));
  });
  test('32 levels are read', () => {
    const nested = (levels: number) =>
      `x: ${'['.repeat(levels)}${']'.repeat(levels)}\njwt: { secretOrPublicKey: ${SECRET} }`;
    expect(problemsOf(nested(31))).toEqual(['unknown_key at x']);
    expect(problemsOf(nested(32))).toEqual(['yaml_invalid at ']);
  });
  /** They are read as a Set, a Map and bytes, which have no members: nothing would be required. */
  test.each(['!!set { tenant }', '!!omap [ tenant: acme ]', '!!pairs [ tenant: acme ]', '!!binary aGVsbG8='])(
    'requiredClaims: %s is refused, in YAML 1.1 too',
    (claims) => {
      const text = `jwt:\n  secretOrPublicKey: ${SECRET}\n  requiredClaims: ${claims}\n`;
      expect(problemsOf(text)).not.toEqual([]);
      expect(problemsOf(`%YAML 1.1\n---\n${text}`)).not.toEqual([]);
    },
  );
  test('what the function could not be given as JSON is refused', () => {
    const keys = (list: string) =>
      `jwt: {jwksUri: 'https://id.example.com/jwks', issuer: a, audience: b, jwksSnapshot: {fetchedAt: '2026-11-22T00:00:00.000Z', keys: ${list}}}`;
    expect(problemsOf(keys('[{}]'))).toEqual([]);
    expect(problemsOf(keys('&k [*k]'))).toEqual(['yaml_invalid at ']);
  });
  test.each([
    'jwt: &p [*p]',
    'jwt: &p { requiredClaims: *p }',
    '&r { jwt: *r }',
    'restApi: &a [*a]\njwt: {}',
  ])('%s, which contains itself, is refused', (yaml) => {
    expect(problemsOf(yaml).length).toBeGreaterThan(0);
  });
  test('a merge key is no option', () => {
    expect(problemsOf(`jwt:\n  <<: { passThrough: true }\n  secretOrPublicKey: ${SECRET}`)).toEqual([
      'unknown_key at jwt["…"]',
    ]);
  });
  test('a path with {braces} in a list without quotes is told how to be written', () => {
    const result = load(`jwt: {}\nroutes:\n  - paths: [/orders/{id}]\n`);
    expect(result.ok ? '' : formatProblems('f', result.problems)).toContain("'/orders/{id}'");
  });

  test('no report shows the secret, whatever is wrong around it', () => {
    const lines = fc.shuffledSubarray([
      ...[
        'jwt:',
        '  - secretOrPublicKey: @',
        '    secretOrPublicKey:@',
        '    secret: "@',
        '   @',
        '\t@: @',
        '@',
      ],
      ...[
        '    ? @',
        '    audience: [@',
        '    issuer: {@}',
        '    key: {{ @ }}',
        '    &@ *@ : !@ x',
        '    @: |',
        '%@',
        '--- @',
      ],
    ]);
    const text = fc.oneof(fc.stringMatching(/^[0-9a-f]{64}$/), fc.constant(SECRET));
    fc.assert(
      fc.property(lines, text, (template, secret) => {
        const result = load(template.join('\n').replaceAll('@', secret));
        if (!result.ok) expect(formatProblems('f', result.problems)).not.toContain(secret);
      }),
      { numRuns: 1000 },
    );
  });
});
