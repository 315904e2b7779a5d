import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStrictObject } from '../../lambda/authorizer/strict-json.ts';

const parse = (text: string) => parseStrictObject(Buffer.from(text));
const nested = (depth: number, [open, close]: readonly [string, string]) =>
  `{"a":${open.repeat(depth - 1)}1${close.repeat(depth - 1)}}`;

test.each([
  '{}',
  ' {"a": [1, {"a": 2}, "a"], "b": {"a": null}} ',
  '{"a":"}{\\"a\\":1,\\"a\\":2"}',
  '{"a":"\\\\","b":"\\""}',
  '{"a":{"b":1},"b":{"a":1}}',
  '{"a":[{"b":1},{"b":1}]}',
  '{"a":"b","b":"a"}',
  '{"":1}',
])('reads %s', (text) => {
  expect(parse(text)).toEqual(JSON.parse(text));
});

test.each(['', ' ', 'null', 'true', '1', '"a"', '[]', '[{"a":1}]', '{', '{"a":1}x', "{'a':1}", '{"a":1,}'])(
  'refuses %j, which is no JSON object',
  (text) => {
    expect(parse(text)).toBeUndefined();
  },
);

test.each([
  '{"a":1,"a":1}',
  '{"a":1,"b":2,"a":3}',
  '{"a":1,"\\u0061":2}',
  '{"\\u0061":1,"a":2}',
  '{"\\u00e9":1,"é":2}',
  '{"/":1,"\\/":2}',
  '{"x":{"a":1,"a":2}}',
  '{"x":[{"a":1},{"a":1,"a":2}]}',
  '{"x":[[],{"a":1}],"x":1}',
  '{"a":{},"a":1}',
  '{"a":[],"a":1}',
  '{"":1,"":2}',
  '{"__proto__":1,"__proto__":2}',
  '{"constructor":1,"constructor":2}',
  '{"a":"x","a" :2}',
])('refuses the duplicate members of %s', (text) => {
  expect(JSON.parse(text)).toBeDefined();
  expect(parse(text)).toBeUndefined();
});

test.each([
  ['objects', ['{"a":', '}']],
  ['lists', ['[', ']']],
] as const)('reads 32 nested %s and refuses 33', (_, brackets) => {
  expect(parse(nested(32, brackets))).toBeDefined();
  expect(parse(nested(33, brackets))).toBeUndefined();
});

test('survives as many brackets as a token can hold', () => {
  expect(parse(nested(3000, ['[', ']']))).toBeUndefined();
  expect(parse('['.repeat(8000))).toBeUndefined();
});

test('counts brackets that are open, not all of them', () => {
  const text = `{"a":[${Array.from({ length: 100 }, () => '[{}]').join()}]}`;
  expect(parse(text)).toBeDefined();
});

test('ignores brackets in strings', () => {
  expect(parse(JSON.stringify({ a: '[{'.repeat(50) }))).toBeDefined();
});

test('refuses a byte order mark', () => {
  expect(parse('\ufeff{}')).toBeUndefined();
});

test.each([
  ['a stray continuation byte', [0x80]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['a cut-off character', [0xe2, 0x82]],
])('refuses %s: not UTF-8', (_, bytes) => {
  const text = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]);
  expect(parseStrictObject(text)).toBeUndefined();
});

test('reads U+FFFD where the bytes spell it', () => {
  expect(parse('{"a":"\ufffd"}')).toEqual({ a: '\ufffd' });
});

test('takes __proto__ for a member like any other', () => {
  const object = parse('{"__proto__":{"alg":"HS256"}}');
  expect(object?.['alg']).toBeUndefined();
  expect(Object.keys(object ?? {})).toEqual(['__proto__']);
});

test.each(['"', '\\\\', '\\n', '\\u0000', '\\ud800', 'a\\"b'].map((name) => (name === '"' ? '\\"' : name)))(
  'refuses a member named %s, which takes an escape',
  (name) => {
    expect(JSON.parse(`{"${name}":1}`)).toBeDefined();
    expect(parse(`{"${name}":1}`)).toBeUndefined();
    expect(parse(`{"a":[{"b":{"${name}" : 1}}]}`)).toBeUndefined();
    expect(parse(`{"a":"${name}","b":["${name}"]}`)).toEqual(JSON.parse(`{"a":"${name}","b":["${name}"]}`));
  },
);

test('an escaped name is what it says, whatever was read before it', () => {
  for (const before of ['{"q":0,"\\\\":0}', '{"q":0,"su\\\\":0}']) expect(parse(before)).toBeUndefined();
  expect(Object.keys(parse('{"q":0,"\\u0061":0}') ?? {})).toEqual(['q', 'a']);
  expect(Object.keys(parse('{"q":0,"su\\u0062" : {"su\\u0062":"\\u0062"}}') ?? {})).toEqual(['q', 'sub']);
  expect(parse('{"q":{"q":0,"su\\u0062":1,"sub":2}}')).toBeUndefined();
});

test('an object is read unless some object of it has a member twice, or one that takes an escape', () => {
  type Value =
    | string
    | number
    | readonly Value[]
    | { readonly members: readonly (readonly [string, Value])[] };
  const name = fc.constantFrom(
    'a',
    'b',
    '__proto__',
    'a',
    'b',
    ':',
    '{',
    'é',
    '"',
    ':',
    '\\',
    '{',
    '\\":',
    'é',
  );
  const { value: values } = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(name, fc.integer()),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.record({ members: fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }) }),
    ),
  }));
  const write = (value: Value): string => {
    if (typeof value !== 'object') return JSON.stringify(value);
    if (!('members' in value)) return `[${value.map(write).join(' ,')}]`;
    return `{${value.members.map(([member, inner]) => `${JSON.stringify(member)}: ${write(inner)}`).join()}}`;
  };
  const isRefused = (value: Value): boolean => {
    if (typeof value !== 'object') return false;
    if (!('members' in value)) return value.some(isRefused);
    const names = value.members.map(([member]) => member);
    return (
      names.some((member) => /["\\]/.test(member)) ||
      new Set(names).size < names.length ||
      value.members.some(([, inner]) => isRefused(inner))
    );
  };
  fc.assert(
    fc.property(fc.array(fc.tuple(name, values), { maxLength: 4 }), (members) => {
      const text = write({ members });
      if (isRefused({ members })) expect(parse(text)).toBeUndefined();
      else expect(JSON.stringify(parse(text))).toBe(JSON.stringify(JSON.parse(text)));
    }),
    { numRuns: 2000 },
  );
});
