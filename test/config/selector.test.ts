import { describe, expect, it, test } from 'vitest';
import { formatSelector, parseSelector } from '../../lambda/config/selector.ts';

describe('a selector', () => {
  test.each([
    ['GET /orders', { excludes: false, httpMethod: 'GET', path: '/orders' }],
    ['get /', { excludes: false, httpMethod: 'GET', path: '/' }],
    ['ANY /admin/{proxy+}', { excludes: false, httpMethod: 'ANY', path: '/admin/{proxy+}' }],
    ['* /orders/{id}/*', { excludes: false, httpMethod: 'ANY', path: '/orders/{id}/{proxy+}' }],
    ['!DELETE  /a.b:c', { excludes: true, httpMethod: 'DELETE', path: '/a.b:c' }],
    ['!ANY /*', { excludes: true, httpMethod: 'ANY', path: '/{proxy+}' }],
  ])('%s', (text, selector) => {
    expect(parseSelector(text)).toEqual(selector);
  });

  test.each([
    '',
    '/orders',
    'GET',
    'GET orders',
    'GET/orders',
    '!!GET /orders',
    '! GET /orders',
    ' GET /orders',
    'GET /orders ',
    'GET /orders/',
    'GET //',
    'GET /*/orders',
    'GET /orders/:id',
    'GET /orders\nGET /a',
    'GET,POST /orders',
    'TRACE /orders',
    'OPTIONS /orders',
    '!options /orders',
  ])('%j is none', (text) => {
    expect(parseSelector(text)).toEqual(expect.stringMatching(/\w/));
  });

  it('is written back in its one spelling, which means the same', () => {
    for (const [text, spelling] of [
      ['!get  /a/*', '!GET /a/{proxy+}'],
      ['* /', 'ANY /'],
    ] as const) {
      const selector = parseSelector(text);
      if (typeof selector === 'string') throw new Error(selector);
      expect(formatSelector(selector)).toBe(spelling);
      expect(parseSelector(spelling)).toEqual(selector);
    }
  });
});
