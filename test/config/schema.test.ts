import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isRecord } from '../../lambda/config/record.ts';
import { accepts } from './json-schema.ts';
import { policy, problemsOf } from './parsing.ts';

const schema: unknown = JSON.parse(
  readFileSync(new URL('../../schema/authorizer.config.schema.json', import.meta.url), 'utf8'),
);

test('the committed schema is the one that the configuration makes', () => {
  const { status, stderr } = spawnSync('npx', ['tsx', 'scripts/schema.ts', '--check'], { encoding: 'utf8' });
  expect([status, stderr.includes('stale')]).toEqual([0, false]);
});

const CONTROLLED = policy({ checkCredentialExistence: true });
const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders-AbCdEf';
const SAMPLES = {
  'the sample of the documentation': `
jwt:
  secretOrPublicKeyFile: ./public.pem
  algorithms: [RS256]
  audience: orders-api
  issuer: https://id.example.com/
routes:
  - paths: ['/orders', '/orders/{id}']
    methods: [POST, DELETE]
    scopes: [orders:write]
upstream: https://orders.internal.example.com
authorizerCacheSeconds: 300
`,
  'one option': 'jwt: { secret: generate }',
  'a list of policies': `
jwt:
  - { secretArn: '${ARN}', secretJsonField: key, algorithms: [HS256], passThrough: true }
  - secretOrPublicKey: x
    jwtExtractor: cookie
    jwtExtractorField: token
    requiredClaims: { tenant: [a, 1, true], azp: me }
    tokenTypes: [at+jwt]
    scopeClaim: [realm_access, roles]
    checkCredentialExistence: false
    requireExp: false
    maxAgeSeconds: 60
    clockToleranceSeconds: 3600
`,
  'keys of an issuer':
    'jwt: { discovery: true, issuer: https://id.example.com/, anyAudience: true, requiredClaims: [azp] }',
  'every other option': `
jwt: { secret: generate }
routes: [{ paths: /a, scopes: x, methods: GET }]
credentialCacheSeconds: 0
expiryCondition: true
onDenial: policy
cors: { allowOrigins: '*', allowHeaders: [authorization], maxAgeSeconds: 86400 }
adminApi: true
`,
  'an API that exists': `
jwt: { secret: generate }
restApi: { id: abc, stages: prod }
`,
  'an API that exists, with every setting': `
jwt: { secret: generate }
restApi:
  id: a1b2c3d4e5
  stages: [prod, test-2]
  routes: [GET /orders/*, 'ANY /admin/{proxy+}', '!GET /health']
  takeOver: true
  deployPendingChanges: true
  onDetach: deny
  driftCheck: { everyMinutes: 5, reattach: true }
  attachWith: command
`,
  'usage plans': `
jwt: { secret: generate }
plans:
  gold: { rateLimit: 0.5, burstLimit: 200, quota: { limit: 1000, period: MONTH } }
  free: {}
`,
  'who may call the Admin API': `
jwt: { secret: generate }
adminApi: { allowedPrincipals: ['arn:aws:iam::111122223333:role/ops'] }
`,
};

describe('an editor accepts', () => {
  test.each(Object.entries(SAMPLES))('%s', (_, yaml) => {
    expect(accepts(schema, parse(yaml))).toBe(true);
  });
});

describe('an editor and the parser refuse', () => {
  test.each<[string, unknown]>([
    ['no policy', {}],
    ['an empty list', { jwt: [] }],
    ['an unknown key of the file', { jwt: policy(), route: [] }],
    ['an unknown key of a policy', { jwt: policy({ audiance: 'x' }) }],
    ['an unknown key of a policy in a list', { jwt: [policy(), policy({ audiance: 'x' })] }],
    ['an unknown key of a rule', { jwt: policy(), routes: [{ paths: '/a', method: 'GET' }] }],
    ['an unknown key of cors', { jwt: policy(), cors: { allowOrigins: '*', allowOrigin: '*' } }],
    ['a rule without paths', { jwt: policy(), routes: [{ scopes: 'x' }] }],
    ['another algorithm', { jwt: policy({ algorithms: ['none'] }) }],
    ['no algorithms', { jwt: policy({ algorithms: [] }) }],
    ['a flag in quotes', { jwt: policy({ requireExp: 'false' }) }],
    ['too many seconds', { jwt: policy(), authorizerCacheSeconds: 3601 }],
    ['a fraction of a second', { jwt: policy(), authorizerCacheSeconds: 0.5 }],
    ['another extractor', { jwt: policy({ jwtExtractor: 'body' }) }],
    ['an empty audience', { jwt: policy({ audience: '' }) }],
    ['an empty list of audiences', { jwt: policy({ audience: [] }) }],
    ['another secret than generate', { jwt: { secret: 'x' } }],
    ['no ARN', { jwt: { secretArn: 'x', algorithms: ['HS256'] } }],
    ['an empty claim name', { jwt: policy({ requiredClaims: { '': 'x' } }) }],
    ['a plan with a name that is none', { jwt: CONTROLLED, plans: { 'gold plan': {} } }],
    ['an unknown key of a plan', { jwt: CONTROLLED, plans: { gold: { rate: 1 } } }],
    ['a plan that lets nobody in', { jwt: CONTROLLED, plans: { gold: { rateLimit: 0, burstLimit: 1 } } }],
    ['a quota without a period', { jwt: CONTROLLED, plans: { gold: { quota: { limit: 1 } } } }],
    ['an API without stages', { jwt: policy(), restApi: { id: 'abc' } }],
    ['an API without stages, in a list', { jwt: policy(), restApi: { id: 'abc', stages: [] } }],
    ['a stage that is none', { jwt: policy(), restApi: { id: 'abc', stages: 'a/b' } }],
    ['an unknown key of an API', { jwt: policy(), restApi: { id: 'abc', stages: 'a', stage: 'a' } }],
    [
      'an unknown key of a drift check',
      { jwt: policy(), restApi: { id: 'abc', stages: 'a', driftCheck: { every: 1 } } },
    ],
    ['a claim without a value', { jwt: policy({ requiredClaims: { a: null } }) }],
  ])('%s', (_, file) => {
    expect(accepts(schema, file)).toBe(false);
    expect(problemsOf(file)).not.toEqual([]);
  });
});

test('every option says what it means, and no mapping takes unknown keys', () => {
  const mappings = mappingsIn(schema);
  expect(mappings.length).toBeGreaterThanOrEqual(4);
  for (const { properties, additionalProperties } of mappings) {
    expect(additionalProperties).toBe(false);
    for (const option of Object.values(properties ?? {})) expect(option).toHaveProperty('description');
  }
});

function mappingsIn(value: unknown): Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.flatMap(mappingsIn);
  if (!isRecord(value)) return [];
  return [...(isRecord(value['properties']) ? [value] : []), ...Object.values(value).flatMap(mappingsIn)];
}
