import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../lambda/attachment/attachment-request.ts';
import {
  ExistingRestApi,
  type ExistingRestApiProps,
  JwtAuthorizer,
  JwtAuthorizerPropsError,
} from '../../lib/index.ts';
import {
  configurationOf,
  firstOf,
  newApp,
  PUBLIC_KEY,
  placeholderBundle,
  propertiesOf,
  UNCONTROLLED,
} from './support.ts';

const ATTACHMENT = 'Custom::JwtAuthorizerAttachment';
const API = 'a1b2c3d4e5';
const CONTROLLED = { secretOrPublicKey: PUBLIC_KEY };
/** One for all: a template then depends on the props alone. */
const FOLDER = placeholderBundle();

function authorizerIn(stack: Stack, jwt: object = UNCONTROLLED, more: object = {}): JwtAuthorizer {
  return new JwtAuthorizer(stack, 'Auth', {
    configuration: configurationOf({ jwt }),
    bundleFolder: FOLDER,
    revocation: { bundleFolder: FOLDER },
    ...more,
  });
}

type Props = Partial<Omit<ExistingRestApiProps, 'authorizer'>>;

function attached(props: Props = {}, jwt: object = UNCONTROLLED) {
  const stack = new Stack(newApp(), 'Attaching');
  const api = new ExistingRestApi(stack, 'Orders', {
    restApi: { restApiId: API },
    stages: ['prod', 'beta'],
    authorizer: authorizerIn(stack, jwt),
    bundleFolder: FOLDER,
    ...props,
  });
  return { stack, api, template: Template.fromStack(stack) };
}

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** The statements of all policies that are a role's, by the part of the role's logical id. */
function statementsOf(template: Template, role: string): readonly Statement[] {
  return propertiesOf(template, 'AWS::IAM::Policy')
    .filter(({ Roles }) => JSON.stringify(Roles).includes(role))
    .flatMap(({ PolicyDocument }) => (PolicyDocument as { Statement: Statement[] }).Statement);
}

/** `PATCH /restapis/ID/…`, for each verb and resource on API Gateway. */
function callsOf(statements: readonly Statement[]): readonly string[] {
  return statements
    .flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => [Resource].flat().map((resource) => [action, resource] as const)),
    )
    .filter(([action]) => action.startsWith('apigateway:'))
    .map(([action, resource]) => {
      const [, parts] = (resource as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
      expect(parts.slice(0, 4)).toEqual([
        'arn:',
        { Ref: 'AWS::Partition' },
        ':apigateway:',
        { Ref: 'AWS::Region' },
      ]);
      return `${action.slice('apigateway:'.length)} ${parts.slice(4).map(textOf).join('')}`.replace(
        ' ::',
        ' ',
      );
    })
    .sort();
}

const textOf = (part: unknown) => (typeof part === 'string' ? part : JSON.stringify(part));

/** The wish as the function reads it. */
function wishIn(template: Template) {
  const { Wish, RestApiId } = firstOf(template, ATTACHMENT);
  const joined =
    typeof Wish === 'string' ? Wish : (Wish as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
  const json = [joined]
    .flat()
    .map((part) => (typeof part === 'string' ? part : refOf(part)))
    .join('');
  const request = parseRequest({
    RequestType: 'Create',
    StackId: 'stack',
    LogicalResourceId: 'resource',
    ResourceProperties: { ServiceToken: '', RestApiId, Wish: json },
  } as never);
  if (request.kind !== 'attach') throw new Error('no wish');
  return request.wish;
}

const refOf = (part: unknown): string => {
  const { Ref, 'Fn::GetAtt': attribute } = part as { Ref?: string; 'Fn::GetAtt'?: string[] };
  return Ref ?? (attribute ?? []).join('.');
};

describe('the custom resource', () => {
  it('asks for what the props say, in words that the function reads', () => {
    const { template } = attached({
      routes: ['GET /orders/*', '!GET /orders/health'],
      takeOver: true,
      onDetach: 'deny',
    });
    expect(wishIn(template)).toEqual({
      restApiId: API,
      owner: 'stack/resource',
      stages: ['prod', 'beta'],
      selectors: [
        { excludes: false, httpMethod: 'GET', path: '/orders/{proxy+}' },
        { excludes: true, httpMethod: 'GET', path: '/orders/health' },
      ],
      keyed: {
        policies: [
          { tokenPlace: { in: 'header', name: 'Authorization', scheme: 'Bearer' }, passThrough: false },
        ],
        routes: [],
        authorizerCacheSeconds: 300,
      },
      handler: {
        functionArn: expect.stringMatching(/^AuthAuthorizerFunctionCurrentVersion/),
        invokeRoleArn: expect.stringMatching(/^OrdersInvokeRole.*\.Arn$/),
      },
      takeOver: true,
      deployPendingChanges: false,
      onDetach: 'deny',
    });
  });

  it('has no key in it', () => {
    expect(JSON.stringify(firstOf(attached().template, ATTACHMENT))).not.toMatch(/BEGIN|MII/);
  });

  it('is made after, and deleted before, all that it needs', () => {
    const { template } = attached();
    const [resource] = Object.values(template.findResources(ATTACHMENT));
    const needed: string[] = resource?.['DependsOn'];
    const others = Object.entries(template.toJSON()['Resources'] as Record<string, { Type: string }>)
      .filter(([, { Type }]) => !['AWS::Events::Rule', ATTACHMENT].includes(Type))
      .map(([id]) => id)
      // What looks after it comes later: a rule, its permission, alarms; its function may be anywhere.
      .filter((id) => !id.startsWith('OrdersDriftCheck'));
    expect([...needed].sort()).toEqual(others.sort());
    for (const type of ['AWS::Events::Rule'])
      for (const rule of Object.values(template.findResources(type)))
        expect(rule['DependsOn']).toEqual([Object.keys(template.findResources(ATTACHMENT))[0]]);
  });

  it('of another API is another one, with permissions of its own, and the same journal and functions', () => {
    const idsOf = (restApiId: string) =>
      Object.keys(attached({ restApi: { restApiId } }).template.toJSON()['Resources']);
    const [one, other] = [idsOf(API), idsOf('zzzzzzzzzz')];
    const changed = one.filter((id) => !other.includes(id));
    expect(changed).toHaveLength(3);
    for (const id of changed) expect(id).toMatch(/^OrdersApi[0-9a-f]{8}(Attachment|Read|Change)/);
  });

  it('of other stages, routes and settings is the same one', () => {
    const idsOf = (props: Props) => Object.keys(attached(props).template.toJSON()['Resources']);
    const { stages, routes } = { stages: ['other'], routes: ['GET /a'] };
    expect(idsOf({ stages, routes, onDetach: 'deny', takeOver: true })).toEqual(idsOf({}));
  });

  it('takes the id of an API that another construct imports', () => {
    const stack = new Stack(newApp(), 'Attaching');
    const restApi = RestApi.fromRestApiId(stack, 'Imported', API);
    new ExistingRestApi(stack, 'Orders', {
      restApi,
      stages: ['prod'],
      authorizer: authorizerIn(stack),
      bundleFolder: FOLDER,
    });
    expect(firstOf(Template.fromStack(stack), ATTACHMENT)).toMatchObject({ RestApiId: API });
  });

  it('has an hour, and three runs of fifteen minutes; then somebody else answers', () => {
    const { template } = attached();
    expect(firstOf(template, ATTACHMENT)).toMatchObject({ ServiceTimeout: '3600' });
    const [handler] = propertiesOf(template, 'AWS::Lambda::Function').filter(
      ({ Handler, Description }) => Handler === 'index.handler' && String(Description).startsWith('Puts'),
    );
    expect(handler).toMatchObject({ Timeout: 900 });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 3600,
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': [Match.stringLikeRegexp('GivenUp'), 'Arn'] } },
      },
    });
  });
});

describe('what it may do', () => {
  const READ = [
    `GET /restapis/${API}`,
    `GET /restapis/${API}/authorizers`,
    `GET /restapis/${API}/deployments`,
    `GET /restapis/${API}/deployments/*`,
    `GET /restapis/${API}/resources`,
    `GET /restapis/${API}/resources/*`,
    `GET /restapis/${API}/stages`,
    `GET /restapis/${API}/stages/*`,
  ];
  const CHANGE = [
    `DELETE /restapis/${API}/authorizers/*`,
    `DELETE /restapis/${API}/deployments/*`,
    `DELETE /restapis/${API}/stages/*/cache/authorizers`,
    `PATCH /restapis/${API}/authorizers/*`,
    `PATCH /restapis/${API}/resources/*/methods/*`,
    `PATCH /restapis/${API}/stages/*`,
    `POST /restapis/${API}/authorizers`,
    `POST /restapis/${API}/deployments`,
  ];

  it('is reading the one API, and changing its methods’ protection, its authorizers, and what its stages serve', () => {
    const { template } = attached();
    expect(callsOf(statementsOf(template, 'OrdersHandlerRole'))).toEqual([...CHANGE, ...READ].sort());
  });

  it('is reading alone for the drift check, unless that attaches again', () => {
    const role = 'OrdersDriftCheckRole';
    const looking = statementsOf(attached().template, role);
    expect(callsOf(looking)).toEqual(READ);
    expect(JSON.stringify(looking)).not.toMatch(/PutItem|UpdateItem|DeleteItem|PassRole/);
    const again = statementsOf(attached({ driftCheck: { reattach: true } }).template, role);
    expect(callsOf(again)).toEqual([...CHANGE, ...READ].sort());
    expect(JSON.stringify(again)).toContain('iam:PassRole');
  });

  it('is passing one role, which API Gateway alone may take, and which may invoke the one function', () => {
    const { template } = attached();
    const passing = statementsOf(template, 'OrdersHandlerRole').filter(
      ({ Action }) => Action === 'iam:PassRole',
    );
    const invokeRole = { 'Fn::GetAtt': [expect.stringMatching(/^OrdersInvokeRole/), 'Arn'] };
    expect(passing).toEqual([{ Effect: 'Allow', Action: 'iam:PassRole', Resource: invokeRole }]);
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'apigateway.amazonaws.com' } }] },
    });
    expect(statementsOf(template, 'OrdersInvokeRole')).toEqual([
      {
        Effect: 'Allow',
        Action: 'lambda:InvokeFunction',
        Resource: {
          'Fn::Join': [
            '',
            [{ 'Fn::GetAtt': [expect.stringMatching(/^AuthAuthorizerFunction/), 'Arn'] }, ':*'],
          ],
        },
      },
    ]);
  });
});

describe('what outlives a deployment', () => {
  it('the journal: kept, protected, and recoverable', () => {
    const { template } = attached();
    const [journal] = Object.values(template.findResources('AWS::DynamoDB::GlobalTable'));
    expect(journal).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        KeySchema: [
          { AttributeName: 'restApiId', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        BillingMode: 'PAY_PER_REQUEST',
        Replicas: [
          {
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          },
        ],
      },
    });
  });

  it('each version of the function, which an old deployment of the API may still invoke', () => {
    const [version] = Object.values(attached().template.findResources('AWS::Lambda::Version'));
    expect(version).toMatchObject({ DeletionPolicy: 'Retain' });
  });
});

describe('the drift check', () => {
  it('looks once an hour, and tells of what it finds and of what it cannot see', () => {
    const { template } = attached();
    expect(firstOf(template, 'AWS::Events::Rule')).toMatchObject({ ScheduleExpression: 'rate(1 hour)' });
    const name = { Ref: expect.stringMatching(/^OrdersDriftCheckFunction/) };
    expect(propertiesOf(template, 'AWS::CloudWatch::Alarm')).toMatchObject([
      {
        Namespace: 'JwtAuthorizer',
        MetricName: 'DriftedMethods',
        Dimensions: [{ Name: 'FunctionName', Value: name }],
        Period: 3600,
        Threshold: 1,
        TreatMissingData: 'ignore',
      },
      { MetricName: 'Errors', Dimensions: [{ Name: 'FunctionName', Value: name }], EvaluationPeriods: 2 },
    ]);
    const [looking] = propertiesOf(template, 'AWS::Lambda::Function').filter(
      ({ Handler }) => Handler === 'index.driftCheck',
    );
    expect(looking?.['Environment']).toEqual({
      Variables: {
        ATTACHMENT_JOURNAL_TABLE: { Ref: expect.any(String) },
        ATTACHED_REST_API_ID: API,
        DRIFT_REATTACH: 'false',
      },
    });
  });

  it('looks as often as it is told, tells whom it is told, and is not there where it is not wanted', () => {
    const stack = new Stack(newApp(), 'Attaching');
    const alarmActions = [new SnsAction(new Topic(stack, 'Topic'))];
    new ExistingRestApi(stack, 'Orders', {
      restApi: { restApiId: API },
      stages: ['prod'],
      authorizer: authorizerIn(stack),
      bundleFolder: FOLDER,
      driftCheck: { interval: Duration.minutes(15) },
      alarmActions,
    });
    const often = Template.fromStack(stack);
    expect(firstOf(often, 'AWS::Events::Rule')).toMatchObject({ ScheduleExpression: 'rate(15 minutes)' });
    for (const alarm of propertiesOf(often, 'AWS::CloudWatch::Alarm'))
      expect(alarm).toMatchObject({ Period: 900, AlarmActions: [{ Ref: expect.stringMatching(/^Topic/) }] });
    const { api, template } = attached({ driftCheck: false });
    expect(api.driftCheck).toBeUndefined();
    template.resourceCountIs('AWS::Events::Rule', 0);
    template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });
});

it('with the command, function, role and journal are there, and nothing that attaches', () => {
  const { template, api } = attached({ attachWith: 'command' });
  template.resourceCountIs(ATTACHMENT, 0);
  template.resourceCountIs('AWS::Events::Rule', 0);
  template.resourceCountIs('AWS::Lambda::Function', 1);
  template.resourceCountIs('AWS::DynamoDB::GlobalTable', 1);
  expect(api.driftCheck).toBeUndefined();
  expect(statementsOf(template, 'OrdersInvokeRole')).toHaveLength(1);
});

it('a right that is taken away reaches the attached stages’ caches', () => {
  const { template } = attached({}, CONTROLLED);
  const variables = propertiesOf(template, 'AWS::Lambda::Function').map(
    ({ Environment }) => (Environment as { Variables?: Record<string, unknown> })?.Variables ?? {},
  );
  expect(variables.find((each) => 'FLUSH_STAGES' in each)).toMatchObject({
    FLUSH_STAGES: `${API}/prod,${API}/beta`,
  });
});

describe('refused at synthesis', () => {
  const problemsOf = (props: Props, more: object = {}) => {
    const stack = new Stack(newApp(), 'Attaching');
    try {
      new ExistingRestApi(stack, 'Orders', {
        restApi: { restApiId: API },
        stages: ['prod'],
        bundleFolder: FOLDER,
        ...props,
        authorizer: authorizerIn(stack, UNCONTROLLED, more),
      });
    } catch (error) {
      if (error instanceof JwtAuthorizerPropsError)
        return error.problems.map(({ code, path }) => `${code} ${path}`);
      throw error;
    }
    return [];
  };

  it('everything at once', () => {
    expect(
      problemsOf({
        restApi: { restApiId: 'a/../b' },
        stages: ['prod', 'prod', '*'],
        routes: ['GET orders', 'OPTIONS /'],
        driftCheck: { interval: Duration.seconds(90) },
      }),
    ).toEqual([
      'value_invalid restApi',
      'value_invalid stages[1]',
      'value_invalid stages[2]',
      'route_invalid routes[0]',
      'route_invalid routes[1]',
      'value_invalid driftCheck.interval',
    ]);
  });

  it.each<[string, Props, string[]]>([
    ['no stage', { stages: [] }, ['value_invalid stages']],
    ['a minute', { driftCheck: { interval: Duration.minutes(1) } }, []],
    ['a day', { driftCheck: { interval: Duration.days(1) } }, []],
    [
      'more than a day',
      { driftCheck: { interval: Duration.minutes(1441) } },
      ['value_invalid driftCheck.interval'],
    ],
    [
      'a drift check of what the stack does not attach',
      { attachWith: 'command', driftCheck: {} },
      ['option_unused driftCheck'],
    ],
    ['nobody to tell of nothing', { driftCheck: false, alarmActions: [] }, ['option_unused alarmActions']],
    ['none, with the command', { attachWith: 'command', driftCheck: false }, []],
  ])('%s', (_, props, problems) => {
    expect(problemsOf(props)).toEqual(problems);
  });

  it('versions that each would go on being billed', () => {
    expect(problemsOf({}, { provisionedConcurrentExecutions: 1 })).toEqual(['value_invalid authorizer']);
    expect(problemsOf({}, { reservedConcurrentExecutions: 1 })).toEqual([]);
  });

  it('an API of the app’s own, whose next deployment would undo it', () => {
    const stack = new Stack(newApp(), 'Owning');
    const api = new RestApi(stack, 'Api');
    api.root.addMethod('GET', new MockIntegration());
    expect(problemsOf({ restApi: api })).toEqual(['needs_existing_api restApi']);
  });

  it('a configuration that says itself to which API to attach', () => {
    const restApi = { id: API, stages: 'prod' };
    const configuration = configurationOf({ jwt: UNCONTROLLED, restApi });
    const make = () =>
      new JwtAuthorizer(new Stack(newApp(), 'S'), 'Auth', { configuration, bundleFolder: FOLDER });
    expect(make).toThrow(JwtAuthorizerPropsError);
  });
});
