/** What a start prints where no key was made here: other starts are tried over HTTP (test/e2e). */
import { expect, test } from 'vitest';
import { demoLines } from '../../bin/local/demo.ts';
import { parsedFile, policy, SECRET } from '../config/parsing.ts';

const linesFor = (options: Readonly<Record<string, unknown>>) =>
  demoLines(
    parsedFile({
      jwt: policy({ scopeClaim: 'scope', ...options }),
      routes: [{ paths: ['/baskets'], methods: ['POST'], scopes: ['baskets:write'] }],
    }),
    undefined,
    'http://127.0.0.1:8080',
  );

test.each([
  [{}, /^401/],
  [{ passThrough: true }, /^200 as anonymous/],
])('a request without a token, on a path of the configuration: %j', (options, heading) => {
  const lines = linesFor(options);
  const at = lines.findIndex((line) => heading.test(line));
  expect(lines[at + 1]).toBe("curl -i 'http://127.0.0.1:8080/baskets'");
  expect(lines.join('\n')).not.toContain(SECRET);
});
