import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { firstOf, propertiesOf, stackOf, templateOf } from './support.ts';

const PLAN = 'AWS::ApiGateway::UsagePlan';
const GOLD = { rateLimit: 10, burstLimit: 20, quota: { limit: 1000, period: 'WEEK' } };
const PLANS = { gold: GOLD, free: {} };
const file = (options: object = {}) => ({ jwt: { secret: 'generate' }, ...options });
const withPlans = (plans: object = PLANS, options: object = {}) => templateOf(file({ plans, ...options }));
const idOf = (template: Template, type: string) => Object.keys(template.findResources(type))[0];
const plansOf = (template: Template) =>
  Object.fromEntries(
    Object.entries(template.findResources(PLAN)).map(([id, { Properties }]) => [
      (Properties as { UsagePlanName: string }).UsagePlanName,
      { id, ...(Properties as object) },
    ]),
  );

describe('usage plans', () => {
  it('are none, and no API key is asked for, where the configuration has none', () => {
    const template = templateOf(file());
    template.resourceCountIs(PLAN, 0);
    expect(firstOf(template, 'AWS::ApiGateway::RestApi')).not.toHaveProperty('ApiKeySourceType');
    for (const method of propertiesOf(template, 'AWS::ApiGateway::Method'))
      expect(method['ApiKeyRequired']).not.toBe(true);
    expect(template.findOutputs('UsagePlanIds')).toEqual({});
  });

  it('have the limits of the configuration, on the one stage', () => {
    const template = withPlans();
    const stage = {
      ApiId: { Ref: idOf(template, 'AWS::ApiGateway::RestApi') },
      Stage: { Ref: idOf(template, 'AWS::ApiGateway::Stage') },
    };
    const { gold, free } = plansOf(template);
    expect(gold).toMatchObject({
      ApiStages: [stage],
      Throttle: { RateLimit: 10, BurstLimit: 20 },
      Quota: { Limit: 1000, Period: 'WEEK' },
    });
    expect(free).toMatchObject({ ApiStages: [stage] });
    expect(free).not.toHaveProperty('Throttle');
    expect(free).not.toHaveProperty('Quota');
  });

  it('take the key from the authorizer alone, on every method but preflights', () => {
    const template = withPlans(PLANS, { routes: [{ paths: '/a/{id}' }], cors: true });
    expect(firstOf(template, 'AWS::ApiGateway::RestApi')).toMatchObject({ ApiKeySourceType: 'AUTHORIZER' });
    const methods = propertiesOf(template, 'AWS::ApiGateway::Method');
    const open = methods.filter(({ ApiKeyRequired }) => ApiKeyRequired !== true);
    expect(open.length).toBe(methods.length / 2);
    for (const method of open) expect(method).toMatchObject({ HttpMethod: 'OPTIONS' });
    for (const method of methods.filter(({ ApiKeyRequired }) => ApiKeyRequired === true))
      expect(method).toMatchObject({ HttpMethod: 'ANY', AuthorizationType: 'CUSTOM' });
  });

  it('make no API key: a template would show it', () => {
    withPlans().resourceCountIs('AWS::ApiGateway::ApiKey', 0);
    withPlans().resourceCountIs('AWS::ApiGateway::UsagePlanKey', 0);
  });

  it('leave the Admin API as it is', () => {
    const admin = propertiesOf(withPlans(PLANS, { adminApi: true }), 'AWS::ApiGateway::Method').filter(
      (method) => method['AuthorizationType'] === 'AWS_IAM',
    );
    expect(admin).toHaveLength(2);
    for (const method of admin) expect(method['ApiKeyRequired']).not.toBe(true);
  });

  it('are told of in an output, by name', () => {
    const { gold, free } = plansOf(withPlans());
    const { Value } = withPlans().findOutputs('UsagePlanIds')['UsagePlanIds'] as {
      Value: { 'Fn::Join': [string, unknown[]] };
    };
    expect(Value).toEqual({
      'Fn::Join': ['', ['{"gold":"', { Ref: gold?.id }, '","free":"', { Ref: free?.id }, '"}']],
    });
  });
});

describe('the Admin API’s function', () => {
  type Statement = { readonly Action: unknown; readonly Resource: unknown };
  const ofApiGateway = (template: Template) =>
    propertiesOf(template, 'AWS::IAM::Policy')
      .flatMap(({ PolicyDocument }) => (PolicyDocument as { Statement: Statement[] }).Statement)
      .filter(({ Action }) => JSON.stringify(Action).includes('apigateway:'))
      // What flushes the stage's cache is another function's right: revocation.test.ts.
      .filter(({ Resource }) => !JSON.stringify(Resource).endsWith('"/cache/authorizers"]]}'));
  const functionsWith = (template: Template, variable: string) =>
    propertiesOf(template, 'AWS::Lambda::Function')
      .map(({ Environment }) => (Environment as { Variables: Record<string, unknown> }).Variables)
      .filter((variables) => variable in variables);

  it('makes API keys for these plans, and deletes them', () => {
    const template = withPlans(PLANS, { adminApi: true });
    const { gold, free } = plansOf(template);
    const arn = (...path: unknown[]) => ({
      'Fn::Join': [
        '',
        [...['arn:', { Ref: 'AWS::Partition' }, ':apigateway:', { Ref: 'AWS::Region' }], ...path],
      ],
    });
    const keysOf = (plan: unknown) => arn('::/usageplans/', { Ref: plan }, '/keys');
    expect(ofApiGateway(template)).toEqual([
      { Effect: 'Allow', Action: ['apigateway:GET', 'apigateway:POST'], Resource: arn('::/apikeys') },
      { Effect: 'Allow', Action: 'apigateway:DELETE', Resource: arn('::/apikeys/*') },
      { Effect: 'Allow', Action: 'apigateway:POST', Resource: [keysOf(free?.id), keysOf(gold?.id)] },
    ]);
    const [variables, ...others] = functionsWith(template, 'USAGE_PLANS');
    expect(others).toEqual([]);
    expect(variables?.['CREDENTIALS_TABLE']).toBeDefined();
    expect(variables?.['USAGE_PLANS']).toEqual(
      (template.findOutputs('UsagePlanIds')['UsagePlanIds'] as { Value: unknown }).Value,
    );
  });

  it('may do nothing of the kind without plans', () => {
    const template = templateOf(file({ adminApi: true }));
    expect(ofApiGateway(template)).toEqual([]);
    expect(functionsWith(template, 'USAGE_PLANS')).toEqual([]);
  });

  it('is the only one that may: the authorizer knows of no plan', () => {
    expect(ofApiGateway(withPlans())).toEqual([]);
    expect(functionsWith(withPlans(), 'USAGE_PLANS')).toEqual([]);
  });
});

describe('a page that may read errors', () => {
  it('may read why it has no key, and that it asks too often', () => {
    const responses = propertiesOf(withPlans(PLANS, { cors: true }), 'AWS::ApiGateway::GatewayResponse');
    const types = responses.map((response) => response['ResponseType']);
    expect(types).toEqual(expect.arrayContaining(['INVALID_API_KEY', 'THROTTLED', 'QUOTA_EXCEEDED']));
    for (const { ResponseParameters } of responses)
      expect(ResponseParameters).toHaveProperty(
        ['gatewayresponse.header.Access-Control-Allow-Origin'],
        "'*'",
      );
  });
});

describe('an update', () => {
  const deploymentOf = (plans?: object) =>
    idOf(templateOf(file(plans && { plans })), 'AWS::ApiGateway::Deployment');

  it('of limits changes the plan that is there', () => {
    const before = withPlans();
    const after = withPlans({ ...PLANS, gold: { rateLimit: 99, burstLimit: 99 } });
    expect(plansOf(after)['gold']?.id).toBe(plansOf(before)['gold']?.id);
    expect(plansOf(after)['gold']).toMatchObject({ Throttle: { RateLimit: 99, BurstLimit: 99 } });
  });

  it('that adds or removes a plan leaves the others alone, wherever it stands', () => {
    const { gold } = plansOf(withPlans());
    expect(plansOf(withPlans({ extra: {}, gold: GOLD }))['gold']).toEqual(gold);
    expect(plansOf(withPlans({ gold: GOLD }))['gold']).toEqual(gold);
  });

  it('from and to no plans at all deploys the stage anew', () => {
    expect(deploymentOf(PLANS)).not.toBe(deploymentOf());
  });

  it('tells names apart that differ in case and hyphens alone', () => {
    expect(() => stackOf(file({ plans: { 'a-b': {}, ab: {}, AB: {} } }))).not.toThrow();
    const ids = Object.values(plansOf(withPlans({ 'a-b': {}, ab: {}, AB: {} }))).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
  });
});
