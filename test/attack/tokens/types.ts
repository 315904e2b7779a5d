/** `typ`: a token of one kind where another is wanted (`tokenTypes: at+jwt`). The issuer signed each, with the same key. */
import { ACCESS_TOKEN_TYPE } from '../doors.ts';
import { forge } from '../forge.ts';
import type { Citation, Control, Theme, TokenAttack } from '../model.ts';

const CITES = ['RFC 9068 §4', 'RFC 8725 §3.11', 'RFC 8725 §3.12', 'RFC 8725 §2.8'] as const;
const SPELLED = ['RFC 9068 §4', 'RFC 7515 §4.1.9', 'RFC 8725 §3.11'] as const;
const DOORS: TokenAttack['doors'] = ['access tokens'];

/** Kinds that issuers of access tokens issue too, and what says so. */
const KINDS: readonly (readonly [typ: string, cites: Citation])[] = [
  ['JWT', 'RFC 7519 §5.1'],
  ['jwt', 'RFC 7519 §5.1'],
  ['JOSE', 'RFC 7515 §4.1.9'],
  ['JOSE+JSON', 'RFC 7515 §4.1.9'],
  ['secevent+jwt', 'RFC 8417 §2.3'],
  ['dpop+jwt', 'RFC 9449 §4.2'],
  ['oauth-authz-req+jwt', 'RFC 9101 §10.8'],
  ['token-introspection+jwt', 'RFC 9701 §5'],
  ['logout+jwt', 'RFC 8725 §3.11'],
  ['id+jwt', 'RFC 8725 §3.11'],
  ['rt+jwt', 'RFC 8725 §3.11'],
  ['kb+jwt', 'RFC 8725 §3.11'],
];

const typed = (id: string, row: string, typ: unknown, cites: readonly Citation[]): TokenAttack => ({
  ...{ id: `types/${id}`, row, cites, doors: DOORS },
  token: () => forge('access tokens', { header: { typ } }),
  expected: 'token_type_not_allowed',
});

const NO_TEXT: readonly (readonly [string, unknown])[] = [
  ['missing', undefined],
  ['null', null],
  ['a number', 1],
  ['true', true],
  ['a list', [ACCESS_TOKEN_TYPE]],
  ['a list of lists', [[ACCESS_TOKEN_TYPE]]],
  ['an object', { typ: ACCESS_TOKEN_TYPE }],
  ['an object that is like a list', { 0: ACCESS_TOKEN_TYPE, length: 1 }],
];

const NEARLY = [
  ...['at+jwt ', ' at+jwt', 'at+jwt\n', 'at+jwt\r\n', 'at+jwt\t', 'at+jwt\u0000', 'at + jwt', 'at jwt'],
  ...['at-jwt', 'at_jwt', 'atjwt', 'at%2Bjwt', 'at&plus;jwt', '+jwt', 'at+', 'at', 'at+jw', 'at+jwts'],
  ...['xat+jwt', 'at+jwt+x', 'x.at+jwt', 'at+jwt;v=1', 'at+jwt; charset=utf-8', 'at+jwt,JWT', 'JWT,at+jwt'],
  ...['"at+jwt"', '["at+jwt"]', 'at+jwt|JWT', '.*', '*', '*/*', 'application/*', ''],
];

/** Media types that are others, or none. */
const MEDIA = [
  ...['application/application/at+jwt', 'application//at+jwt', '/at+jwt', 'at+jwt/', 'application/at+jwt/'],
  ...[
    'application/',
    'application',
    'text/at+jwt',
    'x/at+jwt',
    'application/x/at+jwt',
    'application\\at+jwt',
  ],
  ...['application%2Fat+jwt', 'applications/at+jwt', ' application/at+jwt', 'application/jwt'],
];

const LOOK_ALIKES = [
  ...['\u0430t+jwt', '\uff41t+jwt', 'at\uff0bjwt', 'a\u200bt+jwt', '\ufeffat+jwt', 'at+\u0458wt'],
  ...['at+jwt\u00a0', 'a\u0300t+jwt', 'at\u2795jwt', 'application\u2215at+jwt'],
];

const PROTOTYPE = ['__proto__', 'constructor', 'prototype', 'toString', 'length', '0'];

const elsewhere = (id: string, token: () => string, cites: readonly Citation[] = CITES): TokenAttack => ({
  ...{ id: `types/${id}`, row: 'the right type in another place', cites, doors: DOORS, token },
  expected: 'token_type_not_allowed',
});

const accepted = (typ: string): Control => ({
  ...{ id: `types/${typ}`, doors: DOORS },
  token: () => forge('access tokens', { header: { typ } }),
});

export const types: Theme = {
  title: '`typ`: access tokens alone (`at+jwt`)',
  attacks: [
    ...KINDS.map(([typ, cite]) =>
      typed(`a ${typ}`, 'a token of another kind', typ, [...new Set([...CITES, cite])]),
    ),
    {
      id: 'types/an ID token',
      row: 'an ID token of the same issuer',
      cites: CITES,
      doors: DOORS,
      token: () =>
        forge('access tokens', { header: { typ: 'JWT' }, payload: { nonce: 'n-0S6_WzA2Mj', at_hash: 'x' } }),
      expected: 'token_type_not_allowed',
    },
    {
      id: 'types/an ID token without a type',
      row: 'an ID token of the same issuer',
      cites: CITES,
      doors: DOORS,
      token: () => forge('access tokens', { header: { typ: undefined }, payload: { nonce: 'n-0S6_WzA2Mj' } }),
      expected: 'token_type_not_allowed',
    },
    ...NO_TEXT.map(([id, typ]) => typed(id, 'missing, or no text', typ, CITES)),
    ...NEARLY.map((typ) => typed(JSON.stringify(typ), 'nearly at+jwt', typ, SPELLED)),
    ...MEDIA.map((typ) => typed(JSON.stringify(typ), 'another media type, or none', typ, SPELLED)),
    ...LOOK_ALIKES.map((typ) =>
      typed(JSON.stringify(typ), 'letters that look alike', typ, [...SPELLED, 'RFC 7515 §10.13']),
    ),
    ...PROTOTYPE.map((typ) => typed(`the name ${typ}`, 'a name that objects inherit', typ, CITES)),
    elsewhere('the claim typ', () =>
      forge('access tokens', { header: { typ: undefined }, payload: { typ: ACCESS_TOKEN_TYPE } }),
    ),
    elsewhere('the parameter cty', () =>
      forge('access tokens', { header: { typ: 'JWT', cty: ACCESS_TOKEN_TYPE } }),
    ),
    ...['Typ', 'TYP', 'typ ', 'type', 'typ\u200b'].map((name) =>
      elsewhere(
        `the parameter ${JSON.stringify(name)}`,
        () => forge('access tokens', { header: { typ: undefined, [name]: ACCESS_TOKEN_TYPE } }),
        [...CITES, 'RFC 7515 §4'],
      ),
    ),
    elsewhere(
      '__proto__ of the header',
      () =>
        forge('access tokens', {
          header: `{"alg":"RS256","kid":"one","__proto__":{"typ":"${ACCESS_TOKEN_TYPE}"}}`,
        }),
      [...CITES, 'RFC 8725 §3.10'],
    ),
    ...[
      ['JWT, then at+jwt', `"typ":"JWT","typ":"${ACCESS_TOKEN_TYPE}"`],
      ['JWT by an escaped name, then at+jwt', `"\\u0074yp":"JWT","typ":"${ACCESS_TOKEN_TYPE}"`],
    ].map(
      ([id, members]): TokenAttack => ({
        id: `types/twice: ${id}`,
        row: 'twice, the last one right',
        cites: ['RFC 7515 §4', 'RFC 8725 §3.11'],
        doors: DOORS,
        token: () => forge('access tokens', { header: `{"alg":"RS256","kid":"one",${members}}` }),
        expected: 'token_malformed',
        mayPass: 'RFC 7515 §4: of two members with one name the last may count',
      }),
    ),
    {
      id: 'types/the right type over a wrong signature',
      row: 'the right type, over a wrong signature',
      cites: ['RFC 8725 §3.3', 'RFC 9068 §4'],
      doors: DOORS,
      token: () => `${forge('access tokens').slice(0, -8)}AAAAAAAA`,
      expected: 'signature_invalid',
    },
  ],
  controls: ['at+jwt', 'AT+JWT', 'At+Jwt', 'application/at+jwt', 'Application/AT+JWT'].map(accepted),
};
