import { describe, expect, it, test } from 'vitest';
import { type MethodName, routeOf } from '../../lambda/attachment/live.ts';
import { select } from '../../lambda/attachment/select.ts';
import { selectors } from './wishes.ts';

const methodsOf = (...routes: readonly string[]): readonly MethodName[] =>
  routes.map((route) => {
    const [httpMethod = '', path = ''] = route.split(' ');
    return { httpMethod, path };
  });

/** What is selected, and what is said about it: `code subject`. */
function selection(routes: readonly string[], texts: readonly string[]) {
  const { selected, refusals, warnings } = select(methodsOf(...routes), selectors(...texts));
  const told = (findings: typeof refusals) =>
    findings.map(({ code, subjects }) => [code, ...subjects].join(' '));
  return { selected: selected.map(routeOf), refusals: told(refusals), warnings: told(warnings) };
}

const API = [
  'GET /',
  'GET /health',
  'GET /orders',
  'POST /orders',
  'OPTIONS /orders',
  'GET /orders/{id}',
  'DELETE /orders/{id}',
];

describe('selected is', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['every method but OPTIONS', [], API.filter((route) => !route.startsWith('OPTIONS'))],
    ['one method', ['GET /orders'], ['GET /orders']],
    ['every method of a resource', ['ANY /orders'], ['GET /orders', 'POST /orders']],
    ['everything below', ['ANY /orders/*'], ['GET /orders/{id}', 'DELETE /orders/{id}']],
    ['a parameter by any name', ['GET /orders/{order}'], ['GET /orders/{id}']],
    [
      'what several mean together',
      ['GET /health', 'DELETE /orders/*'],
      ['GET /health', 'DELETE /orders/{id}'],
    ],
    [
      'all but what is excluded',
      ['!GET /health', '!ANY /orders/*'],
      ['GET /', 'GET /orders', 'POST /orders'],
    ],
    ['of that, all but what is excluded', ['ANY /orders', '!GET /orders'], ['POST /orders']],
  ])('%s', (_, texts, expected) => {
    expect(selection(API, texts)).toMatchObject({ selected: expected, refusals: [] });
  });

  it('HEAD with GET, as in routes, and not the other way round', () => {
    const api = ['GET /a', 'HEAD /a'];
    expect(selection(api, ['GET /a']).selected).toEqual(api);
    expect(selection(api, ['HEAD /a']).selected).toEqual(['HEAD /a']);
    expect(selection([...api, 'POST /a'], ['!GET /a']).selected).toEqual(['POST /a']);
  });

  it('ANY, once all that it answers is meant', () => {
    const all = ['GET /a', 'POST /a', 'PUT /a', 'PATCH /a', 'DELETE /a'];
    expect(selection(['ANY /a'], all).selected).toEqual(['ANY /a']);
    expect(selection(['ANY /a'], all.slice(1)).refusals).toEqual(['selector_splits_method ANY /a']);
    // The resource's own methods take the rest.
    expect(selection(['ANY /a', 'GET /a', 'HEAD /a'], all.slice(1)).selected).toEqual(['ANY /a']);
    expect(selection(['ANY /a', 'GET /a'], all.slice(1)).refusals).toEqual(['selector_splits_method ANY /a']);
  });

  it('not an ANY that answers OPTIONS alone', () => {
    const verbs = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].map((verb) => `${verb} /a`);
    expect(selection([...verbs, 'ANY /a'], []).selected).toEqual(verbs);
  });
});

describe('a method of which a part is meant', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['a verb of ANY', ['ANY /orders/{id}'], ['GET /orders/*']],
    ['a path of a parameter', ['GET /orders/{id}'], ['GET /orders/open']],
    ['paths of a catch-all', ['GET /{proxy+}'], ['GET /orders/*']],
    ['deeper paths, which a catch-all answers', ['GET /orders/{id}', 'GET /{proxy+}'], ['GET /orders/*']],
    [
      'an empty segment, which no parameter takes',
      ['GET /a/{x}', 'GET /a/{x}/{y+}', 'GET /{z+}'],
      ['GET /a/*'],
    ],
    ['a verb that the nearer resource lacks', ['GET /orders', 'ANY /{proxy+}'], ['ANY /orders']],
  ])('%s is refused', (_, api, texts) => {
    expect(selection(api, texts).refusals).toContainEqual(expect.stringMatching(/^selector_splits_method/));
  });

  test.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ['answers none of them', ['GET /a/{p+}', 'GET /{q+}'], ['GET /a/*'], ['GET /a/{p+}']],
    ['is selected by another', ['GET /{p+}'], ['GET /a/*', 'GET /*'], ['GET /{p+}']],
    ['has the nearer ones excluded', ['GET /a', 'GET /{p+}'], ['GET /*', '!GET /a'], ['GET /{p+}']],
    [
      'leaves them to several others',
      ['GET /a/{x}', 'GET /a/{x}/{y+}'],
      ['GET /a/*'],
      ['GET /a/{x}', 'GET /a/{x}/{y+}'],
    ],
  ])('unless it %s', (_, api, texts, expected) => {
    expect(selection(api, texts)).toMatchObject({ selected: expected, refusals: [] });
  });

  it('stays protected as a whole where an exclusion means the rest', () => {
    expect(selection(['ANY /a', 'OPTIONS /a'], ['ANY /a', '!GET /a'])).toEqual({
      selected: ['ANY /a'],
      refusals: [],
      warnings: ['exclusion_partial ANY /a'],
    });
    expect(selection(['GET /{p+}'], ['!GET /health']).warnings).toEqual(['exclusion_partial GET /{p+}']);
    expect(selection(['GET /{p+}', 'GET /health'], ['!GET /health'])).toMatchObject({
      selected: ['GET /{p+}'],
      warnings: [],
    });
  });
});

describe('a selector that means nothing is refused', () => {
  test.each([['GET /order'], ['PUT /orders'], ['ANY /orders/{id}/lines'], ['!GET /helth']])('%s', (text) => {
    expect(selection(API, ['GET /health', 'ANY /orders', text]).refusals).toEqual([
      `selector_matches_nothing ${text}`,
    ]);
  });

  it('also one of several, and every one of them', () => {
    expect(selection(API, ['GET /a', 'GET /b'])).toMatchObject({
      selected: [],
      refusals: ['selector_matches_nothing GET /a', 'selector_matches_nothing GET /b', 'nothing_selected'],
    });
  });

  it('an API without methods, or with none but OPTIONS', () => {
    for (const api of [[], ['OPTIONS /a']]) expect(selection(api, []).refusals).toEqual(['nothing_selected']);
    expect(selection(API, ['ANY /orders', '!ANY /orders']).refusals).toEqual(['nothing_selected']);
  });

  it('OPTIONS, however it got there', () => {
    const wanted = { excludes: false, httpMethod: 'OPTIONS', path: '/orders' };
    const { refusals, selected } = select(methodsOf(...API), [wanted, ...selectors('GET /orders')]);
    expect(refusals.map(({ code }) => code)).toEqual(['options_selected']);
    expect(selected.map(routeOf)).toEqual(['GET /orders']);
  });
});

describe('it warns about', () => {
  it('ANY without OPTIONS', () => {
    expect(selection(['ANY /a', 'ANY /b', 'OPTIONS /b', 'GET /c'], []).warnings).toEqual([
      'any_without_options ANY /a',
    ]);
  });

  it('the resource itself, where everything below it is meant', () => {
    const api = ['GET /', 'GET /a', 'POST /a', 'OPTIONS /a', 'GET /a/b'];
    expect(selection(api, ['GET /a/*']).warnings).toEqual(['base_left_open GET /a']);
    expect(selection(api, ['ANY /a/*']).warnings).toEqual([
      'base_left_open GET /a',
      'base_left_open POST /a',
    ]);
    expect(selection(api, ['ANY /*']).warnings).toEqual(['base_left_open GET /']);
    expect(selection(api, ['ANY /*', 'ANY /']).warnings).toEqual([]);
    expect(selection(api, ['GET /a/*', 'GET /a']).warnings).toEqual([]);
    expect(selection(api, ['GET /a/*', '!GET /a']).warnings).toEqual([]);
  });
});

it('a resource with a path that no selector can name is selected with the rest', () => {
  expect(selection(['GET /a~b', 'GET /a'], ['GET /a']).selected).toEqual(['GET /a']);
  expect(selection(['GET /a~b', 'GET /a'], ['ANY /*']).selected).toEqual(['GET /a~b', 'GET /a']);
});
