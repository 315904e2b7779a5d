import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Stage } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { secretResources } from '../../lib/key-grants.ts';
import { firstOf, propertiesOf, stackOf, templateOf, temporaryFolder, UNCONTROLLED } from './support.ts';

const FUNCTION = 'AWS::Lambda::Function';
const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:jwt';
const GENERATED = { secret: 'generate', checkCredentialExistence: false };

function statementsOf(template: Template): Record<string, unknown>[] {
  return propertiesOf(template, 'AWS::IAM::Policy').flatMap(
    (policy) => (policy['PolicyDocument'] as { Statement: Record<string, unknown>[] }).Statement,
  );
}

describe('the function', () => {
  it('runs the bundle on Node.js 24 and ARM', () => {
    templateOf({ jwt: UNCONTROLLED }).hasResourceProperties(FUNCTION, {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 256,
      Timeout: 10,
    });
  });

  it('logs into a group of its own that forgets', () => {
    const template = templateOf({ jwt: UNCONTROLLED });
    const groups = template.findResources('AWS::Logs::LogGroup');
    const properties = firstOf(template, FUNCTION);
    const { LogGroup } = properties['LoggingConfig'] as { LogGroup: { Ref: string } };
    expect(groups[LogGroup.Ref]).toMatchObject({ Properties: { RetentionInDays: 90 } });
  });

  it('may write that log and nothing else when it looks nothing up', () => {
    const template = templateOf({ jwt: UNCONTROLLED });
    const [group] = Object.keys(template.findResources('AWS::Logs::LogGroup')).filter((id) =>
      id.startsWith('Authorizer'),
    );
    expect(statementsOf(template)).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: { 'Fn::GetAtt': [group, 'Arn'] },
      },
    ]);
    const properties = firstOf(template, FUNCTION);
    expect(properties).not.toHaveProperty('Environment');
  });
});

describe('its sizing', () => {
  it('is what is asked for', () => {
    const template = templateOf(
      { jwt: UNCONTROLLED },
      {
        authorizer: {
          memorySize: 512,
          timeout: Duration.seconds(5),
          reservedConcurrentExecutions: 50,
          provisionedConcurrentExecutions: 2,
        },
      },
    );
    template.hasResourceProperties(FUNCTION, {
      MemorySize: 512,
      Timeout: 5,
      ReservedConcurrentExecutions: 50,
    });
    template.hasResourceProperties('AWS::Lambda::Version', {
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
    });
  });

  it('is otherwise left to the account', () => {
    const template = templateOf({ jwt: UNCONTROLLED });
    expect(firstOf(template, FUNCTION)).not.toHaveProperty('ReservedConcurrentExecutions');
    expect(firstOf(template, 'AWS::Lambda::Version')).not.toHaveProperty('ProvisionedConcurrencyConfig');
  });
});

describe('the package', () => {
  const assetKey = (template: Template) => (firstOf(template, FUNCTION)['Code'] as { S3Key: string }).S3Key;

  it('holds the bundle with the configuration beside it', () => {
    const stack = stackOf({ jwt: UNCONTROLLED });
    const outdir = Stage.of(stack)?.synth().directory ?? '';
    const asset = readdirSync(outdir).find((name) => name.startsWith('asset.')) ?? '';
    expect(readdirSync(join(outdir, asset)).sort()).toEqual(['config.json', 'index.mjs']);
    expect(JSON.parse(readFileSync(join(outdir, asset, 'config.json'), 'utf8'))).toEqual({
      jwt: UNCONTROLLED,
    });
  });

  it('is named by its content alone', () => {
    const once = templateOf({ jwt: UNCONTROLLED });
    const again = templateOf({ jwt: UNCONTROLLED });
    expect(assetKey(again)).toBe(assetKey(once));
    expect(again.toJSON()).toEqual(once.toJSON());
    const other = templateOf({ jwt: { ...UNCONTROLLED, audience: 'a' } });
    expect(assetKey(other)).not.toBe(assetKey(once));
  });

  it('cannot be made of a folder without a bundle', () => {
    expect(() => stackOf({ jwt: UNCONTROLLED }, { bundleFolder: temporaryFolder() })).toThrow(/index\.mjs/);
  });
});

describe('a generated secret', () => {
  it('is 86 characters of 62 kinds, and outlives the stack', () => {
    templateOf({ jwt: GENERATED }).hasResource('AWS::SecretsManager::Secret', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: Match.objectLike({
        GenerateSecretString: {
          PasswordLength: 86,
          ExcludePunctuation: true,
          IncludeSpace: false,
          RequireEachIncludedType: false,
        },
      }),
    });
  });

  it('is made for each policy that asks for one, known by the policy’s index, readable by the function', () => {
    const template = templateOf({
      jwt: [
        { ...GENERATED, issuer: 'https://a.example' },
        { ...UNCONTROLLED, issuer: 'https://b.example' },
        { ...GENERATED, issuer: 'https://c.example' },
      ],
    });
    const refs = Object.keys(template.findResources('AWS::SecretsManager::Secret')).map((Ref) => ({ Ref }));
    expect(refs).toHaveLength(2);
    template.hasResourceProperties(FUNCTION, {
      Environment: { Variables: { GENERATED_SECRET_ARN_0: refs[0], GENERATED_SECRET_ARN_2: refs[1] } },
    });
    expect(statementsOf(template)).toContainEqual({
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: refs,
    });
    expect(Object.keys(template.findOutputs('*'))).toEqual(
      expect.arrayContaining(['GeneratedSecretArn0', 'GeneratedSecretArn2']),
    );
  });
});

describe('a configured secret', () => {
  it('is the only one that the function may read', () => {
    const secretArn = `${ARN}-AbC123`;
    const template = templateOf({
      jwt: { secretArn, algorithms: ['HS256'], checkCredentialExistence: false },
    });
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(statementsOf(template)).toContainEqual({
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: secretArn,
    });
  });

  it('may be decrypted with the owner’s key, through Secrets Manager', () => {
    const key = 'arn:aws:kms:eu-west-1:111122223333:key/k';
    const jwt = { secretArn: ARN, algorithms: ['HS256'], checkCredentialExistence: false };
    expect(statementsOf(templateOf({ jwt }, { secretKeyArns: [key] }))).toContainEqual({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: key,
      Condition: { StringEquals: { 'kms:ViaService': expect.anything() } },
    });
    expect(JSON.stringify(statementsOf(templateOf({ jwt })))).not.toContain('kms:');
  });

  it.each(['/orders/jwt-key', 'orders-key'])('reads the parameter %s, and no other', (parameterName) => {
    const jwt = { parameterName, algorithms: ['HS256'], checkCredentialExistence: false };
    const statements = statementsOf(templateOf({ jwt })).filter(
      ({ Action }) => Action === 'ssm:GetParameter',
    );
    expect(statements).toHaveLength(1);
    const parts = (statements[0] as { Resource: { 'Fn::Join': [string, unknown[]] } }).Resource[
      'Fn::Join'
    ][1];
    expect(parts.at(-1)).toBe(`:parameter/${parameterName.replace(/^\//, '')}`);
    expect(JSON.stringify(parts)).not.toContain('*');
  });

  it('decrypts through the stores that the configuration uses, and no other', () => {
    const secretKeyArns = ['arn:aws:kms:eu-west-1:111122223333:key/k'];
    const services = (jwt: unknown) => {
      const kms = statementsOf(templateOf({ jwt } as Record<string, unknown>, { secretKeyArns })).filter(
        ({ Action }) => Action === 'kms:Decrypt',
      );
      return [...new Set(JSON.stringify(kms).match(/secretsmanager|ssm/g) ?? [])].sort();
    };
    const secret = { secretArn: ARN, algorithms: ['HS256'], checkCredentialExistence: false, issuer: 'a' };
    const parameter = { parameterName: 'p', algorithms: ['HS256'], checkCredentialExistence: false };
    expect(services(parameter)).toEqual(['ssm']);
    expect(services([secret, { ...parameter, issuer: 'b' }])).toEqual(['secretsmanager', 'ssm']);
    expect(services(UNCONTROLLED)).toEqual([]);
  });

  it('needs nothing for the keys of an issuer, or of credentials', () => {
    const set = {
      jwksUri: 'https://id.example/jwks',
      issuer: 'i',
      audience: 'a',
      checkCredentialExistence: false,
    };
    for (const jwt of [set, { credentialKey: true }])
      expect(JSON.stringify(statementsOf(templateOf({ jwt })))).not.toMatch(/secretsmanager|ssm:/);
  });

  it.each([
    [`${ARN}-AbC123`, [`${ARN}-AbC123`]],
    [ARN, [`${ARN}-??????`]],
    [`${ARN}-12345`, [`${ARN}-12345-??????`]],
    [`${ARN}-secret`, [`${ARN}-secret`, `${ARN}-secret-??????`]],
  ])('%s is granted as what it may stand for', (arn, resources) => {
    expect(secretResources(arn)).toEqual(resources);
  });
});
