/** Whatever stands in an option's place, what is wrong is told in whole words: `problemsOf` throws where they break off. */
import { expect, test } from 'vitest';
import { OPTION_GROUPS } from '../../scripts/options.ts';
import { policy, problemsOf } from './parsing.ts';

const WRONG = [null, 7, -1, 1.5, true, '', ' ', 'x', [], [7], [''], [[]], {}, { x: 7 }, { x: {} }];

const jwt = policy();
const REST_API = { id: 'a1b2c3d4e5', stages: 'prod' };
type Options = Readonly<Record<string, unknown>>;

/** A file that is right but for some options of a group. */
const FILES: Readonly<Record<keyof typeof OPTION_GROUPS, (options: Options) => object>> = {
  jwt: (options) => ({ jwt: policy(options) }),
  other: (options) => ({ jwt, ...options }),
  routes: (options) => ({ jwt, routes: [{ paths: '/a', scopes: 'a', ...options }] }),
  cors: (options) => ({ jwt, cors: { allowOrigins: '*', ...options } }),
  restApi: (options) => ({ jwt, restApi: { ...REST_API, ...options } }),
  driftCheck: (driftCheck) => ({ jwt, restApi: { ...REST_API, driftCheck } }),
  adminApi: (adminApi) => ({ jwt, adminApi }),
  plans: (gold) => ({ jwt, plans: { gold } }),
  quota: (quota) => ({ jwt, plans: { gold: { quota } } }),
};

const OPTIONS = Object.entries(OPTION_GROUPS).flatMap(([group, entries]) => {
  const fileWith = FILES[group as keyof typeof OPTION_GROUPS];
  return Object.keys(entries).map((option) => [group, option, fileWith] as const);
});

test.each(OPTIONS)('%s: %s', (_, option, fileWith) => {
  const problems = WRONG.flatMap((value) => problemsOf(fileWith({ [option]: value })));
  expect(problems.some((problem) => problem.startsWith('value_invalid'))).toBe(true);
});
