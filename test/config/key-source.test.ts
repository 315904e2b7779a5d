import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { inlineKeyFile } from '../../lambda/config/inline-key.ts';
import { certificatePem, EC, RSA, spkiPem } from './keys.ts';
import { parsedFile, policyProblems, problemsOf } from './parsing.ts';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders-AbCdEf';
const RSA_PEM = spkiPem(RSA.publicKey);
const secretOf = (bytes: number) => 'x7'.repeat(64).slice(0, bytes);
const parsed = (jwt: object) => parsedFile({ jwt }).policies[0];
const problems = (jwt: object) => problemsOf({ jwt });

describe('exactly one key source', () => {
  test('none', () => {
    expect(problems({})).toEqual(['key_source_missing at jwt']);
    expect(problems({ discovery: false, credentialKey: false })).toEqual(['key_source_missing at jwt']);
  });
  test.each([
    { secretArn: ARN },
    { secret: 'generate' },
    { secretOrPublicKeyFile: 'public.pem' },
    { secretOrPublicKeyBase64: 'AAAA' },
  ])('another beside %j', (other) => {
    expect(policyProblems({ ...other, algorithms: ['HS256'] })).toEqual(['key_source_ambiguous at jwt']);
  });
  test('a faulty one is not a missing one, and still one too many', () => {
    expect(problems({ secretArn: 'orders', algorithms: ['HS256'] })).toEqual([
      'value_invalid at jwt.secretArn',
    ]);
    expect(problems({ secretOrPublicKey: 7 })).toEqual(['value_invalid at jwt.secretOrPublicKey']);
    expect(problems({ secret: 'generated' })).toEqual(['value_invalid at jwt.secret']);
    expect(problems({ discovery: 'yes' })).toEqual(['value_invalid at jwt.discovery']);
    expect(problems({ credentialKey: 'yes' })).toEqual(['value_invalid at jwt.credentialKey']);
    expect(policyProblems({ secretArn: 'orders' })).toEqual([
      'value_invalid at jwt.secretArn',
      'key_source_ambiguous at jwt',
    ]);
  });
});

describe('a secret', () => {
  test.each([
    [31, undefined],
    [32, ['HS256']],
    [47, ['HS256']],
    [48, ['HS256', 'HS384']],
    [63, ['HS256', 'HS384']],
    [64, ['HS256', 'HS384', 'HS512']],
  ])('of %d bytes does %j', (bytes, algorithms) => {
    const secretOrPublicKey = secretOf(bytes);
    if (algorithms === undefined)
      expect(policyProblems({ secretOrPublicKey })).toEqual(['secret_too_short at jwt.secretOrPublicKey']);
    else expect(parsed({ secretOrPublicKey })?.algorithms).toEqual(algorithms);
  });
  test.each([
    ['HS256', 32],
    ['HS384', 48],
    ['HS512', 64],
  ])('for %s has at least %d bytes', (algorithm, bytes) => {
    const withSecret = (length: number) =>
      policyProblems({ secretOrPublicKey: secretOf(length), algorithms: [algorithm] });
    expect(withSecret(bytes)).toEqual([]);
    expect(withSecret(bytes - 1)).toEqual(['secret_too_short at jwt.secretOrPublicKey']);
  });
  test('must be long enough for every listed algorithm', () => {
    expect(policyProblems({ secretOrPublicKey: secretOf(48), algorithms: ['HS256', 'HS512'] })).toEqual([
      'secret_too_short at jwt.secretOrPublicKey',
    ]);
  });
  test('is counted in bytes of UTF-8, not in characters', () => {
    expect(policyProblems({ secretOrPublicKey: 'é'.repeat(16) })).toEqual([]);
  });
  test('may be short by name, but never empty', () => {
    expect(parsed({ secretOrPublicKey: 's', allowShortSecret: true })?.algorithms).toEqual([
      'HS256',
      'HS384',
      'HS512',
    ]);
    for (const secretOrPublicKey of ['', ' '])
      expect(policyProblems({ secretOrPublicKey, allowShortSecret: true })).toEqual([
        'secret_empty at jwt.secretOrPublicKey',
      ]);
  });
  test('does no RS256', () => {
    expect(policyProblems({ algorithms: ['HS256', 'RS256'] })).toEqual([
      'algorithm_key_mismatch at jwt.algorithms',
    ]);
  });
  test('in base64 is read as bytes, and must be base64', () => {
    const secretOrPublicKeyBase64 = Buffer.alloc(32, 0xff).toString('base64');
    expect(parsed({ secretOrPublicKeyBase64 })?.algorithms).toEqual(['HS256']);
    for (const text of ['//79_-', 'x', `${secretOrPublicKeyBase64}!`, ` ${secretOrPublicKeyBase64}`])
      expect(problems({ secretOrPublicKeyBase64: text })).toEqual([
        'value_invalid at jwt.secretOrPublicKeyBase64',
      ]);
  });
  test('is not disguised as one', () => {
    expect(policyProblems({ secretOrPublicKey: JSON.stringify(RSA_PEM) })).toEqual([
      'secret_looks_like_key at jwt.secretOrPublicKey',
    ]);
  });
});

describe('a public key', () => {
  const ecPem = (namedCurve: string) => spkiPem(generateKeyPairSync('ec', { namedCurve }).publicKey);
  test.each([
    ['RSA', RSA_PEM, ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']],
    ['RSA certificate', certificatePem('rsa'), ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']],
    ['EC certificate', certificatePem('ec'), ['ES256']],
    ['P-256', spkiPem(EC.publicKey), ['ES256']],
    ['P-384', ecPem('P-384'), ['ES384']],
    ['P-521', ecPem('P-521'), ['ES512']],
  ])('%s does its own algorithms and no other', (_, secretOrPublicKey, algorithms) => {
    expect(parsed({ secretOrPublicKey })?.algorithms).toEqual(algorithms);
    expect(parsed({ secretOrPublicKey, algorithms: algorithms.slice(0, 1) })?.algorithms).toHaveLength(1);
    for (const foreign of ['HS256', 'HS512', algorithms.includes('ES256') ? 'ES384' : 'ES256'])
      expect(policyProblems({ secretOrPublicKey, algorithms: [...algorithms, foreign] })).toEqual([
        'algorithm_key_mismatch at jwt.algorithms',
      ]);
  });
  test.each([
    ['key_too_weak', spkiPem(generateKeyPairSync('rsa', { modulusLength: 2047 }).publicKey)],
    ['key_is_private', EC.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['key_invalid', RSA_PEM.slice(0, 200)],
  ])('%s', (code, secretOrPublicKey) => {
    expect(policyProblems({ secretOrPublicKey })).toEqual([`${code} at jwt.secretOrPublicKey`]);
    const secretOrPublicKeyBase64 = Buffer.from(secretOrPublicKey).toString('base64');
    expect(problems({ secretOrPublicKeyBase64 })).toEqual([`${code} at jwt.secretOrPublicKeyBase64`]);
  });
});

describe('algorithms', () => {
  test.each([[['none']], [['NONE']], [['hs256']], [['EdDSA']], [['ES256K']], [['HS256', 'none']]])(
    '%j',
    (algorithms) => {
      expect(policyProblems({ algorithms })).toEqual([
        `value_invalid at jwt.algorithms[${algorithms.length - 1}]`,
      ]);
    },
  );
  test.each(['HS256', [], null, {}])('%j is no list of them', (algorithms) => {
    expect(policyProblems({ algorithms })).toEqual(['value_invalid at jwt.algorithms']);
  });
});

describe('keys that nobody sees beforehand', () => {
  test('secretArn and parameterName need algorithms', () => {
    expect(problems({ secretArn: ARN })).toEqual(['algorithms_required at jwt.algorithms']);
    expect(problems({ parameterName: '/orders/key' })).toEqual(['algorithms_required at jwt.algorithms']);
    expect(parsed({ secretArn: ARN, algorithms: ['HS256'], secretJsonField: 'key' })?.keySource).toEqual({
      kind: 'secretArn',
      arn: ARN,
      previousKeySeconds: 86_400,
      jsonField: 'key',
    });
  });
  test('faulty algorithms are not missing', () => {
    expect(problems({ secretArn: ARN, algorithms: ['none'] })).toEqual([
      'value_invalid at jwt.algorithms[0]',
    ]);
  });
  test.each([
    [['HS256', 'HS512'], true],
    [['RS256', 'PS512'], true],
    [['ES384'], true],
    [['HS256', 'RS256'], false],
    [['RS256', 'ES256'], false],
    [['PS256', 'HS256'], false],
    // An EC key is on one curve.
    [['ES256', 'ES384'], false],
  ])('one key does %j: %s', (algorithms, isPossible) => {
    expect(problems({ secretArn: ARN, algorithms })).toEqual(
      isPossible ? [] : ['algorithm_key_mismatch at jwt.algorithms'],
    );
  });
  test.each([
    '',
    'orders',
    ` ${ARN}`,
    `${ARN}*`,
    `${ARN}?`,
    ARN.replace('secretsmanager', 'ssm'),
    ARN.replace('123456789012', '12345678901'),
  ])('%j is no ARN of a secret', (secretArn) => {
    expect(problems({ secretArn, algorithms: ['HS256'] })).toEqual(['value_invalid at jwt.secretArn']);
  });
  test('a generated secret is for HS* alone', () => {
    expect(parsed({ secret: 'generate' })).toMatchObject({
      keySource: { kind: 'generated' },
      algorithms: ['HS256', 'HS384', 'HS512'],
    });
    expect(parsed({ secret: 'generate', algorithms: ['HS512'] })?.algorithms).toEqual(['HS512']);
    expect(problems({ secret: 'generate', algorithms: ['RS256'] })).toEqual([
      'algorithm_key_mismatch at jwt.algorithms',
    ]);
  });
});

describe('key files', () => {
  test('are not read in the function', () => {
    expect(problems({ secretOrPublicKeyFile: 'public.pem' })).toEqual([
      'key_file_unreadable at jwt.secretOrPublicKeyFile',
    ]);
  });
  test('that cannot be read are told', () => {
    const jwt = { secretOrPublicKeyFile: 'public.pem' };
    const unreadable = () => {
      throw new Error('ENOENT');
    };
    expect(problemsOf({ jwt }, unreadable)).toEqual(['key_file_unreadable at jwt.secretOrPublicKeyFile']);
  });
  test.each([
    ['text', Buffer.from(RSA_PEM), 'secretOrPublicKey'],
    ['text with a BOM', Buffer.from(`\ufeff${RSA_PEM}`), 'secretOrPublicKey'],
    ['bytes', Buffer.alloc(32, 0xff), 'secretOrPublicKeyBase64'],
  ])('with %s are inlined byte by byte', (_, bytes, option) => {
    const { audience, ...key } = inlineKeyFile({ audience: 'a', secretOrPublicKeyFile: 'f' }, () => bytes);
    expect(audience).toBe('a');
    expect(Object.keys(key)).toEqual([option]);
    expect(Buffer.from(String(key[option]), option.endsWith('64') ? 'base64' : 'utf8')).toEqual(bytes);
  });
});
