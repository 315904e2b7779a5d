/** Whom the watch blames: it must be the one who wrote, since what tests write is excepted. */
import { expect, it } from 'vitest';
import { whoIn } from './watch/who.mjs';

const ROOT = new URL('../../', import.meta.url).pathname;
const WATCH = `    at Object.construct (file://${ROOT}test/leaks/watch/outputs.mjs:67:28)`;
const TEST = `    at async Promise.all (${ROOT}test/e2e/one.test.ts:3:4)`;
const BUNDLE = `file://${ROOT}node_modules/.cache/e2e-1/dist/lambda/authorizer/index.mjs:4838:32`;

it.each([
  ['a function of a bundle', [`    at handler (${BUNDLE})`], 'dist/lambda/authorizer/ handler'],
  ['one without a name', [`    at ${BUNDLE}`], 'dist/lambda/authorizer/'],
  ['one that is waited for', [`    at async ${BUNDLE}`], 'dist/lambda/authorizer/'],
  [
    'a file of the repository',
    [`    at open (file://${ROOT}bin/local/listen.ts:9:1)`],
    'bin/local/listen.ts',
  ],
  ['a package', [`    at f (${ROOT}node_modules/@hono/node-server/x.js:1:2)`], 'package @hono/node-server'],
  ['a test', [], 'test/e2e/one.test.ts'],
  [
    'what Node.js calls for one',
    ['    at process.nextTick (node:internal/process:1:2)'],
    'test/e2e/one.test.ts',
  ],
])('%s', (_, frames, by) => {
  expect(whoIn(['Error: what it says (1)', WATCH, ...frames, TEST].join('\n'))).toBe(by);
});
