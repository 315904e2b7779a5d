import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { PUBLIC_KEY, placeholderBundle, propertiesOf, stackOf, templateOf, UNCONTROLLED } from './support.ts';

const RESTAPI = { id: 'a1b2c3d4e5', stages: ['prod', 'beta'] };
const FILE = { jwt: UNCONTROLLED, restApi: RESTAPI };
const ACTIONS = [{ bind: () => ({ alarmActionArn: 'arn:aws:sns:eu-west-1:111122223333:ops' }) }];
const ATTACHMENT = 'Custom::JwtAuthorizerAttachment';

describe('a stack whose configuration names an API that exists', () => {
  const template = templateOf(FILE);

  it('attaches to it, and makes none', () => {
    template.resourceCountIs('AWS::ApiGateway::RestApi', 0);
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
    template.hasResourceProperties(ATTACHMENT, { RestApiId: RESTAPI.id });
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 hour)' });
  });

  it('has outputs with stable names, which the commands read', () => {
    expect(Object.keys(template.findOutputs('*')).sort()).toEqual([
      'AttachedRestApiId',
      'AttachmentJournalTable',
      'AuthorizerFunctionArn',
      'AuthorizerFunctionName',
      'AuthorizerLogGroup',
      'InvokeRoleArn',
      'RevocationBound',
    ]);
  });

  it('has the same function, and the same version of it, whatever is selected', () => {
    const bundleFolder = placeholderBundle();
    const idsOf = (restApi: object) =>
      ['AWS::Lambda::Version', ATTACHMENT].map((type) =>
        Object.keys(templateOf({ jwt: UNCONTROLLED, restApi }, { bundleFolder }).findResources(type)),
      );
    const selected = { ...RESTAPI, routes: ['GET /orders'], takeOver: true, onDetach: 'deny' };
    expect(idsOf(selected)).toEqual(idsOf(RESTAPI));
  });

  it('passes on what the section says', () => {
    const restApi = { ...RESTAPI, routes: ['ANY /a/*', '!GET /a/b'], deployPendingChanges: true };
    const [properties] = propertiesOf(templateOf({ jwt: UNCONTROLLED, restApi }), ATTACHMENT);
    const wish = JSON.stringify(properties?.['Wish']).replaceAll('\\', '');
    for (const part of [
      '"stages":["prod","beta"]',
      '{"excludes":false,"httpMethod":"ANY","path":"/a/{proxy+}"},{"excludes":true,"httpMethod":"GET","path":"/a/b"}',
      '"takeOver":false',
      '"deployPendingChanges":true',
      '"onDetach":"restore"',
    ])
      expect(wish).toContain(part);
  });

  it.each([
    ['with the command', { attachWith: 'command' }, 0, 0],
    ['without a drift check', { driftCheck: false }, 1, 0],
    ['with one that attaches again', { driftCheck: { everyMinutes: 5, reattach: true } }, 1, 1],
  ])('%s', (_, more, attachments, rules) => {
    const made = templateOf({ jwt: UNCONTROLLED, restApi: { ...RESTAPI, ...more } });
    made.resourceCountIs(ATTACHMENT, attachments);
    made.resourceCountIs('AWS::Events::Rule', rules);
    expect(Object.keys(made.findOutputs('*'))).toContain('AttachmentJournalTable');
  });

  it('flushes the attached stages, and keeps the table’s stream for it', () => {
    const controlled = templateOf({ jwt: { secretOrPublicKey: PUBLIC_KEY }, restApi: RESTAPI });
    expect(JSON.stringify(propertiesOf(controlled, 'AWS::Lambda::Function'))).toContain(
      '"FLUSH_STAGES":"a1b2c3d4e5/prod,a1b2c3d4e5/beta"',
    );
  });

  it('lets the Admin API look after API Gateway’s log role, which no other API of the stack does', () => {
    const file = { jwt: { secretOrPublicKey: PUBLIC_KEY }, restApi: RESTAPI, adminApi: true };
    templateOf(file).resourceCountIs('AWS::ApiGateway::Account', 1);
    templateOf(file, { restApi: { cloudWatchRole: false } }).resourceCountIs('AWS::ApiGateway::Account', 0);
  });
});

describe('its monitoring', () => {
  const alarmsOf = (template: Template) =>
    propertiesOf(template, 'AWS::CloudWatch::Alarm').map(({ MetricName, AlarmActions }) => [
      MetricName,
      (AlarmActions as unknown[] | undefined)?.length ?? 0,
    ]);

  it('has what the function and the drift check count, and nothing of the API, which is its owner’s', () => {
    const template = templateOf(FILE, { monitoring: { alarmActions: ACTIONS } });
    expect(alarmsOf(template).sort()).toEqual([
      ['DriftedMethods', 1],
      ['Duration', 1],
      ['Errors', 1],
      ['KeyRefreshFailed', 1],
      ['Throttles', 1],
      ['Unavailable', 1],
    ]);
    const dashboard = JSON.stringify(propertiesOf(template, 'AWS::CloudWatch::Dashboard'));
    expect(dashboard).toContain('DriftedMethods');
    expect(dashboard).not.toContain('AWS/ApiGateway');
  });

  it('where it is not wanted, leaves the alarms of the drift check, which can tell all the same', () => {
    const template = templateOf(FILE, {
      monitoring: false,
      attachment: { bundleFolder: placeholderBundle(), alarmActions: ACTIONS },
    });
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
    expect(alarmsOf(template).sort()).toEqual([
      ['DriftedMethods', 1],
      ['Errors', 1],
    ]);
  });
});

// CloudFormation gives anything else back as `?`, in outputs too: aws-cloudformation/cloudformation-coverage-roadmap#814.
it('has nothing but ASCII in its template', () => {
  const file = { jwt: { secretOrPublicKey: PUBLIC_KEY }, restApi: RESTAPI, adminApi: true };
  const template = Template.fromStack(stackOf(file));
  expect(JSON.stringify(template.toJSON()).match(/.{0,30}[^ -~].{0,30}/g)).toBeNull();
});
