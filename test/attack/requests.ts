/** Requests that say two things at once, or hold the token in another way than the policy's. */
import type { DenialCode } from '../../lambda/authorizer/denial.ts';
import { type Event, type Pair, requestEvent, tokenEvent } from '../support/requests.ts';
import { fileOf, honestToken } from './doors.ts';
import { forge, secretOf } from './forge.ts';
import type { Citation } from './model.ts';

export interface RequestAttack {
  readonly id: string;
  readonly cites: readonly Citation[];
  /** The configuration, as the YAML file has it. */
  readonly file: Readonly<Record<string, unknown>>;
  readonly event: unknown;
  /** `unavailable`: API Gateway never sends such an event, and gets a 500. */
  readonly expected: DenialCode | 'allowed' | 'unavailable';
}

const honest = honestToken('HS256') ?? '';
const forged = forge('HS256', {
  payload: { sub: 'eve' },
  key: secretOf('a secret of the attacker’s, of 32 bytes'),
});

const bearer = fileOf('HS256');
const at = (place: Readonly<Record<string, unknown>>) => ({ jwt: { ...bearer.jwt, ...place } });
const header = at({ jwtExtractor: 'header', jwtExtractorField: 'X-Token' });
const query = at({ jwtExtractor: 'query', jwtExtractorField: 'token' });
const cookie = at({ jwtExtractor: 'cookie', jwtExtractorField: 'token' });

const ONE = ['RFC 6750 §2', 'RFC 9110 §5.2'] as const;
const SCHEME = ['RFC 6750 §2.1', 'RFC 9110 §11.4'] as const;

const headers = (...pairs: Pair[]) => requestEvent({ headers: pairs });
const authorization = (value: string) => headers(['Authorization', value]);
const of = (
  id: string,
  file: RequestAttack['file'],
  event: unknown,
  expected: RequestAttack['expected'],
  cites: readonly Citation[] = ONE,
): RequestAttack => ({
  ...{ id: `requests/${id}`, cites, file, event, expected },
});

const TWO: readonly (readonly [string, RequestAttack['file'], Event])[] = [
  [
    'the header twice, honest first',
    bearer,
    headers(['Authorization', `Bearer ${honest}`], ['Authorization', `Bearer ${forged}`]),
  ],
  [
    'the header twice, honest last',
    bearer,
    headers(['Authorization', `Bearer ${forged}`], ['Authorization', `Bearer ${honest}`]),
  ],
  [
    'the header twice, the same',
    bearer,
    headers(['Authorization', `Bearer ${honest}`], ['Authorization', `Bearer ${honest}`]),
  ],
  [
    'the header in two spellings',
    bearer,
    headers(['Authorization', `Bearer ${honest}`], ['authorization', `Bearer ${forged}`]),
  ],
  [
    'the header beside another scheme',
    bearer,
    headers(['Authorization', 'Basic YTpi'], ['Authorization', `Bearer ${honest}`]),
  ],
  ['a header of its own twice', header, headers(['X-Token', honest], ['x-token', forged])],
  [
    'the parameter twice',
    query,
    requestEvent({
      query: [
        ['token', honest],
        ['token', forged],
      ],
    }),
  ],
  ['the cookie twice, in one header', cookie, headers(['Cookie', `token=${honest}; token=${forged}`])],
  [
    'the cookie twice, in two headers',
    cookie,
    headers(['Cookie', `token=${honest}`], ['cookie', `token=${forged}`]),
  ],
];

const SCHEMES: readonly (readonly [string, string, DenialCode])[] = [
  ['another scheme', `Basic ${honest}`, 'token_missing'],
  ['no scheme', honest, 'token_missing'],
  ['a scheme alone', 'Bearer', 'token_malformed'],
  ['a scheme and a space', 'Bearer ', 'token_malformed'],
  ['a colon after the scheme', `Bearer: ${honest}`, 'token_missing'],
  ['a scheme that begins alike', `BearerX ${honest}`, 'token_missing'],
  ['a scheme of another alphabet', `B\u0435arer ${honest}`, 'token_missing'],
  ['a space before the scheme', ` Bearer ${honest}`, 'token_missing'],
  ['a no-break space after the scheme', `Bearer\u00a0${honest}`, 'token_missing'],
  ['a line break after the scheme', `Bearer\n${honest}`, 'token_missing'],
  ['the scheme twice', `Bearer Bearer ${honest}`, 'token_malformed'],
  ['two tokens', `Bearer ${honest} ${forged}`, 'token_malformed'],
  ['two tokens with a comma', `Bearer ${honest},${forged}`, 'token_malformed'],
  ['two values in one', `Bearer ${honest}, Bearer ${forged}`, 'token_malformed'],
  ['quotes', `Bearer "${honest}"`, 'token_malformed'],
  ['angle brackets', `Bearer <${honest}>`, 'token_malformed'],
  ['a parameter', `Bearer token=${honest}`, 'token_malformed'],
  ['text after it', `Bearer ${honest};x=1`, 'token_malformed'],
  ['a space after it', `Bearer ${honest} `, 'token_malformed'],
];

/** The single-valued map and the multi-valued one; the latter holds all. */
const DISAGREEING: readonly RequestAttack[] = [
  of(
    'the two maps disagree, forged among all',
    bearer,
    {
      ...authorization(`Bearer ${honest}`),
      multiValueHeaders: { Authorization: [`Bearer ${forged}`] },
    },
    'signature_invalid',
  ),
  of(
    'the two maps disagree, forged alone',
    bearer,
    {
      ...authorization(`Bearer ${forged}`),
      multiValueHeaders: { Authorization: [`Bearer ${honest}`] },
    },
    'allowed',
  ),
  of(
    'one value that holds two in the other map',
    bearer,
    {
      ...authorization(`Bearer ${honest}`),
      multiValueHeaders: { Authorization: [`Bearer ${honest}`, `Bearer ${forged}`] },
    },
    'token_ambiguous',
  ),
];

/** Two places for a token, of two policies: the first that applies decides. */
const inBoth = (first: object, second: object) => ({
  jwt: [
    { ...bearer.jwt, ...first },
    { ...query.jwt, ...second },
  ],
  authorizerCacheSeconds: 0,
});
const both = (inHeader: string, inQuery: string) =>
  requestEvent({ headers: [['Authorization', `Bearer ${inHeader}`]], query: [['token', inQuery]] });
const PLACES: readonly RequestAttack[] = [
  of('forged in the header, honest in the query', inBoth({}, {}), both(forged, honest), 'signature_invalid'),
  of('honest in the header, forged in the query', inBoth({}, {}), both(honest, forged), 'allowed'),
  of(
    'forged in both, the first left to the next',
    inBoth({ passThrough: true }, {}),
    both(forged, forged),
    'signature_invalid',
  ),
  of(
    'honest in the header, for another audience, and the same in the query',
    inBoth({ passThrough: true, audience: 'billing' }, {}),
    both(honest, honest),
    'audience_mismatch',
  ),
  of(
    'twice in the header, honest in the query',
    inBoth({}, {}),
    requestEvent({
      headers: [
        ['Authorization', `Bearer ${honest}`],
        ['authorization', `Bearer ${forged}`],
      ],
      query: [['token', honest]],
    }),
    'token_ambiguous',
  ),
];

export const requests: readonly RequestAttack[] = [
  ...PLACES,
  ...TWO.map(([id, file, event]) => of(id, file, event, 'token_ambiguous')),
  ...SCHEMES.map(([id, value, expected]) => of(id, bearer, authorization(value), expected, SCHEME)),
  ...DISAGREEING,
  of(
    'a parameter where the header counts, forged',
    bearer,
    requestEvent({
      headers: [['Authorization', `Bearer ${honest}`]],
      query: [
        ['access_token', forged],
        ['token', forged],
      ],
    }),
    'allowed',
  ),
  of(
    'a header where the parameter counts, forged',
    query,
    requestEvent({
      headers: [['Authorization', `Bearer ${forged}`]],
      query: [['token', honest]],
    }),
    'allowed',
  ),
  of(
    'honest in the header, forged where the parameter counts',
    query,
    requestEvent({
      headers: [['Authorization', `Bearer ${honest}`]],
      query: [['token', forged]],
    }),
    'signature_invalid',
  ),
  of(
    'a parameter alone, where the header counts',
    bearer,
    requestEvent({ query: [['access_token', honest]] }),
    'token_missing',
  ),
  of('a parameter in another case', query, requestEvent({ query: [['Token', honest]] }), 'token_missing'),
  of('a cookie in another case', cookie, headers(['Cookie', `Token=${honest}`]), 'token_missing'),
  of('a cookie in a cookie’s value', cookie, headers(['Cookie', `x="; token=${honest}"`]), 'token_malformed'),
  of('a cookie whose name ends alike', cookie, headers(['Cookie', `xtoken=${honest}`]), 'token_missing'),
  of(
    'a header that is named __proto__',
    header,
    {
      ...requestEvent(),
      headers: JSON.parse(`{"__proto__":{"X-Token":"${honest}"}}`),
      multiValueHeaders: null,
    },
    'token_missing',
  ),
  of(
    'no headers at all',
    bearer,
    { ...requestEvent(), headers: null, multiValueHeaders: null },
    'token_missing',
  ),
  of(
    'a list in the single-valued map',
    bearer,
    {
      ...requestEvent(),
      headers: { Authorization: [`Bearer ${honest}`] },
      multiValueHeaders: null,
    },
    'token_missing',
  ),
  of('a TOKEN event with a list', bearer, tokenEvent([`Bearer ${honest}`]), 'token_missing'),
  of('a TOKEN event with an object', bearer, tokenEvent({ toString: 'x' }), 'token_missing'),
  of(
    'a TOKEN event with two tokens',
    bearer,
    tokenEvent(`Bearer ${honest},Bearer ${honest}`),
    'token_malformed',
  ),
  of('an event of no type', bearer, { ...authorization(`Bearer ${honest}`), type: undefined }, 'unavailable'),
  of(
    'an event of another type',
    bearer,
    { ...authorization(`Bearer ${honest}`), type: 'request' },
    'unavailable',
  ),
  of('an event that is null', bearer, null, 'unavailable'),
  of('an event that is a list', bearer, [authorization(`Bearer ${honest}`)], 'unavailable'),
  of(
    'a method that is every method',
    bearer,
    { ...authorization(`Bearer ${honest}`), httpMethod: '*' },
    'unavailable',
  ),
  of(
    'a method with a slash',
    bearer,
    { ...authorization(`Bearer ${honest}`), httpMethod: 'GET/admin' },
    'unavailable',
  ),
];
