import { describe, expect, it } from 'vitest';
import { bareToken, indented, readToken } from '../../bin/console/page/token-text.ts';

const encode = (text: string) => Buffer.from(text).toString('base64url');

describe('what people paste', () => {
  it.each([
    ['a.b.c', 'a.b.c'],
    ['  a.b.c\n', 'a.b.c'],
    ['Bearer a.b.c', 'a.b.c'],
    ['authorization: bearer a.b.c', 'a.b.c'],
    ['"a.b.c"', 'a.b.c'],
    ['a.b\n  .c', 'a.b.c'],
    // A space is no line break: what stands behind it is not taken for the token's.
    ['a.b c', 'a.b c'],
    ['', ''],
  ])('%j', (pasted, bare) => {
    expect(bareToken(pasted)).toBe(bare);
  });
});

describe('what a token says', () => {
  it('is its JSON as it is written: digits, escapes and members that stand there twice', () => {
    const claims = '{"n":12345678901234567890,"a":"\\u00e9é","n":1.0}';
    expect(readToken(`${encode('{"alg":"HS256"}')}.${encode(claims)}.x`)).toEqual({
      header: '{\n  "alg": "HS256"\n}',
      claims: '{\n  "n": 12345678901234567890,\n  "a": "\\u00e9é",\n  "n": 1.0\n}',
    });
  });

  it.each([['no token'], ['..'], [`${encode('{"a":')}.!!!.c`], [`${encode('"\xff').slice(0, 3)}.a.`]])(
    'nothing where it is none: %j',
    (token) => {
      expect(readToken(token)).toEqual({ header: undefined, claims: undefined });
    },
  );

  it('a part that can be read is shown beside one that cannot', () => {
    const { header, claims } = readToken(`${encode('{}')}.?.`);
    expect([header, claims]).toEqual(['{}', undefined]);
  });
});

it.each([
  ['{}', '{}'],
  ['[]', '[]'],
  ['{"a":{},"b":[]}', '{\n  "a": {},\n  "b": []\n}'],
  ['[1,{"a":[true]}]', '[\n  1,\n  {\n    "a": [\n      true\n    ]\n  }\n]'],
  ['{"a":"{[,:]}\\"{"}', '{\n  "a": "{[,:]}\\"{"\n}'],
  [' { "a" : 1 } ', '{\n  "a": 1\n}'],
])('%s, a member a line', (json, text) => {
  expect(indented(json)).toBe(text);
  expect(JSON.parse(text)).toEqual(JSON.parse(json));
});
