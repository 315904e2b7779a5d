import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { settingsFrom } from '../../lambda/revocation/environment.ts';
import { STREAM_FILTERS } from '../../lambda/revocation/stream-filter.ts';
import { Revocation } from '../../lib/index.ts';
import {
  firstOf,
  newApp,
  PUBLIC_KEY,
  placeholderBundle,
  propertiesOf,
  stackOf,
  templateOf,
  UNCONTROLLED,
} from './support.ts';

const CONTROLLED = { jwt: { secretOrPublicKey: PUBLIC_KEY } };
const TABLE = 'AWS::DynamoDB::GlobalTable';
const MAPPING = 'AWS::Lambda::EventSourceMapping';
const BOUND = { flushAgainSeconds: 71, withoutFlushesSeconds: 370 };

/** A function's properties by what its environment has. */
function functionWith(template: Template, variable: string): Record<string, Record<string, unknown>> {
  const found = propertiesOf(template, 'AWS::Lambda::Function').find(({ Environment }) =>
    JSON.stringify(Environment ?? {}).includes(variable),
  );
  return (found ?? {}) as Record<string, Record<string, unknown>>;
}

describe('a stack whose API Gateway may keep answers about credentials', () => {
  const template = templateOf(CONTROLLED, { monitoring: false });

  it('has a stream of both images, of which only what may take a right away reaches the function', () => {
    expect(firstOf(template, TABLE)).toMatchObject({
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
    const [changes] = propertiesOf(template, MAPPING).filter(({ StartingPosition }) => StartingPosition);
    expect(changes).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': [expect.any(String), 'StreamArn'] },
      StartingPosition: 'TRIM_HORIZON',
      FilterCriteria: { Filters: STREAM_FILTERS.map((pattern) => ({ Pattern: JSON.stringify(pattern) })) },
    });
    // Until the stream forgets: neither a number of tries nor an age ends it before.
    expect(changes).not.toHaveProperty('MaximumRetryAttempts');
    expect(changes).not.toHaveProperty('MaximumRecordAgeInSeconds');
  });

  it('has at most as many patterns as the default quota allows', () => {
    expect(STREAM_FILTERS.length).toBeLessThanOrEqual(5);
  });

  it('tells the function its stage, its queue and when to flush again', () => {
    const [api] = Object.keys(template.findResources('AWS::ApiGateway::RestApi'));
    const [stage] = Object.keys(template.findResources('AWS::ApiGateway::Stage'));
    const { Environment, Timeout, RecursiveLoop } = functionWith(template, 'FLUSH_STAGES');
    expect(Environment?.['Variables']).toEqual({
      FLUSH_STAGES: { 'Fn::Join': ['', [{ Ref: api }, '/', { Ref: stage }]] },
      FLUSH_QUEUE_URL: { Ref: expect.stringContaining('Flushes') },
      FLUSH_AGAIN_SECONDS: '71',
    });
    expect(Timeout).toBe(30);
    // It sends to the queue that invokes it.
    expect(RecursiveLoop).toBe('Allow');
  });

  it('may flush that stage’s authorizer cache, and delete nothing else', () => {
    const [api] = Object.keys(template.findResources('AWS::ApiGateway::RestApi'));
    const [stage] = Object.keys(template.findResources('AWS::ApiGateway::Stage'));
    const statements = propertiesOf(template, 'AWS::IAM::Policy').flatMap(
      (policy) =>
        (policy['PolicyDocument'] as { Statement: { Action: unknown; Resource: unknown }[] }).Statement,
    );
    const onApis = statements.filter(({ Action }) => JSON.stringify(Action).includes('apigateway:'));
    const to = ['arn:', { Ref: 'AWS::Partition' }, ':apigateway:', { Ref: 'AWS::Region' }, '::/restapis/'];
    const path = [{ Ref: api }, '/stages/', { Ref: stage }, '/cache/authorizers'];
    expect(onApis).toEqual([
      { Effect: 'Allow', Action: 'apigateway:DELETE', Resource: { 'Fn::Join': ['', [...to, ...path]] } },
    ]);
  });

  it('keeps its queues encrypted, off plain HTTP, and dead letters for as long as SQS keeps any', () => {
    const queues = propertiesOf(template, 'AWS::SQS::Queue');
    expect(queues).toHaveLength(2);
    for (const queue of queues) expect(queue).toMatchObject({ SqsManagedSseEnabled: true });
    expect(queues[0]).toMatchObject({ MessageRetentionPeriod: 1_209_600 });
    expect(queues[1]).toMatchObject({ VisibilityTimeout: 182, RedrivePolicy: { maxReceiveCount: 17 } });
    for (const policy of propertiesOf(template, 'AWS::SQS::QueuePolicy'))
      expect(policy).toMatchObject({
        PolicyDocument: {
          Statement: [{ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
        },
      });
    template.resourceCountIs('AWS::SQS::QueuePolicy', 2);
  });

  it('takes flushes in batches, two invocations at a time, and says which of them failed', () => {
    template.hasResourceProperties(MAPPING, {
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('Flushes'), 'Arn'] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
      MaximumBatchingWindowInSeconds: 2,
    });
  });

  it('has an alarm for a failed flush of this function, for dead letters, and for changes that wait', () => {
    const name = { Ref: expect.stringContaining('RevocationHandlerFunction') };
    expect(propertiesOf(template, 'AWS::CloudWatch::Alarm')).toMatchObject(
      [
        {
          MetricName: 'FlushFailed',
          Namespace: 'JwtAuthorizer',
          Statistic: 'Sum',
          Threshold: 1,
          Period: 60,
          Dimensions: [{ Name: 'FunctionName', Value: name }],
        },
        {
          MetricName: 'ApproximateNumberOfMessagesVisible',
          Namespace: 'AWS/SQS',
          Threshold: 1,
          Dimensions: [
            {
              Name: 'QueueName',
              Value: { 'Fn::GetAtt': [expect.stringContaining('DeadLetters'), 'QueueName'] },
            },
          ],
        },
        {
          MetricName: 'IteratorAge',
          Namespace: 'AWS/Lambda',
          Threshold: 60_000,
          Dimensions: [{ Name: 'FunctionName', Value: name }],
        },
      ].map((alarm) => ({
        ...alarm,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
      })),
    );
  });

  it('keeps no log for ever', () => {
    for (const group of propertiesOf(template, 'AWS::Logs::LogGroup'))
      expect(group).toHaveProperty('RetentionInDays');
  });

  it('says how long what is taken away may still count', () => {
    expect(template.findOutputs('RevocationBound')['RevocationBound']?.['Value']).toMatch(
      /60 s .* 10 s .* = 70 s .* 370 s/,
    );
  });
});

describe('there is nothing to flush', () => {
  it.each([
    ['without a table', { jwt: UNCONTROLLED }],
    ['where API Gateway keeps nothing', { ...CONTROLLED, authorizerCacheSeconds: 0 }],
    ['where callers may be anonymous', { jwt: { ...CONTROLLED.jwt, passThrough: true } }],
  ])('%s', (_, file) => {
    const stack = stackOf(file);
    expect(stack.revocation).toBeUndefined();
    const template = Template.fromStack(stack);
    template.resourceCountIs(MAPPING, 0);
    template.resourceCountIs('AWS::SQS::Queue', 0);
    for (const table of propertiesOf(template, TABLE))
      expect(table).not.toHaveProperty('StreamSpecification');
    expect(Object.keys(template.findOutputs('RevocationBound'))).toHaveLength(1);
  });
});

it('a function that remembers nothing flushes again all the same, for those at work', () => {
  const { Environment } = functionWith(
    templateOf({ ...CONTROLLED, credentialCacheSeconds: 0 }),
    'FLUSH_STAGES',
  );
  expect(Environment?.['Variables']).toMatchObject({ FLUSH_AGAIN_SECONDS: '11' });
});

describe('a construct of its own', () => {
  const env = { account: '111122223333', region: 'eu-west-1' };
  const keys = {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
  };
  const make = (stack: Stack, table: ConstructorParameters<typeof Revocation>[2]['table'], more = {}) =>
    new Revocation(stack, 'Revocation', {
      table,
      stages: [{ restApiId: 'abcdef1234', stageName: 'prod' }],
      bound: BOUND,
      bundleFolder: placeholderBundle(),
      ...more,
    });

  it('of a table whose stream is not known is refused', () => {
    const stack = new Stack(newApp(), 'S', { env });
    const tableArn = 'arn:aws:dynamodb:eu-west-1:111122223333:table/credentials';
    expect(() => make(stack, TableV2.fromTableArn(stack, 'Table', tableArn))).toThrow('no stream');
  });

  it('takes more stages later, and the function understands what it is told', () => {
    const stack = new Stack(newApp(), 'S', { env });
    const table = new TableV2(stack, 'Table', { ...keys, dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES });
    const revocation = make(stack, table);
    revocation.addStage({ restApiId: 'zyxwvu9876', stageName: 'live-2' });
    const template = Template.fromStack(stack);
    const { Environment } = functionWith(template, 'FLUSH_STAGES');
    const variables = Environment?.['Variables'] as Record<string, string>;
    expect(settingsFrom({ ...variables, FLUSH_QUEUE_URL: 'https://q.example' })).toMatchObject({
      stages: [
        { restApiId: 'abcdef1234', stageName: 'prod' },
        { restApiId: 'zyxwvu9876', stageName: 'live-2' },
      ],
      flushAgainSeconds: 71,
    });
    const policies = JSON.stringify(propertiesOf(template, 'AWS::IAM::Policy'));
    for (const stage of ['abcdef1234/stages/prod', 'zyxwvu9876/stages/live-2'])
      expect(policies).toContain(`:apigateway:eu-west-1::/restapis/${stage}/cache/authorizers"`);
  });

  it('refuses a stage whose name would say more in a policy', () => {
    const stack = new Stack(newApp(), 'S', { env });
    const table = new TableV2(stack, 'Table', { ...keys, dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES });
    make(stack, table, { stages: [{ restApiId: '*', stageName: 'prod' }] });
    expect(() => Template.fromStack(stack)).toThrow('no name of an API or a stage');
  });

  it('tells whom it is told to tell', () => {
    const stack = new Stack(newApp(), 'S', { env });
    const table = new TableV2(stack, 'Table', { ...keys, dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES });
    make(stack, table, { alarmActions: [new SnsAction(new Topic(stack, 'Topic'))] });
    for (const alarm of propertiesOf(Template.fromStack(stack), 'AWS::CloudWatch::Alarm'))
      expect(alarm).toMatchObject({ AlarmActions: [{ Ref: expect.stringContaining('Topic') }] });
  });

  it('flushes the stages of its region, on the stream of its region’s replica', () => {
    const app = newApp();
    const home = new Stack(app, 'Home', { env });
    const table = new TableV2(home, 'Table', {
      ...keys,
      tableName: 'credentials',
      replicas: [{ region: 'us-east-1' }],
    });
    const away = new Stack(app, 'Away', { env: { ...env, region: 'us-east-1' } });
    make(home, table);
    const replica = table.replica('us-east-1');
    expect(() => make(away, replica)).toThrow('describe-table');
    const tableStreamArn = `arn:aws:dynamodb:us-east-1:111122223333:table/credentials/stream/2026-11-22T08:00:00.000`;
    const stages = [{ restApiId: 'usapi12345', stageName: 'prod' }];
    const inAway = new Stack(app, 'InAway', { env: { ...env, region: 'us-east-1' } });
    make(inAway, { tableArn: replica.tableArn, tableStreamArn }, { stages });
    const streamOf = (stack: Stack) =>
      propertiesOf(Template.fromStack(stack), MAPPING)
        .filter(({ StartingPosition }) => StartingPosition)
        .map(({ EventSourceArn }) => EventSourceArn);
    expect(streamOf(home)).toEqual([{ 'Fn::GetAtt': [expect.any(String), 'StreamArn'] }]);
    expect(streamOf(inAway)).toEqual([tableStreamArn]);
    const { Environment } = functionWith(Template.fromStack(inAway), 'FLUSH_STAGES');
    expect(Environment?.['Variables']).toMatchObject({ FLUSH_STAGES: 'usapi12345/prod' });
    const policies = JSON.stringify(propertiesOf(Template.fromStack(inAway), 'AWS::IAM::Policy'));
    expect(policies).toContain(':apigateway:us-east-1::/restapis/usapi12345/stages/prod/cache/authorizers');
    expect(policies).not.toContain('eu-west-1');
  });
});
