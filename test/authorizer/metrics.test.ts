import { expect, test } from 'vitest';
import { createMetrics } from '../../lambda/authorizer/metrics.ts';

function workbench() {
  const records: Record<string, unknown>[] = [];
  const clock = { ms: 5_000 };
  const count = createMetrics(
    (line) => records.push(JSON.parse(line)),
    () => clock.ms,
  );
  return { records, clock, count };
}

test('the first decision is written at once, as one EMF record', () => {
  const { records, count } = workbench();
  count('Allowed');
  expect(records).toEqual([
    {
      _aws: {
        Timestamp: 5_000,
        CloudWatchMetrics: [
          { Namespace: 'JwtAuthorizer', Dimensions: [[]], Metrics: [{ Name: 'Allowed', Unit: 'Count' }] },
        ],
      },
      Allowed: 1,
    },
  ]);
});

test('what follows within a second is counted, and written with the first after it', () => {
  const { records, clock, count } = workbench();
  count('Allowed');
  clock.ms += 999;
  for (let i = 0; i < 10; i += 1) count('Allowed');
  count('Denied');
  expect(records).toHaveLength(1);
  clock.ms += 1;
  count('Denied');
  expect(records).toHaveLength(2);
  expect(records[1]).toMatchObject({ Allowed: 10, Denied: 2 });
  clock.ms += 1000;
  count('Allowed');
  expect(records[2]).toMatchObject({ Allowed: 1 });
  expect(records[2]).not.toHaveProperty('Denied');
});

test('an outage is written at once, with what was counted before', () => {
  const { records, count } = workbench();
  count('Allowed');
  count('Denied');
  count('Unavailable');
  expect(records).toHaveLength(2);
  expect(records[1]).toMatchObject({ Denied: 1, Unavailable: 1 });
});

test('nothing is lost or counted twice', () => {
  const { records, clock, count } = workbench();
  for (let i = 0; i < 1000; i += 1) {
    clock.ms += i % 37;
    count(i % 3 === 0 ? 'Denied' : 'Allowed');
  }
  clock.ms += 1000;
  count('Allowed');
  const total = (name: string) => records.reduce((sum, record) => sum + Number(record[name] ?? 0), 0);
  expect([total('Allowed'), total('Denied')]).toEqual([667, 334]);
});
