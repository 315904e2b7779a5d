import { isDeepStrictEqual } from 'node:util';
import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { SecretInTemplateError } from '../../lib/index.ts';
import { PUBLIC_KEY, placeholderBundle, propertiesOf, stackOf, templateOf, UNCONTROLLED } from './support.ts';

const SECRET = 'a secret of at least thirty-two bytes, as HS256 wants it';

function idOf(template: Template, type: string): string {
  const [id, ...others] = Object.keys(template.findResources(type));
  if (id === undefined || others.length > 0) throw new Error(`not exactly one ${type}`);
  return id;
}

describe('a new deployment of the stage, and a new version of the function', () => {
  const FILE = { jwt: UNCONTROLLED, upstream: 'https://up.example' };
  const idsOf = (file: Record<string, unknown>, bundleFolder = placeholderBundle()) => {
    const template = templateOf(file, { bundleFolder });
    return ['AWS::ApiGateway::Deployment', 'AWS::Lambda::Version'].map((type) => idOf(template, type));
  };

  it('do not come without a change', () => {
    expect(idsOf(FILE)).toEqual(idsOf(FILE));
  });

  it.each([
    ['another claim is required', { ...FILE, jwt: { ...UNCONTROLLED, audience: 'orders' } }],
    ['the cache is shorter', { ...FILE, authorizerCacheSeconds: 60 }],
    [
      'the token is elsewhere',
      { ...FILE, jwt: { ...UNCONTROLLED, jwtExtractor: 'header', jwtExtractorField: 'x-token' } },
    ],
    ['a route is declared', { ...FILE, routes: [{ paths: '/orders', scopes: [] }] }],
    ['the upstream moves', { ...FILE, upstream: 'https://other.example' }],
    ['pages may call', { ...FILE, cors: true }],
  ])('both come when %s', (_, file) => {
    const [deployment, version] = idsOf(FILE);
    const [otherDeployment, otherVersion] = idsOf(file);
    expect(otherDeployment).not.toBe(deployment);
    expect(otherVersion).not.toBe(version);
  });

  it('both come with other code', () => {
    const [deployment, version] = idsOf(FILE);
    const [otherDeployment, otherVersion] = idsOf(FILE, placeholderBundle('export const handler = 1;\n'));
    expect(otherDeployment).not.toBe(deployment);
    expect(otherVersion).not.toBe(version);
  });

  it('are what the stage and the authorizer use', () => {
    const template = templateOf(FILE);
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      DeploymentId: { Ref: idOf(template, 'AWS::ApiGateway::Deployment') },
    });
    const deployment = template.findResources('AWS::ApiGateway::Deployment');
    for (const type of ['Method', 'Authorizer'])
      for (const id of Object.keys(template.findResources(`AWS::ApiGateway::${type}`)))
        expect(Object.values(deployment)[0]?.['DependsOn']).toContain(id);
  });
});

describe('a secret in the configuration', () => {
  const problemsOf = (jwt: unknown) => {
    try {
      stackOf({ jwt });
    } catch (error) {
      if (error instanceof SecretInTemplateError) return error;
      throw error;
    }
    throw new Error('was not refused');
  };

  it('is refused, and not shown', () => {
    const error = problemsOf({ secretOrPublicKey: SECRET });
    expect(error.problems).toMatchObject([{ code: 'secret_in_template', path: 'jwt' }]);
    expect(error.message).not.toContain(SECRET);
  });

  it('is refused for every policy that has one', () => {
    const secret = (issuer: string) => ({
      secretOrPublicKey: SECRET,
      checkCredentialExistence: false,
      issuer,
    });
    const error = problemsOf([
      secret('https://a.example'),
      { ...UNCONTROLLED, issuer: 'https://b.example' },
      secret('https://c.example'),
    ]);
    expect(error.problems.map(({ code, path }) => [code, path])).toEqual([
      ['secret_in_template', 'jwt[0]'],
      ['secret_in_template', 'jwt[2]'],
    ]);
  });
});

describe('what the stack allows', () => {
  it('names each resource', () => {
    const template = templateOf({
      jwt: [
        { secretOrPublicKey: PUBLIC_KEY, issuer: 'https://a.example' },
        { secret: 'generate', issuer: 'https://b.example', checkCredentialExistence: false },
        {
          secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:jwt',
          algorithms: ['RS256'],
          issuer: 'https://c.example',
          checkCredentialExistence: false,
        },
      ],
      upstream: 'https://up.example',
      adminApi: true,
    });
    const policies = propertiesOf(template, 'AWS::IAM::Policy');
    expect(policies.length).toBeGreaterThan(0);
    expect(JSON.stringify(policies)).not.toContain('*');
    for (const role of propertiesOf(template, 'AWS::IAM::Role')) expect(role).not.toHaveProperty('Policies');
  });

  it('uses one managed policy, for API Gateway’s log role', () => {
    const managed = propertiesOf(templateOf({ jwt: UNCONTROLLED }), 'AWS::IAM::Role')
      .map((role) => role['ManagedPolicyArns'])
      .filter((policies) => policies !== undefined);
    expect(managed).toHaveLength(1);
    expect(JSON.stringify(managed)).toContain('AmazonAPIGatewayPushToCloudWatchLogs');
  });
});

describe('the outputs', () => {
  it('have stable names', () => {
    const jwt = { secret: 'generate' };
    expect(Object.keys(templateOf({ jwt, adminApi: true }).findOutputs('*'))).toContain('AdminApiUrl');
    expect(Object.keys(templateOf({ jwt }).findOutputs('*')).sort()).toEqual([
      'ApiUrl',
      'AuthorizerFunctionArn',
      'AuthorizerFunctionName',
      'AuthorizerLogGroup',
      'CredentialsTableName',
      'GeneratedSecretArn0',
      'RevocationBound',
      'TokenKeying',
    ]);
  });

  it('name the log group that the authorizer writes to', () => {
    const template = templateOf({ jwt: UNCONTROLLED });
    const { Value } = template.findOutputs('AuthorizerLogGroup')['AuthorizerLogGroup'] ?? {};
    const [version] = propertiesOf(template, 'AWS::Lambda::Version');
    const [ofFunction] = Object.entries(template.findResources('AWS::Lambda::Function'))
      .filter(([id]) => isDeepStrictEqual(version?.['FunctionName'], { Ref: id }))
      .map(([, { Properties }]) => Properties?.['LoggingConfig']);
    expect(ofFunction).toEqual({ LogGroup: Value });
  });
});

// CloudFormation gives anything else back as `?`, in outputs too: aws-cloudformation/cloudformation-coverage-roadmap#814.
it('has nothing but ASCII in its template', () => {
  const jwt = { secret: 'generate', algorithms: ['HS256'] };
  const plans = { gold: { quota: { limit: 3, period: 'DAY' } } };
  const template = templateOf({ jwt, plans, adminApi: true, cors: true });
  expect(JSON.stringify(template.toJSON()).match(/.{0,30}[^ -~].{0,30}/g)).toBeNull();
});
