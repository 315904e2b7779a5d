import { expect, it } from 'vitest';
import { matrixOf } from '../../bin/console/matrix.ts';
import { parseConfig } from '../../lambda/config/parse.ts';

function matrix(routes: readonly unknown[], more: Readonly<Record<string, unknown>> = {}) {
  const parsed = parseConfig({ jwt: { secret: 'generate', algorithms: ['HS256'] }, routes, ...more });
  if (!parsed.ok) throw new Error('the test has a configuration that is none');
  const { scopes, rows } = matrixOf(parsed.config);
  const text = rows.map(({ resource, methods, isEveryMethod, needs }) => {
    const who = isEveryMethod ? 'ANY' : methods.join(' ');
    return `${who} ${resource}: ${needs.map(({ scope, onlyOn }) => [scope, ...onlyOn].join(' on ')).join(', ')}`;
  });
  return { scopes, rows: text };
}

it('groups the methods that need the same; a rule for GET holds for HEAD', () => {
  expect(matrix([{ paths: ['/orders'], methods: ['GET', 'POST'], scopes: ['b', 'a'] }])).toEqual({
    scopes: ['a', 'b'],
    rows: ['ANY /: ', 'GET HEAD POST /orders: a, b', 'PUT PATCH DELETE OPTIONS /orders: ', 'ANY /{proxy+}: '],
  });
});

it('a request needs the scopes of every rule that matches', () => {
  const { rows } = matrix([
    { paths: ['/*'], scopes: ['any'] },
    { paths: ['/{id}'], methods: ['DELETE'], scopes: ['admin'] },
  ]);
  // `/{id}` is no resource of its own beside the greedy one, so the path decides.
  expect(rows).toContain('DELETE /{proxy+}: admin on /{id}, any');
  expect(rows).toContain('GET HEAD POST PUT PATCH OPTIONS /{proxy+}: any');
  expect(rows).toContain('ANY /: ');
});

it('a path that is a resource of its own is not told of the wider one', () => {
  const { rows } = matrix([{ paths: ['/orders/{id}'], scopes: ['a'] }]);
  expect(rows).toEqual(['ANY /: ', 'ANY /orders: ', 'ANY /orders/{id}: a', 'ANY /{proxy+}: ']);
});

it('preflights are answered by the API where there is cors', () => {
  const routes = [{ paths: ['/orders'], methods: ['POST'], scopes: ['a'] }];
  expect(matrix(routes).rows).toContain('GET HEAD PUT PATCH DELETE OPTIONS /orders: ');
  expect(matrix(routes, { cors: { allowOrigins: ['https://a.example'] } }).rows).toContain(
    'GET HEAD PUT PATCH DELETE /orders: ',
  );
});

it('without rules there is nothing to need', () => {
  expect(matrix([])).toEqual({ scopes: [], rows: ['ANY /: ', 'ANY /{proxy+}: '] });
});
