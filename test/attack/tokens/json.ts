/** Payloads and headers that two readers read in two ways, or that are no JSON object. The issuer signed each. */
import { AUDIENCE, CLAIMS, ISSUER } from '../doors.ts';
import { CLAIMS_TEXT, claimsWith, forge } from '../forge.ts';
import type { Citation, Control, Theme, TokenAttack } from '../model.ts';

const OBJECT = ['RFC 7519 §7.2', 'RFC 7515 §10.12'] as const;
const LAST_COUNTS = 'RFC 7519 §4: of two members with one name the last may count';
const DEPTH = 'RFC 8259 §9: a reader may set a limit of its own';

interface Options {
  readonly cites?: readonly Citation[];
  readonly expected?: TokenAttack['expected'];
  readonly mayPass?: string;
}

const payloadIs = (
  id: string,
  row: string,
  payload: string | Uint8Array,
  { cites = OBJECT, expected = 'token_malformed', mayPass }: Options = {},
): TokenAttack => ({
  ...{ id: `json/${id}`, row, cites, expected },
  doors: ['RS256'],
  token: () => forge('RS256', { payload }),
  ...(mayPass !== undefined && { mayPass }),
});

const headerIs = (
  id: string,
  row: string,
  header: string | Uint8Array,
  options: Options = {},
): TokenAttack => ({
  ...payloadIs(id, row, '', options),
  token: () => forge('RS256', { header }),
});

const NO_OBJECT = {
  null: 'null',
  true: 'true',
  'a number': '1800000000',
  text: '"ada"',
  'a list': '[]',
  'a list of claims': `[${CLAIMS_TEXT}]`,
  'the claims as text': JSON.stringify(CLAIMS_TEXT),
  'white space': ' ',
  'two objects': `${CLAIMS_TEXT}${CLAIMS_TEXT}`,
};

const NO_JSON = {
  'text after it': `${CLAIMS_TEXT}x`,
  'a zero byte after it': `${CLAIMS_TEXT}\0`,
  'a comma after the last member': CLAIMS_TEXT.replace(/}$/, ',}'),
  'a comment': CLAIMS_TEXT.replace('{', '{/* */'),
  'names without quotes': CLAIMS_TEXT.replace('"sub"', 'sub'),
  'single quotes': CLAIMS_TEXT.replaceAll('"', "'"),
  'an end that is missing': CLAIMS_TEXT.slice(0, -1),
  'a line break in text': claimsWith('"x":"a\nb"'),
  'a zero byte in text': claimsWith('"x":"a\0b"'),
  'an escape that is none': claimsWith('"x":"\\x41"'),
  NaN: claimsWith('"x":NaN'),
  Infinity: claimsWith('"x":Infinity'),
  '-Infinity': claimsWith('"x":-Infinity'),
  undefined: claimsWith('"x":undefined'),
  'a plus sign': claimsWith('"x":+1'),
  'a zero before a number': claimsWith('"x":01'),
  'a dot before a number': claimsWith('"x":.5'),
  'a dot after a number': claimsWith('"x":5.'),
  'a hexadecimal number': claimsWith('"x":0x10'),
  'a big integer': claimsWith('"x":10n'),
};

const bytes = (text: string, hex: string) => {
  const [before = '', after = ''] = text.split('HERE');
  return Buffer.concat([Buffer.from(before), Buffer.from(hex, 'hex'), Buffer.from(after)]);
};
const inText = (hex: string) => bytes(claimsWith('"x":"HERE"'), hex);
const NO_UTF8 = {
  'an overlong slash': inText('c0af'),
  'an overlong quote, which would end the text': bytes(claimsWith('"x":"HERE,"sub":"eve"'), 'c0a2'),
  'an overlong zero': inText('c080'),
  'a slash, overlong in three bytes': inText('e080af'),
  'a surrogate in three bytes (CESU-8)': inText('eda080'),
  'a pair of surrogates in six bytes': inText('eda0bdedb880'),
  'the byte FF': inText('ff'),
  'a byte of Latin-1': inText('e9'),
  'half a character': inText('e282'),
  'a character beyond Unicode': inText('f4908080'),
  'UTF-16': Buffer.from(CLAIMS_TEXT, 'utf16le'),
  'UTF-16 with its mark': Buffer.from(`\ufeff${CLAIMS_TEXT}`, 'utf16le'),
  'UTF-32': Buffer.concat([...CLAIMS_TEXT].map((letter) => Buffer.from([0, 0, 0, letter.charCodeAt(0)]))),
};

const DUPLICATES: Readonly<Record<string, string>> = {
  'iss, the last one right': CLAIMS_TEXT.replace('{', '{"iss":"https://evil.example/",'),
  'sub, two of them': claimsWith('"sub":"eve"'),
  'exp, the first one over': CLAIMS_TEXT.replace('{', '{"exp":1,'),
  'aud, the last one right': CLAIMS_TEXT.replace('{', '{"aud":"billing",'),
  'the same twice': claimsWith('"sub":"ada"'),
  'with an escaped name': claimsWith('"\\u0073ub":"eve"'),
  'both with escaped names': claimsWith('"\\u0078":1,"\\u0078":2'),
  nested: claimsWith('"x":{"admin":false,"admin":true}'),
  'nested in a list': claimsWith('"x":[[{"admin":false,"admin":true}]]'),
  'nested, with an escaped name': claimsWith('"x":{"admin":false,"\\u0061dmin":true}'),
  '__proto__ twice': claimsWith('"__proto__":{},"__proto__":{}'),
  'names that are empty': claimsWith('"":1,"":2'),
};

const HEADER_DUPLICATES: Readonly<Record<string, string>> = {
  'none and RS256': '{"alg":"none","alg":"RS256","kid":"one"}',
  'ES256 and RS256': '{"alg":"ES256","alg":"RS256","kid":"one"}',
  'RS256 twice': '{"alg":"RS256","alg":"RS256","kid":"one"}',
  'none by an escaped name, and RS256': '{"\\u0061lg":"none","alg":"RS256","kid":"one"}',
};

const without = (...names: string[]) =>
  JSON.stringify(Object.fromEntries(Object.entries(CLAIMS).filter(([name]) => !names.includes(name))));
const inherited = (member: string, ...names: string[]) => without(...names).replace(/}$/, `,${member}}`);
const wanted = JSON.stringify({ iss: ISSUER, aud: AUDIENCE });
const PROTO = ['RFC 8725 §3.8', 'RFC 8725 §3.9', 'RFC 8725 §3.10'] as const;
const deep = (depth: number) => claimsWith(`"x":${'['.repeat(depth)}${']'.repeat(depth)}`);
const deepObjects = (depth: number) => claimsWith(`"x":${'{"x":'.repeat(depth)}0${'}'.repeat(depth)}`);
const accepted = (id: string, payload: string | Uint8Array): Control => ({
  ...{ id: `json/${id}`, doors: ['RS256'], token: () => forge('RS256', { payload }) },
});
const each = (values: Readonly<Record<string, string | Uint8Array>>, row: string, options?: Options) =>
  Object.entries(values).map(([id, value]) => payloadIs(`${row}: ${id}`, row, value, options));

export const json: Theme = {
  title: 'JSON',
  attacks: [
    ...each(NO_OBJECT, 'a payload that is no object'),
    ...each(NO_JSON, 'a payload that is no JSON', { cites: [...OBJECT, 'RFC 8259 §2', 'RFC 8259 §6'] }),
    ...each(NO_UTF8, 'a payload that is no UTF-8', { cites: [...OBJECT, 'RFC 8725 §3.7', 'RFC 8725 §2.6'] }),
    payloadIs('a byte order mark', 'a byte order mark before the payload', `\ufeff${CLAIMS_TEXT}`, {
      cites: ['RFC 8259 §8.1'],
      mayPass: 'RFC 8259 §8.1: a reader may leave it out',
    }),
    ...each(DUPLICATES, 'a member twice', {
      cites: ['RFC 7519 §4', 'RFC 7515 §10.12'],
      mayPass: LAST_COUNTS,
    }),
    ...Object.entries(HEADER_DUPLICATES).map(([id, header]) =>
      headerIs(`alg twice: ${id}`, 'alg twice', header, {
        ...{ cites: ['RFC 7515 §4', 'RFC 7515 §10.12'], mayPass: LAST_COUNTS.replace('7519', '7515') },
      }),
    ),
    headerIs(
      'alg twice: RS256 and none',
      'alg twice, the last one none',
      '{"alg":"RS256","\\u0061lg":"none"}',
      {
        cites: ['RFC 7515 §4', 'RFC 7515 §10.12'],
      },
    ),
    headerIs('a header that is null', 'a header that is no object', 'null'),
    headerIs('a header that is a list', 'a header that is no object', '[{"alg":"RS256"}]'),
    headerIs('a header that is text', 'a header that is no object', '"RS256"'),
    headerIs(
      'a header that is no UTF-8',
      'a header that is no UTF-8',
      bytes('{"alg":"RS256","kid":"one","x":"HERE"}', 'c0af'),
      {
        cites: [...OBJECT, 'RFC 8725 §3.7'],
      },
    ),
    headerIs('a header with text after it', 'a header that is no object', '{"alg":"RS256","kid":"one"}x'),
    headerIs(
      'a header with alg in __proto__',
      'alg, iss or aud in __proto__ alone',
      '{"__proto__":{"alg":"RS256"},"kid":"one"}',
      {
        ...{ cites: PROTO, expected: 'algorithm_not_allowed' },
      },
    ),
    payloadIs(
      'iss in __proto__',
      'alg, iss or aud in __proto__ alone',
      inherited(`"__proto__":${wanted}`, 'iss'),
      {
        ...{ cites: PROTO, expected: 'issuer_mismatch' },
      },
    ),
    payloadIs(
      'aud in __proto__',
      'alg, iss or aud in __proto__ alone',
      inherited(`"__proto__":${wanted}`, 'aud'),
      {
        ...{ cites: PROTO, expected: 'audience_mismatch' },
      },
    ),
    payloadIs(
      'iss in constructor.prototype',
      'alg, iss or aud in __proto__ alone',
      inherited(`"constructor":{"prototype":${wanted}}`, 'iss'),
      {
        ...{ cites: PROTO, expected: 'issuer_mismatch' },
      },
    ),
    payloadIs('nested 20,000 deep', 'nested 20,000 deep', deep(20_000), {
      ...{ cites: ['RFC 8259 §9', 'RFC 7515 §10.12'], expected: 'token_too_large', mayPass: DEPTH },
    }),
    payloadIs('nested 2,600 deep', 'nested 33 to 2,600 deep', deep(2_600), {
      cites: ['RFC 8259 §9'],
      mayPass: DEPTH,
    }),
    payloadIs('nested 33 deep', 'nested 33 to 2,600 deep', deep(32), {
      cites: ['RFC 8259 §9'],
      mayPass: DEPTH,
    }),
    payloadIs('objects 33 deep', 'nested 33 to 2,600 deep', deepObjects(32), {
      cites: ['RFC 8259 §9'],
      mayPass: DEPTH,
    }),
    payloadIs(
      'a name with a quote',
      'a name that has a quote or a control character',
      claimsWith('"a\\"b":1'),
      {
        ...{ cites: ['RFC 8259 §8.3'], mayPass: 'RFC 8259 §7: such names are allowed' },
      },
    ),
    payloadIs(
      'a name with a zero byte',
      'a name that has a quote or a control character',
      claimsWith('"sub\\u0000":1'),
      {
        ...{ cites: ['RFC 8259 §8.3'], mayPass: 'RFC 8259 §7: such names are allowed' },
      },
    ),
  ],
  controls: [
    accepted('nested 32 deep', deep(31)),
    accepted('objects 32 deep', deepObjects(31)),
    accepted('white space and another order', ` ${JSON.stringify(CLAIMS, null, 2)}\n`),
    accepted('a huge number', claimsWith('"x":1e308,"y":-1e308,"z":1e999')),
    accepted('a long number', claimsWith(`"x":${'9'.repeat(400)}`)),
    accepted('a lone surrogate, escaped', claimsWith('"x":"\\ud800","y":"\\udc00\\ud800"')),
    accepted(
      '__proto__ and constructor as claims',
      claimsWith('"__proto__":{"admin":true},"constructor":1,"toString":2'),
    ),
    accepted('an empty name', claimsWith('"":1')),
    accepted('an escaped name, once', claimsWith('"\\u0078":1')),
  ],
};
