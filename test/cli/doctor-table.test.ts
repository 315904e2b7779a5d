/** What a deployed table says of itself that the embedded one cannot: what looks after it. */
import { text } from 'node:stream/consumers';
import { describe, expect, it, test } from 'vitest';
import { serve } from '../keys/support.ts';
import { closeAtEnd } from '../support/gateway.ts';
import { doctor } from './doctor.ts';
import { withEnvironment } from './environment.ts';

const CACHED = { jwt: { secret: 'generate', algorithms: ['HS256'] } };

const keys = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' },
  { AttributeName: sort, KeyType: 'RANGE' },
];
const TABLE = {
  TableName: 'orders',
  TableStatus: 'ACTIVE',
  KeySchema: keys('pk', 'sk'),
  GlobalSecondaryIndexes: [{ IndexName: 'listing', KeySchema: keys('listPk', 'listSk') }],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  DeletionProtectionEnabled: true,
};
/** What DynamoDB answers, by operation; a text is the name of an error. */
const AS_IT_SHOULD_BE: Readonly<Record<string, object | string>> = {
  DescribeTable: { Table: TABLE },
  DescribeTimeToLive: {
    TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'purgeAtSeconds' },
  },
  DescribeContinuousBackups: {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' },
    },
  },
  BatchGetItem: { Responses: { orders: [] }, UnprocessedKeys: {} },
  GetItem: { ConsumedCapacity: { TableName: 'orders', CapacityUnits: 1 } },
};

/** With an STS that knows everybody. */
async function examined(answers: Readonly<Record<string, object | string>> = {}, file: object = CACHED) {
  const asked: string[] = [];
  const { origin } = closeAtEnd(
    await serve(async (request, response) => {
      const operation = String(request.headers['x-amz-target'] ?? '').split('.')[1];
      const body = await text(request);
      if (operation === undefined) {
        expect(body).toContain('GetCallerIdentity');
        response.end('<a><Arn>arn:aws:iam::111122223333:user/ann</Arn></a>');
        return;
      }
      asked.push(operation);
      const answer = { ...AS_IT_SHOULD_BE, ...answers }[operation] ?? 'UnknownOperationException';
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.statusCode = typeof answer === 'string' ? 400 : 200;
      response.end(JSON.stringify(typeof answer === 'string' ? { __type: answer, message: 'no' } : answer));
    }),
  );
  const environment = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_REGION: 'eu-west-1' };
  const found = await withEnvironment({ ...environment, AWS_ENDPOINT_URL: origin }, () =>
    doctor({ ...file }, ['--table', 'orders']),
  );
  return { ...found, asked };
}

it('all of it as it should be, and nothing is written', async () => {
  const { found, code, asked } = await examined();
  expect(found('table')).toEqual([
    'ok table',
    'ok table_stream',
    'ok table_deletion_protection',
    'ok table_ttl',
    'ok table_recovery',
    'ok table_reading',
  ]);
  expect(code).toBe(0);
  expect(asked.filter((operation) => !/^(?:Describe|Get|BatchGet)/.test(operation))).toEqual([]);
});

describe('each thing that is otherwise', () => {
  const table = (changes: object) => ({ DescribeTable: { Table: { ...TABLE, ...changes } } });
  test.each<[string, Readonly<Record<string, object | string>>, string, number]>([
    ['it is being made', table({ TableStatus: 'CREATING' }), 'problem table_status', 1],
    ['other keys', table({ KeySchema: keys('id', 'sk') }), 'problem table_shape', 1],
    ['no index', table({ GlobalSecondaryIndexes: [] }), 'problem table_shape', 1],
    [
      'an index with other keys',
      table({ GlobalSecondaryIndexes: [{ IndexName: 'listing', KeySchema: keys('a', 'b') }] }),
      'problem table_shape',
      1,
    ],
    ['no stream', table({ StreamSpecification: undefined }), 'warning table_stream', 0],
    [
      'a stream without old images',
      table({ StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } }),
      'warning table_stream',
      0,
    ],
    ['no protection', table({ DeletionProtectionEnabled: false }), 'warning table_deletion_protection', 0],
    [
      'no time to live',
      { DescribeTimeToLive: { TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } } },
      'warning table_ttl',
      0,
    ],
    [
      'another attribute',
      {
        DescribeTimeToLive: { TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' } },
      },
      'warning table_ttl',
      0,
    ],
    ['time to live not told', { DescribeTimeToLive: 'AccessDeniedException' }, 'not_checked table_ttl', 0],
    [
      'no recovery',
      {
        DescribeContinuousBackups: {
          ContinuousBackupsDescription: {
            ContinuousBackupsStatus: 'ENABLED',
            PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
          },
        },
      },
      'warning table_recovery',
      0,
    ],
    [
      'recovery not told',
      { DescribeContinuousBackups: 'AccessDeniedException' },
      'not_checked table_recovery',
      0,
    ],
    ['it may not be described', { DescribeTable: 'AccessDeniedException' }, 'unknown access_denied', 3],
    [
      'it may not be read',
      { BatchGetItem: 'AccessDeniedException', GetItem: 'AccessDeniedException' },
      'unknown access_denied',
      3,
    ],
    ['answers about nothing that was asked', { GetItem: {} }, 'unknown nonsense', 3],
  ])('%s', async (_, answers, expected, expectedCode) => {
    const { found, code } = await examined(answers);
    expect(found('table')).toContain(expected);
    expect(code).toBe(expectedCode);
  });

  it('no stream is nothing to tell where API Gateway keeps no answer', async () => {
    const { found } = await examined(table({ StreamSpecification: undefined }), {
      ...CACHED,
      authorizerCacheSeconds: 0,
    });
    expect(found('table')).not.toContain('warning table_stream');
  });
});
