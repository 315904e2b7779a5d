/** Generated APIs, callers, requests and what happens between them: small alphabets, so that much of it meets. */
import fc from 'fast-check';
import { resourcesOf } from '../../lambda/config/resources.ts';
import type { RouteRule } from '../../lambda/config/types.ts';
import type { Case, Setup } from './case.ts';
import { anyTraffic, stepsOf } from './episode-cases.ts';
import { anyPolicies, SCOPES } from './policy-cases.ts';
import type { ResourcePolicy } from './resource-policy.ts';
import { anyTable, tableOf } from './table-cases.ts';

const template: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.constantFrom('a', 'b', 'a', 'b', '{x}'), { maxLength: 3 }),
    fc.constantFrom('', '', '', '{proxy+}'),
  )
  .map(([segments, tail]) => `/${[...segments, tail].filter((segment) => segment !== '').join('/')}`);

const rule: fc.Arbitrary<RouteRule> = fc
  .record({
    paths: fc.array(template, { minLength: 1, maxLength: 2 }),
    methods: fc.option(fc.subarray(['GET', 'POST', 'HEAD'], { minLength: 1 }), { nil: undefined }),
    scopes: fc.subarray(SCOPES),
  })
  .map(({ methods, ...rest }) => ({ ...rest, ...(methods !== undefined && { methods }) }));

const setup: fc.Arbitrary<Setup> = fc.record({
  policies: anyPolicies,
  onDenial: fc.constantFrom('unauthorized', 'policy'),
  expiryCondition: fc.boolean(),
  authorizerCacheSeconds: fc.constantFrom(300, 300, 20),
  credentialCacheSeconds: fc.constantFrom(0, 5, 30),
});

const resourcePolicy: fc.Arbitrary<ResourcePolicy> = fc.constantFrom<ResourcePolicy>(
  undefined,
  undefined,
  [{ effect: 'Allow' }],
  [{ effect: 'Allow', from: 'office' }],
  [{ effect: 'Deny', from: 'elsewhere' }],
  [{ effect: 'Allow' }, { effect: 'Deny', from: 'elsewhere' }],
  [{ effect: 'Allow', method: 'POST' }],
  [{ effect: 'Allow' }, { effect: 'Deny', method: 'DELETE' }],
);

export const anyCase: fc.Arbitrary<Case> = fc
  .record({
    setup,
    routes: fc.array(rule, { maxLength: 3 }),
    declared: fc.option(fc.array(template, { minLength: 1, maxLength: 6 }), { nil: undefined }),
    resourcePolicy,
    table: anyTable,
    traffic: anyTraffic,
  })
  .map(({ setup, routes, declared, resourcePolicy, table, traffic }) => {
    const resources = declared === undefined ? resourcesOf(routes) : asApi(declared);
    const steps = stepsOf(traffic, { setup, resources });
    return { setup, routes, resources, resourcePolicy, table: tableOf(table, setup.policies), steps };
  });

/** What API Gateway would take of a list of resources: one variable child each. */
function asApi(templates: readonly string[]): readonly string[] {
  const variables = new Map<string, string>();
  const taken = templates.filter((candidate) => {
    const segments = candidate.slice(1).split('/');
    return segments.every((text, i) => {
      if (!text.startsWith('{')) return true;
      const parent = segments.slice(0, i).join('/');
      const other = variables.get(parent) ?? text;
      variables.set(parent, other);
      return other === text;
    });
  });
  return [...new Set(taken)];
}
