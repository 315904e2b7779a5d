import { expect, test } from 'vitest';
import { DENIALS, type DenialCode } from '../../lambda/authorizer/denial.ts';
import { type Count, createMetrics } from '../../lambda/authorizer/metrics.ts';

interface Emf {
  readonly _aws: { readonly CloudWatchMetrics: readonly { readonly Metrics: readonly object[] }[] };
}

function workbench(FunctionName = 'authorizer') {
  const records: (Record<string, unknown> & Emf)[] = [];
  const clock = { ms: 5_000 };
  const count: Count = createMetrics((line) => records.push(JSON.parse(line)), {
    FunctionName,
    now: () => clock.ms,
  });
  const total = (name: string) => records.reduce((sum, record) => sum + Number(record[name] ?? 0), 0);
  return { records, clock, count, total };
}

test('the first decision is written at once, as one EMF record of this function', () => {
  const { records, count } = workbench('orders-authorizer');
  count('Allowed', 'inline');
  expect(records).toEqual([
    {
      _aws: {
        Timestamp: 5_000,
        CloudWatchMetrics: [
          {
            Namespace: 'JwtAuthorizer',
            Dimensions: [['FunctionName']],
            Metrics: [
              { Name: 'Allowed', Unit: 'Count' },
              { Name: 'Allowed_inline', Unit: 'Count' },
            ],
          },
        ],
      },
      FunctionName: 'orders-authorizer',
      Allowed: 1,
      Allowed_inline: 1,
    },
  ]);
});

test('what follows within a second is counted, and written with the first after it', () => {
  const { records, clock, count } = workbench();
  count('Allowed', 'inline');
  clock.ms += 999;
  for (let i = 0; i < 10; i += 1) count('Allowed', 'inline');
  count('Denied', 'token_expired');
  expect(records).toHaveLength(1);
  clock.ms += 1;
  count('Denied', 'token_missing');
  expect(records).toHaveLength(2);
  expect(records[1]).toMatchObject({
    Allowed: 10,
    Denied: 2,
    Denied_token_expired: 1,
    Denied_token_missing: 1,
  });
  clock.ms += 1000;
  count('Allowed', 'anonymous');
  expect(records[2]).toMatchObject({ Allowed: 1, Allowed_anonymous: 1 });
  expect(records[2]).not.toHaveProperty('Denied');
  expect(records[2]).not.toHaveProperty('Allowed_inline');
});

test.each([
  ['an outage', (count: Count) => count('Unavailable', 'KeyUnavailable'), { Unavailable_KeyUnavailable: 1 }],
  [
    'a key that cannot be fetched',
    (count: Count) => count('KeyRefreshFailed', 'jwksUri'),
    { KeyRefreshFailed_jwksUri: 1 },
  ],
] as const)('%s is written at once, with what was counted before', (_, happen, expected) => {
  const { records, count } = workbench();
  count('Allowed', 'inline');
  count('Denied', 'token_missing');
  happen(count);
  expect(records).toHaveLength(2);
  expect(records[1]).toMatchObject({ Denied: 1, ...expected });
});

test('a look-up goes out with the decision that it was for, and never by itself', () => {
  const { records, count } = workbench();
  count('CredentialLookup', 'read');
  expect(records).toEqual([]);
  count('Allowed', 'inline');
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({ CredentialLookup: 1, CredentialLookup_read: 1, Allowed: 1 });
});

test('nothing is lost or counted twice, in all or by code', () => {
  const { clock, count, total } = workbench();
  for (let i = 0; i < 1000; i += 1) {
    clock.ms += i % 37;
    if (i % 3 === 0) count('Denied', i % 2 === 0 ? 'token_expired' : 'signature_invalid');
    else count('Allowed', 'inline');
  }
  clock.ms += 1000;
  count('Allowed', 'inline');
  expect([total('Allowed'), total('Denied')]).toEqual([667, 334]);
  expect([total('Denied_token_expired'), total('Denied_signature_invalid')]).toEqual([167, 167]);
});

test('all that there can be fits into one record: 100 metrics', () => {
  const { records, clock, count } = workbench();
  count('Allowed', 'anonymous');
  for (const code of Object.keys(DENIALS) as DenialCode[]) count('Denied', code);
  for (const kind of [
    'inline',
    'generated',
    'secretArn',
    'parameter',
    'jwksUri',
    'discovery',
    'credential',
  ] as const)
    count('Allowed', kind);
  for (const result of ['read', 'remembered'] as const) count('CredentialLookup', result);
  clock.ms += 1000;
  count('Allowed', 'anonymous');
  const [directive] = records[1]?._aws.CloudWatchMetrics ?? [];
  expect(directive?.Metrics.length).toBeGreaterThan(Object.keys(DENIALS).length + 8);
  // The rest are written at once: one of each, at most seven of them.
  expect(directive?.Metrics.length).toBeLessThan(100 - 2 - 7 - 4);
});
