import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatTemplate,
  isCanonicalPath,
  isGreedy,
  matchesPath,
  parseTemplate,
  relationOf,
  templateOf,
} from '../../lambda/config/route-template.ts';
import { PATHS, regExpOf, template } from './templates.ts';

describe('the grammar', () => {
  test.each([
    ['/', '/'],
    ['/orders', '/orders'],
    ['/orders/{id}', '/orders/{id}'],
    ['/{proxy+}', '/{proxy+}'],
    ['/files/{rest+}', '/files/{rest+}'],
    ['/files/*', '/files/{proxy+}'],
    ['/*', '/{proxy+}'],
    ['/v1.0/a-b_c:d$e/{x.y-z_1}', '/v1.0/a-b_c:d$e/{x.y-z_1}'],
  ])('%s is read as %s', (path, canonical) => {
    const segments = parseTemplate(path);
    expect(typeof segments === 'string' ? segments : formatTemplate(segments)).toBe(canonical);
  });

  test.each([
    '',
    'orders',
    'https://x.example/orders',
    '//',
    '/orders/',
    '/orders//x',
    '/*/orders',
    '/{proxy+}/orders',
    '/x{proxy+}',
    '/{proxy+}x',
    '/orders*',
    '/a{id}',
    '/{id',
    '/id}',
    '/{}',
    '/{+}',
    '/{a b}',
    '/{id}{x}',
    '/{a/b}',
    '/a b',
    '/a?x',
    '/a#x',
    '/.',
    '/a/../b',
    '/..;/a',
    '/a\\b',
    '/%2e%2e/a',
    '/a%2Fb',
    '/caf%C3%A9',
    '/café',
    '/%',
    // RFC 3986 allows these, API Gateway takes none of them in a resource.
    '/~ann',
    '/a;b',
    '/a@b',
    '/a+b',
    '/a=b',
    "/a'b",
  ])('%j is none', (path) => {
    expect(parseTemplate(path)).toBeTypeOf('string');
    expect(() => templateOf(path)).toThrow();
  });

  test('a template is written as it is read', () => {
    fc.assert(
      fc.property(template, (segments) => {
        expect(parseTemplate(formatTemplate(segments))).toEqual(segments);
      }),
    );
  });
  test('no text makes the parser throw, and what it takes is written the same again', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^\/[a{}+*./%2e-]{0,12}$/));
    fc.assert(
      fc.property(text, (path) => {
        const segments = parseTemplate(path);
        if (typeof segments === 'string') return;
        expect(parseTemplate(formatTemplate(segments))).toEqual(segments);
        expect(formatTemplate(segments)).toBe(path.replace(/\/\*$/, '/{proxy+}'));
      }),
    );
  });
});

describe('relationOf agrees with an enumeration of paths', () => {
  test('for every pair of templates', () => {
    fc.assert(
      fc.property(template, template, (rule, resource) => {
        const received = PATHS.filter((path) => regExpOf(resource).test(path));
        const held = received.filter((path) => regExpOf(rule).test(path));
        const expected =
          held.length === 0 ? 'disjoint' : held.length === received.length ? 'covers' : 'partial';
        expect(relationOf(rule, resource)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });
  test.each([
    ['/orders/{id}', '/orders/{x}', 'covers'],
    ['/{proxy+}', '/', 'disjoint'],
    ['/', '/{proxy+}', 'disjoint'],
    ['/a/{id}', '/a/{proxy+}', 'partial'],
    ['/a/{proxy+}', '/a/{rest+}', 'covers'],
    ['/a/{proxy+}', '/{id}/{rest+}', 'partial'],
    ['/{id}', '/a', 'covers'],
    ['/a', '/{id}', 'partial'],
    ['/Orders', '/orders', 'disjoint'],
  ] as const)('%s to %s: %s', (rule, resource, relation) => {
    expect(relationOf(templateOf(rule), templateOf(resource))).toBe(relation);
  });
});

describe('matchesPath', () => {
  test('agrees with a regular expression', () => {
    fc.assert(
      fc.property(template, fc.constantFrom(...PATHS), (segments, path) => {
        expect(matchesPath(segments, path)).toBe(regExpOf(segments).test(path));
      }),
      { numRuns: 5000 },
    );
  });
  test('reads one trailing slash as the same route', () => {
    fc.assert(
      fc.property(template, fc.constantFrom(...PATHS.slice(1)), (segments, path) => {
        expect(matchesPath(segments, `${path}/`)).toBe(matchesPath(segments, path));
      }),
    );
  });
  // Express, IIS and others take them for one route. It can only ask for more.
  test('does not tell cases apart', () => {
    expect(matchesPath(templateOf('/orders'), '/Orders')).toBe(true);
  });
  // Otherwise a rule could be got around: the upstream takes these for the literal.
  test.each([
    '/pay:now',
    '/pay%3Anow',
    '/pay%3anow',
    '/pay:now;x=1',
    '/pay:now;',
    '/pay:now%3Bx',
    '/pay:now/',
  ])('%s is held by the literal pay:now', (path) => {
    expect(isCanonicalPath(path)).toBe(true);
    expect(matchesPath(templateOf('/pay:now'), path)).toBe(true);
  });
});

describe('isCanonicalPath', () => {
  test.each([
    '/',
    '/orders',
    '/orders/',
    '/orders/7',
    '/a.b/.c/d./...',
    '/~ann/a-b_c',
    "/!$&'()*+,;=:@",
    '/caf%C3%A9',
    '/a%20b',
    '/a%40b',
    '/{x}',
    '/a;v=1/b',
  ])('%s has one reading', (path) => {
    expect(isCanonicalPath(path)).toBe(true);
  });
  test.each([
    '',
    'orders',
    '//',
    '///',
    '//orders',
    '/orders//',
    '/a//b',
    '/.',
    '/./a',
    '/a/.',
    '/..',
    '/../a',
    '/a/../b',
    '/a/..',
    '/a/../',
    '/..;/a',
    '/..;x=1/a',
    '/.;/a',
    '/..%3B/a',
    '/;/a',
    '/;x=1/a',
    '/%3Bx/a',
    '/%2e%2e/a',
    '/%2E%2E/a',
    '/.%2e/a',
    '/a%2Fb',
    '/a%2fb',
    '/a%5Cb',
    '/a%5cb',
    '/a\\b',
    '/%41',
    '/%6f',
    '/%7E',
    '/%7e',
    '/%5f',
    '/%2d',
    '/%30',
    '/a%3Fb',
    '/a%23b',
    '/a%00',
    '/a%0d%0a',
    '/a%1F',
    '/a%7F',
    '/a%252Fb',
    '/100%25',
    '/%252e%252e/a',
    '/%25%32%66',
    '/%',
    '/a%',
    '/a%2',
    '/a%zz',
    '/a%2g',
    '/a%u002f',
    '/a b',
    '/a\tb',
    '/a\u0000',
    '/a\u007f',
    '/café',
    '/a?b',
    '/a#b',
    '/\ud83d\ude00',
  ])('%j has more', (path) => {
    expect(isCanonicalPath(path)).toBe(false);
  });

  const segment = fc.stringMatching(/^[a.;%2eEfF51\\]{0,6}$/);
  const path = fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`);

  test('a URL parser leaves a canonical path as it is', () => {
    fc.assert(
      fc.property(path, (text) => {
        if (isCanonicalPath(text)) expect(new URL(`http://x${text}`).pathname).toBe(text);
      }),
      { numRuns: 3000 },
    );
  });
  test('nor does decoding it add or take away segments', () => {
    fc.assert(
      fc.property(path, (text) => {
        if (!isCanonicalPath(text)) return;
        const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, hex) =>
          String.fromCharCode(Number.parseInt(hex, 16)),
        );
        expect(decoded.split(/[/\\]/)).toHaveLength(text.split('/').length);
        const dots = new URL('http://x');
        dots.pathname = decoded.replace(/;[^/]*/g, '');
        expect(dots.pathname.split('/')).toHaveLength(text.split('/').length);
      }),
      { numRuns: 3000 },
    );
  });
});

test('isGreedy tells templates that take any number of segments', () => {
  expect(['/', '/a', '/{id}', '/a/{rest+}', '/*'].map((path) => isGreedy(templateOf(path)))).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
});

test.each(['/orders/:id', '/:id', '/a/:'])('%s is Express’s spelling, and would protect nothing', (path) => {
  expect(parseTemplate(path)).toBeTypeOf('string');
});
