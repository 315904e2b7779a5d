import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode } from '../../lambda/authorizer/decode.ts';
import { isDenial } from '../../lambda/authorizer/denial.ts';
import type { UnverifiedToken } from '../../lambda/authorizer/extract.ts';
import { base64url } from '../support/tokens.ts';

const codeOf = (token: string): string => {
  const decoded = decode(token as UnverifiedToken);
  return isDenial(decoded) ? decoded.code : 'decoded';
};
const HEADER = base64url('{"alg":"HS256"}');
const PAYLOAD = base64url('{"sub":"a"}');
const SIGNATURE = base64url('signature');
const withHeader = (json: string) => `${base64url(json)}.${PAYLOAD}.${SIGNATURE}`;
const withPayload = (json: string) => `${HEADER}.${base64url(json)}.${SIGNATURE}`;

test('hands out header and claims as unverified', () => {
  expect(decode(`${HEADER}.${PAYLOAD}.${SIGNATURE}` as UnverifiedToken)).toEqual({
    token: `${HEADER}.${PAYLOAD}.${SIGNATURE}`,
    unverifiedHeader: { alg: 'HS256' },
    unverifiedClaims: { sub: 'a' },
    spelled: { json: '{"sub":"a"}', base64url: PAYLOAD },
  });
});

describe('claims go on as the token spells them', () => {
  const spelledOf = (json: string) => {
    const decoded = decode(withPayload(json) as UnverifiedToken);
    return isDenial(decoded) ? decoded.code : decoded.spelled?.json;
  };

  test.each(['{"a":1}', '{ "a" : 1 }', '{"id":12345678901234567890}', '{"2":0,"1":0}', '{"a":"é\u2028"}'])(
    '%j',
    (json) => {
      expect(spelledOf(json)).toBe(json);
    },
  );

  test.each(['{"a":"\\n"}', '{"a":"\\u0000"}', '{\n"a":1}', '{"a":1}\r', '{\t"a":1}'])(
    'but not %j: an escape, or more than one line',
    (json) => {
      expect(spelledOf(json)).toBeUndefined();
    },
  );
});

test('one part is no token, not even where each piece that could be cut of it would be read', () => {
  // One letter less is a header and claims, and the whole is spelled as a signature may be.
  const part = `${base64url('{"alg":"HS256" }')}A`;
  expect(base64url(Buffer.from(part, 'base64url'))).toBe(part);
  expect(codeOf(part)).toBe('token_malformed');
});

describe('three parts', () => {
  test.each([
    '',
    '.',
    '..',
    HEADER,
    `${HEADER}.${PAYLOAD}`,
    `${HEADER}.${PAYLOAD}.`,
    `${HEADER}..${SIGNATURE}`,
    `.${PAYLOAD}.${SIGNATURE}`,
    `${HEADER}.${PAYLOAD}.${SIGNATURE}.`,
    `${HEADER}.${PAYLOAD}.${SIGNATURE}.${SIGNATURE}`,
    `${HEADER}.${PAYLOAD}.${SIGNATURE}.${SIGNATURE}.${SIGNATURE}`,
  ])('%j is malformed', (token) => {
    expect(codeOf(token)).toBe('token_malformed');
  });
});

describe('canonical base64url', () => {
  /** Fourteen bytes: base64url then has a last character with stray bits. */
  const payload = base64url('{"sub":"abcd"}');
  const stray = `${payload.slice(0, -1)}${payload.endsWith('0') ? '1' : 'B'}`;

  test.each([
    ['padding', `${payload}=`],
    ['more padding', `${payload}==`],
    ['white space at the end', `${payload}\n`],
    ['white space inside', `${payload.slice(0, 4)} ${payload.slice(4)}`],
    ['a last character with stray bits', stray],
    ['a character too many', `${payload}A`],
    ['characters outside the alphabet', `${payload.slice(0, 4)}!${payload.slice(4)}`],
    ['a null character', `${payload}\0`],
  ])('%s is malformed', (_, spelling) => {
    expect(codeOf(`${HEADER}.${payload}.${SIGNATURE}`)).toBe('decoded');
    expect(codeOf(`${HEADER}.${spelling}.${SIGNATURE}`)).toBe('token_malformed');
  });

  test('is what a decoder and an encoder agree about', () => {
    const part = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'ABQgwZ048_-Y'), minLength: 1, maxLength: 9 }),
      fc.string({ unit: fc.constantFrom(...'AQgw=+/ \n'), minLength: 1, maxLength: 9 }),
      fc.uint8Array({ minLength: 1, maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
    );
    fc.assert(
      fc.property(part, (signature) => {
        const isCanonical = Buffer.from(signature, 'base64url').toString('base64url') === signature;
        expect(codeOf(`${HEADER}.${PAYLOAD}.${signature}`)).toBe(isCanonical ? 'decoded' : 'token_malformed');
      }),
      { numRuns: 2000 },
    );
  });

  test('the alphabet is the URL one', () => {
    const bytes = Buffer.from('{"sub":"???>>>ÿÿ"}');
    const standard = bytes.toString('base64').replace(/=+$/, '');
    expect(standard).toMatch(/[+/]/);
    expect(codeOf(`${HEADER}.${bytes.toString('base64url')}.${SIGNATURE}`)).toBe('decoded');
    expect(codeOf(`${HEADER}.${standard}.${SIGNATURE}`)).toBe('token_malformed');
  });

  test.each([`${SIGNATURE}=`, `${SIGNATURE} `, 'a', '+/+/'])('holds for the signature %j', (signature) => {
    expect(codeOf(`${HEADER}.${PAYLOAD}.${signature}`)).toBe('token_malformed');
  });

  test('holds for the header', () => {
    expect(codeOf(`${HEADER}=.${PAYLOAD}.${SIGNATURE}`)).toBe('token_malformed');
  });
});

describe('alg', () => {
  test.each([
    '{}',
    '{"alg":null}',
    '{"alg":1}',
    '{"alg":["HS256"]}',
    '{"alg":{}}',
    '{"alg":"none"}',
    '{"alg":"None"}',
    '{"alg":"NONE"}',
    '{"alg":"nOnE"}',
    '{"__proto__":{"alg":"HS256"}}',
  ])('in %s is not allowed', (header) => {
    expect(codeOf(withHeader(header))).toBe('algorithm_not_allowed');
  });

  test('none without a signature is told by its algorithm', () => {
    expect(codeOf(`${base64url('{"alg":"none"}')}.${PAYLOAD}.`)).toBe('algorithm_not_allowed');
  });
});

describe('extensions', () => {
  test.each([
    '"crit":["exp"]',
    '"crit":[]',
    '"crit":null',
    '"crit":["b64"],"b64":true',
    '"b64":false',
    '"b64":null',
    '"b64":"true"',
    '"b64":0',
  ])('%s is not supported', (members) => {
    expect(codeOf(withHeader(`{"alg":"HS256",${members}}`))).toBe('critical_header_not_supported');
  });

  test.each([
    '"b64":true',
    '"kid":"../../etc/passwd"',
    '"jku":"https://evil.example"',
    '"jwk":{}',
    '"x5c":[]',
  ])('%s changes nothing', (members) => {
    expect(codeOf(withHeader(`{"alg":"HS256",${members}}`))).toBe('decoded');
  });
});

test.each(['null', '[]', '"a"', '1', 'true', '{"a":1,"a":2}', '\ufeff{}', 'x'])(
  'a payload %s is malformed',
  (json) => {
    expect(codeOf(withPayload(json))).toBe('token_malformed');
  },
);

test.each(['null', '[]', '"a"', '{"alg":"HS256","alg":"none"}', '{"alg":"none","\\u0061lg":"HS256"}'])(
  'a header %s is malformed',
  (json) => {
    expect(codeOf(withHeader(json))).toBe('token_malformed');
  },
);
