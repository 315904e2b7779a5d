/** Whatever stands in an option's place, what is wrong is told in whole words: `problemsOf` throws where they break off. */
import { expect, test } from 'vitest';
import {
  adminApiSchema,
  corsSchema,
  driftCheckSchema,
  planSchema,
  policySchema,
  quotaSchema,
  restApiSchema,
  routeSchema,
  topLevelEntries,
} from '../../lambda/config/schema.ts';
import { policy, problemsOf } from './parsing.ts';

const WRONG = [null, 7, -1, 1.5, true, '', ' ', 'x', [], [7], [''], [[]], {}, { x: 7 }, { x: {} }];

const jwt = policy();
const REST_API = { id: 'a1b2c3d4e5', stages: 'prod' };
type Options = Readonly<Record<string, unknown>>;

const PLACES: readonly (readonly [place: string, entries: object, fileWith: (options: Options) => object])[] =
  [
    ['a policy', policySchema.entries, (options) => ({ jwt: policy(options) })],
    ['the file', topLevelEntries, (options) => ({ jwt, ...options })],
    [
      'a rule',
      routeSchema.entries,
      (options) => ({ jwt, routes: [{ paths: '/a', scopes: 'a', ...options }] }),
    ],
    ['cors', corsSchema.entries, (options) => ({ jwt, cors: { allowOrigins: '*', ...options } })],
    ['adminApi', adminApiSchema.entries, (adminApi) => ({ jwt, adminApi })],
    ['restApi', restApiSchema.entries, (options) => ({ jwt, restApi: { ...REST_API, ...options } })],
    ['driftCheck', driftCheckSchema.entries, (driftCheck) => ({ jwt, restApi: { ...REST_API, driftCheck } })],
    ['a plan', planSchema.entries, (gold) => ({ jwt, plans: { gold } })],
    ['a quota', quotaSchema.entries, (quota) => ({ jwt, plans: { gold: { quota } } })],
  ];

const OPTIONS = PLACES.flatMap(([place, entries, fileWith]) =>
  Object.keys(entries).map((option) => [place, option, fileWith] as const),
);

test.each(OPTIONS)('of %s: %s', (_, option, fileWith) => {
  const problems = WRONG.flatMap((value) => problemsOf(fileWith({ [option]: value })));
  expect(problems.some((problem) => problem.startsWith('value_invalid'))).toBe(true);
});
