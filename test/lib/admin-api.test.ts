import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { propertiesOf, stackOf, templateOf, temporaryFolder } from './support.ts';

const JWT = { secret: 'generate' };
const ROLE = 'arn:aws:iam::111122223333:role/ops';
const ACCOUNT = 'arn:aws:iam::444455556666:root';
const withAdmin = (adminApi: unknown = true) => templateOf({ jwt: JWT, adminApi });

type Resource = Readonly<Record<string, unknown>>;

/** The resources of a type that belong to the Admin API, by their ids. */
function ofAdmin(template: Template, type: string): readonly (readonly [string, Resource])[] {
  return Object.entries(template.findResources(type))
    .filter(([id]) => id.startsWith('AdminApi'))
    .map(([id, { Properties }]) => [id, Properties as Resource] as const);
}

function only(template: Template, type: string): Resource {
  const [found, ...others] = ofAdmin(template, type);
  if (found === undefined || others.length > 0) throw new Error(`not exactly one ${type}`);
  return found[1];
}

const policyOf = (adminApi: unknown) =>
  only(withAdmin(adminApi), 'AWS::ApiGateway::RestApi')['Policy'] as { Statement: Resource[] };
const INVOKE = { Action: 'execute-api:Invoke', Resource: 'execute-api:/*' };

describe('the Admin API', () => {
  it('is made only when it is asked for', () => {
    for (const file of [{ jwt: JWT }, { jwt: JWT, adminApi: false }]) {
      const template = templateOf(file);
      template.resourceCountIs('AWS::ApiGateway::RestApi', 1);
      expect(JSON.stringify(template.toJSON())).not.toContain('AdminApi');
    }
  });

  it('asks every method for a signature, preflights too', () => {
    const methods = ofAdmin(withAdmin(), 'AWS::ApiGateway::Method').map(([, method]) => method);
    expect(methods).toHaveLength(2);
    for (const method of methods)
      expect(method).toMatchObject({
        HttpMethod: 'ANY',
        AuthorizationType: 'AWS_IAM',
        Integration: { Type: 'AWS_PROXY' },
      });
  });

  it('leaves the other API as it is', () => {
    const others = (template: Template) =>
      propertiesOf(template, 'AWS::ApiGateway::Method').filter((method) => method['AuthorizerId']);
    expect(others(withAdmin())).toEqual(others(templateOf({ jwt: JWT })));
  });

  it('throttles, and logs who calls without headers, queries and paths', () => {
    const stage = only(withAdmin(), 'AWS::ApiGateway::Stage');
    expect(stage['MethodSettings']).toMatchObject([
      { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100, DataTraceEnabled: false, LoggingLevel: 'OFF' },
    ]);
    const { Format } = stage['AccessLogSetting'] as { Format: string };
    expect(JSON.parse(Format)).toMatchObject({ callerArn: '$context.identity.userArn' });
    expect(Format).not.toMatch(/header|\$context\.path|querystring|userAgent|authorizer/i);
  });

  it('keeps its logs for a year', () => {
    const groups = ofAdmin(withAdmin(), 'AWS::Logs::LogGroup');
    expect(groups.map(([, { RetentionInDays }]) => RetentionInDays)).toEqual([365, 365]);
  });

  it('waits for the account’s log role', () => {
    const template = withAdmin();
    const stages = template.findResources('AWS::ApiGateway::Stage');
    const [admin] = Object.entries(stages).filter(([id]) => id.startsWith('AdminApi'));
    const [other] = Object.keys(stages).filter((id) => !id.startsWith('AdminApi'));
    expect(admin?.[1]['DependsOn']).toContain(other);
    template.resourceCountIs('AWS::ApiGateway::Account', 1);
  });

  it('has another deployment when others may call it', () => {
    const idOf = (adminApi: unknown) => ofAdmin(withAdmin(adminApi), 'AWS::ApiGateway::Deployment')[0]?.[0];
    expect(idOf({ allowedPrincipals: [ROLE] })).not.toBe(idOf({ allowedPrincipals: [ACCOUNT] }));
  });
});

describe('who may call', () => {
  it('true: whoever the IAM policies of the account allow, and nobody of another', () => {
    expect(policyOf(true).Statement).toEqual([
      {
        ...INVOKE,
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Condition: { StringNotEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
  });

  it('named roles, and none but them, whatever IAM policies others have', () => {
    expect(policyOf({ allowedPrincipals: [ROLE, `${ROLE}-2`] }).Statement).toEqual([
      {
        ...INVOKE,
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Condition: { ArnNotEquals: { 'aws:PrincipalArn': [ROLE, `${ROLE}-2`] } },
      },
      { ...INVOKE, Effect: 'Allow', Principal: { AWS: [ROLE, `${ROLE}-2`] } },
    ]);
  });

  it('named accounts beside named roles: who is neither is denied', () => {
    expect(policyOf({ allowedPrincipals: [ACCOUNT, ROLE] }).Statement[0]).toMatchObject({
      Effect: 'Deny',
      Condition: {
        ArnNotEquals: { 'aws:PrincipalArn': [ROLE] },
        StringNotEquals: { 'aws:PrincipalAccount': ['444455556666'] },
      },
    });
  });
});

describe('its function', () => {
  it('runs on Node.js 24 and ARM, and knows the table', () => {
    const template = withAdmin();
    const [table] = Object.keys(template.findResources('AWS::DynamoDB::GlobalTable'));
    expect(only(template, 'AWS::Lambda::Function')).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: 60,
      Environment: { Variables: { CREDENTIALS_TABLE: { Ref: table } } },
    });
  });

  it('may do what the store does, and nothing else', () => {
    const { PolicyDocument } = only(withAdmin(), 'AWS::IAM::Policy');
    const { Statement } = PolicyDocument as { Statement: Resource[] };
    expect(Statement.map(({ Action }) => Action)).toEqual([
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      [
        ...['dynamodb:BatchGetItem', 'dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
        ...['dynamodb:Query', 'dynamodb:Scan', 'dynamodb:UpdateItem'],
      ],
      'dynamodb:Query',
      [
        ...['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
        ...['kms:ReEncryptFrom', 'kms:ReEncryptTo'],
      ],
    ]);
    expect(JSON.stringify(Statement)).not.toContain('*');
    expect(JSON.stringify(Statement[2]?.['Resource'])).toContain('/index/listing');
    expect(JSON.stringify(Statement[3]?.['Condition'])).toContain('kms:ViaService');
    expect(Statement[3]?.['Resource']).toEqual({ 'Fn::GetAtt': [expect.any(String), 'Arn'] });
  });

  it('is invoked by its API alone', () => {
    const template = withAdmin();
    const [api] = ofAdmin(template, 'AWS::ApiGateway::RestApi')[0] ?? [];
    const permissions = ofAdmin(template, 'AWS::Lambda::Permission');
    expect(permissions).toHaveLength(2);
    for (const [, permission] of permissions) {
      expect(permission).toMatchObject({ Principal: 'apigateway.amazonaws.com' });
      expect(JSON.stringify(permission['SourceArn'])).toContain(JSON.stringify({ Ref: api }));
    }
  });

  it('cannot be made of a folder without a bundle', () => {
    const adminApi = { bundleFolder: temporaryFolder() };
    expect(() => stackOf({ jwt: JWT, adminApi: true }, { adminApi })).toThrow(/index\.mjs/);
  });
});
