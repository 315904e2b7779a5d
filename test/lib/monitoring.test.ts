import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { LogGroupLogDestination, MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { DENIALS } from '../../lambda/authorizer/denial.ts';
import { accessLogFormat, JwtAuthorizer, KeySource, type MonitoringOptions } from '../../lib/index.ts';
import {
  configurationOf,
  firstOf,
  newApp,
  PUBLIC_KEY,
  placeholderBundle,
  propertiesOf,
  templateOf,
  UNCONTROLLED,
} from './support.ts';

const ALARM = 'AWS::CloudWatch::Alarm';
const DASHBOARD = 'AWS::CloudWatch::Dashboard';
const CONTROLLED = { secretOrPublicKey: PUBLIC_KEY };

/** By the part of the logical id that names it. */
function alarmOf(template: Template, name: string): Record<string, unknown> {
  const found = Object.entries(template.findResources(ALARM)).filter(([id]) =>
    id.includes(`Monitoring${name}`),
  );
  expect(found.map(([id]) => id)).toHaveLength(1);
  return found[0]?.[1]['Properties'];
}

const FUNCTION_NAME = {
  Name: 'FunctionName',
  Value: { Ref: expect.stringMatching(/^AuthorizerFunction(?!Version)/) },
};

describe('the alarms of a stack', () => {
  const template = templateOf({ jwt: UNCONTROLLED });

  it('are on the function’s own metrics and its API’s, and none on Lambda’s Errors', () => {
    expect(alarmOf(template, 'Unavailable')).toMatchObject({
      Namespace: 'JwtAuthorizer',
      MetricName: 'Unavailable',
      Dimensions: [FUNCTION_NAME],
      Statistic: 'Sum',
      Period: 60,
      Threshold: 1,
      EvaluationPeriods: 1,
    });
    expect(alarmOf(template, 'KeyRefreshFailed')).toMatchObject({
      MetricName: 'KeyRefreshFailed',
      Dimensions: [FUNCTION_NAME],
      Period: 300,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
    });
    expect(alarmOf(template, 'Throttled')).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'Throttles',
      Dimensions: [FUNCTION_NAME],
      Statistic: 'Sum',
    });
    expect(alarmOf(template, 'ServerErrors')).toMatchObject({
      Namespace: 'AWS/ApiGateway',
      MetricName: '5XXError',
      Dimensions: [{ Name: 'ApiName' }, { Name: 'Stage', Value: { Ref: expect.stringContaining('prod') } }],
      Statistic: 'Average',
      Threshold: 0.05,
      EvaluationPeriods: 3,
    });
    expect(propertiesOf(template, ALARM).map(({ MetricName }) => MetricName)).not.toContain('Errors');
  });

  it('take silence for peace, a point at the threshold for trouble, and have nobody to tell', () => {
    expect(propertiesOf(template, ALARM)).toHaveLength(7);
    for (const alarm of propertiesOf(template, ALARM)) {
      expect(alarm).toMatchObject({
        TreatMissingData: 'notBreaching',
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        AlarmDescription: expect.stringMatching(/\w{3}/),
      });
      expect(alarm).not.toHaveProperty('AlarmActions');
    }
  });

  it('count what API Gateway refused for want of an answer, in the access log of the stage', () => {
    const filter = firstOf(template, 'AWS::Logs::MetricFilter');
    expect(filter).toMatchObject({
      FilterPattern:
        '{ ($.errorType = "AUTHORIZER_FAILURE") || ($.errorType = "AUTHORIZER_CONFIGURATION_ERROR") }',
      MetricTransformations: [
        {
          MetricNamespace: 'JwtAuthorizer',
          MetricName: 'AuthorizerFailed',
          MetricValue: '1',
          Dimensions: [{ Key: 'ApiId', Value: '$.apiId' }],
        },
      ],
    });
    const { DestinationArn, Format } = firstOf(template, 'AWS::ApiGateway::Stage')['AccessLogSetting'] as {
      DestinationArn: object;
      Format: string;
    };
    const { Ref: log } = filter['LogGroupName'] as { Ref: string };
    expect(JSON.stringify(DestinationArn)).toContain(`"${log}"`);
    expect(JSON.parse(Format)).toMatchObject({
      apiId: '$context.apiId',
      errorType: '$context.error.responseType',
    });
    expect(alarmOf(template, 'AuthorizerFailed')).toMatchObject({
      MetricName: 'AuthorizerFailed',
      Dimensions: [{ Name: 'ApiId', Value: { Ref: expect.stringMatching(/^RestApi/) } }],
    });
  });

  it('call decisions slow that take half of the time that they may, or as they are told', () => {
    expect(alarmOf(template, 'Slow')).toMatchObject({
      MetricName: 'Duration',
      ExtendedStatistic: 'p99',
      Threshold: 5000,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
    });
    const monitoring = { slowAfter: Duration.millis(200) };
    expect(alarmOf(templateOf({ jwt: UNCONTROLLED }, { monitoring }), 'Slow')).toMatchObject({
      Threshold: 200,
    });
  });

  it('call it many that are denied when they are half of the requests and a hundred, or as they are told', () => {
    const spike = (monitoring?: MonitoringOptions) => {
      const alarm = alarmOf(templateOf({ jwt: UNCONTROLLED }, { monitoring }), 'ManyDenied');
      const metrics = alarm['Metrics'] as { Expression?: string }[];
      return { Threshold: alarm['Threshold'], expression: metrics[0]?.Expression };
    };
    expect(spike()).toEqual({
      Threshold: 50,
      expression: 'IF(FILL(denied, 0) >= 100, 100 * FILL(denied, 0) / requests, 0)',
    });
    expect(spike({ deniedPercent: 5, deniedAtLeast: 1000 })).toEqual({
      Threshold: 5,
      expression: 'IF(FILL(denied, 0) >= 1000, 100 * FILL(denied, 0) / requests, 0)',
    });
  });
});

describe('the alarm of an outage that is bridged', () => {
  const bridged = (jwt: object) => templateOf({ jwt, staleCredentialSeconds: 3600 });

  it.each([
    ['credentials', CONTROLLED],
    ['revocations alone', { ...UNCONTROLLED, tokenRevocation: true }],
  ])('is on what was served of %s, in three of five minutes', (_, jwt) => {
    expect(alarmOf(bridged(jwt), 'StaleCredentials')).toMatchObject({
      Metrics: [
        {
          MetricStat: {
            Metric: {
              Namespace: 'JwtAuthorizer',
              MetricName: 'CredentialLookup_stale',
              Dimensions: [FUNCTION_NAME],
            },
            Stat: 'Sum',
            Period: 60,
          },
          ReturnData: true,
        },
      ],
      Threshold: 1,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  it('is there only where outages are bridged', () => {
    const alarmsOf = (template: Template) => JSON.stringify(propertiesOf(template, ALARM));
    for (const off of [
      { jwt: CONTROLLED },
      { jwt: CONTROLLED, staleCredentialSeconds: 0 },
      { jwt: UNCONTROLLED, staleCredentialSeconds: 3600 },
    ])
      expect(alarmsOf(templateOf(off))).not.toContain('CredentialLookup_stale');
    const unwatched = templateOf({ jwt: CONTROLLED, staleCredentialSeconds: 3600 }, { monitoring: false });
    expect(alarmsOf(unwatched)).not.toContain('CredentialLookup_stale');
  });
});

it('all alarms tell whom they are told to tell, those of the flushes too', () => {
  const alarmActions = [{ bind: () => ({ alarmActionArn: 'arn:aws:sns:eu-west-1:111122223333:ops' }) }];
  const alarms = propertiesOf(templateOf({ jwt: CONTROLLED }, { monitoring: { alarmActions } }), ALARM);
  expect(alarms).toHaveLength(10);
  for (const alarm of alarms)
    expect(alarm['AlarmActions']).toEqual(['arn:aws:sns:eu-west-1:111122223333:ops']);
});

it('a stack without monitoring has the alarms of its flushes, and no dashboard', () => {
  const template = templateOf({ jwt: CONTROLLED }, { monitoring: false });
  template.resourceCountIs(ALARM, 3);
  template.resourceCountIs(DASHBOARD, 0);
  template.resourceCountIs('AWS::Logs::MetricFilter', 0);
});

describe('the dashboard', () => {
  const textOf = (file: Record<string, unknown>) =>
    JSON.stringify(firstOf(templateOf(file), DASHBOARD)['DashboardBody']).replaceAll('\\"', '"');

  it('shows every denial code, the outcomes, the times and the errors', () => {
    const text = textOf({ jwt: UNCONTROLLED });
    for (const code of Object.keys(DENIALS)) expect(text).toContain(`"Denied_${code}"`);
    for (const name of ['Allowed', 'Denied', 'Unavailable', 'Duration', 'Latency', '4XXError', '5XXError'])
      expect(text).toContain(`"${name}"`);
    expect(text).toContain('"Allowed_inline"');
    expect(text).not.toContain('"Allowed_discovery"');
  });

  it.each([
    ['CredentialLookup_remembered', { jwt: CONTROLLED }, { jwt: UNCONTROLLED }],
    ['CredentialLookup_stale', { jwt: CONTROLLED, staleCredentialSeconds: 3600 }, { jwt: CONTROLLED }],
    ['FlushFailed', { jwt: CONTROLLED }, { jwt: CONTROLLED, authorizerCacheSeconds: 0 }],
    [
      'KeyRefreshFailed_discovery',
      {
        jwt: {
          discovery: true,
          issuer: 'https://id.example',
          audience: 'a',
          checkCredentialExistence: false,
        },
      },
      { jwt: UNCONTROLLED },
    ],
  ])('shows %s where there is such a thing, and only there', (name, file, other) => {
    expect(textOf(file)).toContain(`"${name}"`);
    expect(textOf(other)).not.toContain(`"${name}"`);
  });

  it('has the name that it is given', () => {
    const template = templateOf({ jwt: UNCONTROLLED }, { monitoring: { dashboardName: 'orders' } });
    template.hasResourceProperties(DASHBOARD, { DashboardName: 'orders' });
  });
});

describe('JwtAuthorizer.addMonitoring', () => {
  const world = () => {
    const app = newApp();
    const stack = new Stack(app, 'One');
    const other = new Stack(app, 'Two');
    const auth = new JwtAuthorizer(stack, 'Auth', {
      policies: [{ keySource: KeySource.publicKey(PUBLIC_KEY), checkCredentialExistence: false }],
      bundleFolder: placeholderBundle(),
    });
    const api = (id: string, scope = stack, log?: LogGroup) => {
      const made = new RestApi(scope, id, {
        cloudWatchRole: false,
        ...(log && {
          deployOptions: {
            accessLogDestination: new LogGroupLogDestination(log),
            accessLogFormat: accessLogFormat(),
          },
        }),
      });
      made.root.addMethod('GET', new MockIntegration(), auth.forApi(made).methodOptions);
      return made;
    };
    return { stack, other, auth, api };
  };

  it('watches the APIs of a stack together, and tells a topic', () => {
    const { stack, auth, api } = world();
    const accessLog = new LogGroup(stack, 'Log');
    auth.addMonitoring([{ api: api('A', stack, accessLog), accessLog }, { api: api('B') }], {
      alarmActions: [new SnsAction(new Topic(stack, 'Topic'))],
    });
    const template = Template.fromStack(stack);
    template.resourceCountIs(DASHBOARD, 1);
    const alarms = propertiesOf(template, ALARM);
    const named = (name: string) => alarms.filter(({ MetricName }) => MetricName === name);
    expect(named('Unavailable')).toHaveLength(1);
    expect(named('5XXError').map(({ Dimensions }) => Dimensions)).toMatchObject([
      [{ Value: 'A' }, { Name: 'Stage' }],
      [{ Value: 'B' }, { Name: 'Stage' }],
    ]);
    expect(named('AuthorizerFailed')).toHaveLength(1);
    for (const alarm of alarms)
      expect(alarm).toMatchObject({ AlarmActions: [{ Ref: expect.stringContaining('Topic') }] });
    expect(JSON.stringify(alarms)).toContain('"FILL(mcount0, 0) + FILL(mcount1, 0)"');
  });

  it('is for one stack at a time', () => {
    const { stack, other, auth, api } = world();
    const a = api('A');
    const b = api('B', other);
    expect(() => auth.addMonitoring([{ api: a }, { api: b }])).toThrow('one stack at a time');
    expect(() => auth.addMonitoring([])).toThrow('one stack at a time');
    auth.addMonitoring([{ api: a }]);
    auth.addMonitoring([{ api: b }]);
    for (const each of [stack, other]) Template.fromStack(each).resourceCountIs(DASHBOARD, 1);
  });

  it('needs to know which stage', () => {
    const { stack, auth } = world();
    const api = new RestApi(stack, 'Api', { deploy: false });
    expect(() => auth.addMonitoring([{ api }])).toThrow('which stage');
  });
});

describe('X-Ray', () => {
  const ACTIONS = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'];

  it('is off by default, and asks for no permission', () => {
    const template = templateOf({ jwt: UNCONTROLLED });
    expect(firstOf(template, 'AWS::Lambda::Function')).not.toHaveProperty('TracingConfig');
    expect(firstOf(template, 'AWS::ApiGateway::Stage')).not.toHaveProperty('TracingEnabled');
    expect(JSON.stringify(template.toJSON())).not.toContain('xray:');
  });

  it('is on for the function and the stage together, and traces no data', () => {
    const template = templateOf({ jwt: UNCONTROLLED }, { tracing: true });
    template.hasResourceProperties('AWS::Lambda::Function', { TracingConfig: { Mode: 'Active' } });
    expect(firstOf(template, 'AWS::ApiGateway::Stage')).toMatchObject({
      TracingEnabled: true,
      MethodSettings: [{ DataTraceEnabled: false, LoggingLevel: 'OFF' }],
    });
    const statements = propertiesOf(template, 'AWS::IAM::Policy').flatMap(
      (policy) => (policy['PolicyDocument'] as { Statement: object[] }).Statement,
    );
    expect(statements).toContainEqual({ Effect: 'Allow', Action: ACTIONS, Resource: '*' });
  });

  it('is the construct’s to choose too', () => {
    const stack = new Stack(newApp(), 'S');
    const auth = new JwtAuthorizer(stack, 'Auth', {
      configuration: configurationOf({ jwt: UNCONTROLLED }),
      tracing: Tracing.PASS_THROUGH,
      bundleFolder: placeholderBundle(),
    });
    const api = new RestApi(stack, 'Api', { cloudWatchRole: false });
    api.root.addMethod('GET', new MockIntegration(), auth.forApi(api).methodOptions);
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      TracingConfig: { Mode: 'PassThrough' },
    });
  });
});
