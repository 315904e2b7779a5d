import { describe, expect, test } from 'vitest';
import { extract } from '../../lambda/authorizer/extract.ts';
import { parseRequest } from '../../lambda/authorizer/request.ts';
import type { TokenPlace } from '../../lambda/config/types.ts';
import { type Pair, requestEvent, tokenEvent } from '../support/requests.ts';
import { BEARER } from './fixtures.ts';

const HEADER: TokenPlace = { in: 'header', name: 'X-Token' };
const QUERY: TokenPlace = { in: 'query', name: 'token' };
const COOKIE: TokenPlace = { in: 'cookie', name: 'session' };

const codeOrToken = (event: unknown, place: TokenPlace): string => {
  const extracted = extract(parseRequest(event), place);
  return typeof extracted === 'string' ? extracted : extracted.code;
};

const withHeaders = (...headers: Pair[]) => requestEvent({ headers });
const authorization = (value: string) => withHeaders(['Authorization', value]);

describe.each([
  ['a REQUEST event', authorization],
  ['a TOKEN event', (value: string) => tokenEvent(value)],
])('Authorization: Bearer in %s', (_, event) => {
  test.each([
    ['Bearer t.o.k', 't.o.k'],
    ['bearer t.o.k', 't.o.k'],
    ['BEARER t.o.k', 't.o.k'],
    ['Bearer   t.o.k', 't.o.k'],
    ['Bearer\tt.o.k', 't.o.k'],
    ['Bearer\t\tt.o.k', 'token_malformed'],
    ['Bearer\t t.o.k', 'token_malformed'],
    ['Bearer \tt.o.k', 'token_malformed'],
    ['Bearer\u00a0t.o.k', 'token_missing'],
    ['Bearer t.o.k more', 'token_malformed'],
    ['Bearer t.o.k ', 'token_malformed'],
    ['Bearer t.o.k, Bearer t.o.k', 'token_malformed'],
    ['Bearer t.o.k,t.o.k', 'token_malformed'],
    ['Bearer t.o.k\n', 'token_malformed'],
    ['Bearer', 'token_malformed'],
    ['Bearer ', 'token_malformed'],
    ['Basic t.o.k', 'token_missing'],
    ['Bearers t.o.k', 'token_missing'],
    ['Bearert.o.k', 'token_missing'],
    [' Bearer t.o.k', 'token_missing'],
    ['t.o.k', 'token_missing'],
    ['', 'token_missing'],
  ])('%j is %s', (value, expected) => {
    expect(codeOrToken(event(value), BEARER)).toBe(expected);
  });
});

describe('a scheme of its own', () => {
  const place: TokenPlace = { in: 'header', name: 'Authorization', scheme: 'JWT' };

  test.each(['JWT t.o.k', 'jwt t.o.k', 'Jwt\tt.o.k'])('%j holds the token', (value) => {
    expect(codeOrToken(authorization(value), place)).toBe('t.o.k');
  });

  test('another scheme is no token', () => {
    expect(codeOrToken(authorization('Bearer t.o.k'), place)).toBe('token_missing');
  });
});

describe('a header', () => {
  test.each(['X-Token', 'x-token', 'X-TOKEN'])('is found as %s', (name) => {
    expect(codeOrToken(withHeaders([name, 't.o.k']), HEADER)).toBe('t.o.k');
  });

  test('is taken raw: no scheme is stripped', () => {
    expect(codeOrToken(withHeaders(['x-token', 'Bearer t.o.k']), HEADER)).toBe('Bearer t.o.k');
  });

  test('that comes twice is ambiguous', () => {
    const event = withHeaders(['X-Token', 't.o.k'], ['X-Token', 'other']);
    expect(codeOrToken(event, HEADER)).toBe('token_ambiguous');
  });

  test('that comes twice with the same value is ambiguous', () => {
    const event = withHeaders(['X-Token', 't.o.k'], ['X-Token', 't.o.k']);
    expect(codeOrToken(event, HEADER)).toBe('token_ambiguous');
  });

  test('that comes in two spellings is ambiguous', () => {
    const event = withHeaders(['X-Token', 't.o.k'], ['x-token', 't.o.k']);
    expect(codeOrToken(event, HEADER)).toBe('token_ambiguous');
  });

  test('that is empty is missing', () => {
    expect(codeOrToken(withHeaders(['X-Token', '']), HEADER)).toBe('token_missing');
  });

  test.each([null, undefined, {}, [], { 'X-Token': [] }, { 'X-Other': ['o'] }])(
    'is read from the single-valued map when the other is %j',
    (multiValueHeaders) => {
      const event = { ...withHeaders(['X-Token', 't.o.k']), multiValueHeaders };
      expect(codeOrToken(event, HEADER)).toBe('t.o.k');
    },
  );

  test('is missing when there are no headers at all', () => {
    expect(codeOrToken(requestEvent({}, { headers: null, multiValueHeaders: null }), HEADER)).toBe(
      'token_missing',
    );
  });

  test('is the one that is not empty', () => {
    expect(codeOrToken(withHeaders(['X-Token', ''], ['x-token', 't.o.k']), HEADER)).toBe('t.o.k');
    expect(codeOrToken(withHeaders(['X-Token', ''], ['x-token', '']), HEADER)).toBe('token_missing');
  });

  test('is the one that is a text', () => {
    const event = requestEvent({}, { multiValueHeaders: { 'X-Token': ['t.o.k', 7] } });
    expect(codeOrToken(event, HEADER)).toBe('t.o.k');
  });

  test('whose values are no strings is missing', () => {
    const event = requestEvent({}, { headers: { 'X-Token': 7 }, multiValueHeaders: { 'X-Token': [null] } });
    expect(codeOrToken(event, HEADER)).toBe('token_missing');
  });

  test('named like a member of every object is missing when it is', () => {
    expect(codeOrToken(requestEvent(), { in: 'header', name: 'constructor' })).toBe('token_missing');
  });
});

describe('a query parameter', () => {
  test('holds the token', () => {
    expect(codeOrToken(requestEvent({ query: [['token', 't.o.k']] }), QUERY)).toBe('t.o.k');
  });

  test('is compared with regard to case', () => {
    expect(codeOrToken(requestEvent({ query: [['Token', 't.o.k']] }), QUERY)).toBe('token_missing');
  });

  test('that comes twice is ambiguous', () => {
    const query: Pair[] = [
      ['token', 't.o.k'],
      ['token', 'other'],
    ];
    expect(codeOrToken(requestEvent({ query }), QUERY)).toBe('token_ambiguous');
  });

  test('is read from the single-valued map when the other is null', () => {
    const event = { ...requestEvent({ query: [['token', 't.o.k']] }), multiValueQueryStringParameters: null };
    expect(codeOrToken(event, QUERY)).toBe('t.o.k');
  });

  test('cannot be in a TOKEN event', () => {
    expect(codeOrToken(tokenEvent('t.o.k'), QUERY)).toBe('token_missing');
  });
});

describe('a cookie', () => {
  test.each([
    ['session=t.o.k', 't.o.k'],
    ['a=b; session=t.o.k; c=d', 't.o.k'],
    ['a=b;session = t.o.k ;c=d', 't.o.k'],
    ['session=t.o.k=', 't.o.k='],
    ['Session=t.o.k', 'token_missing'],
    ['session', 'token_missing'],
    ['sessionx', 'token_missing'],
    ['session=', 'token_missing'],
    ['xsession=t.o.k', 'token_missing'],
    ['a=session=t.o.k', 'token_missing'],
    ['session=t.o.k; session=other', 'token_ambiguous'],
    ['session=t.o.k; session=t.o.k', 'token_ambiguous'],
  ])('in %j: %s', (header, expected) => {
    expect(codeOrToken(withHeaders(['Cookie', header]), COOKIE)).toBe(expected);
  });

  test('in two headers is ambiguous', () => {
    const event = withHeaders(['Cookie', 'session=t.o.k'], ['cookie', 'session=other']);
    expect(codeOrToken(event, COOKIE)).toBe('token_ambiguous');
  });
});

describe('8,192 bytes', () => {
  const places: [string, TokenPlace, (token: string) => unknown][] = [
    ['after one space', BEARER, (token) => authorization(`Bearer ${token}`)],
    ['after three spaces', BEARER, (token) => authorization(`Bearer   ${token}`)],
    ['in a TOKEN event', BEARER, (token) => tokenEvent(`Bearer ${token}`)],
    ['in a header', HEADER, (token) => withHeaders(['X-Token', token])],
    ['in a query', QUERY, (token) => requestEvent({ query: [['token', token]] })],
    ['in a cookie', COOKIE, (token) => withHeaders(['Cookie', `a=b; session=${token}`])],
  ];

  test.each(places)('%s: are a token', (_, place, event) => {
    const token = 'a'.repeat(8192);
    expect(codeOrToken(event(token), place) === token).toBe(true);
  });

  test.each(places)('%s: and one more are too many', (_, place, event) => {
    expect(codeOrToken(event('a'.repeat(8193)), place)).toBe('token_too_large');
  });

  test.each(places)('%s: are counted in bytes', (_, place, event) => {
    expect(codeOrToken(event('é'.repeat(4097)), place)).toBe('token_too_large');
  });
});
