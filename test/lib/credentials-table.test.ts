import { describe, expect, it } from 'vitest';
import { tableDefinition } from '../../lambda/consumers/table.ts';
import { PUBLIC_KEY, propertiesOf, stackOf, templateOf, UNCONTROLLED } from './support.ts';

const TABLE = 'AWS::DynamoDB::GlobalTable';
const CONTROLLED = { secretOrPublicKey: PUBLIC_KEY };

describe('a controlled configuration', () => {
  it('has a table with the keys, the index and the time to live of the definition', () => {
    const { partitionKey, sortKey, ttlAttribute, listingIndex } = tableDefinition;
    const [table] = propertiesOf(templateOf({ jwt: CONTROLLED }), TABLE);
    expect(table).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: partitionKey, KeyType: 'HASH' },
        { AttributeName: sortKey, KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: listingIndex.name,
          KeySchema: [
            { AttributeName: listingIndex.partitionKey, KeyType: 'HASH' },
            { AttributeName: listingIndex.sortKey, KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: listingIndex.projection },
        },
      ],
      TimeToLiveSpecification: { AttributeName: ttlAttribute, Enabled: true },
    });
  });

  it('keeps it from being lost', () => {
    const template = templateOf({ jwt: CONTROLLED });
    template.hasResource(TABLE, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(propertiesOf(template, TABLE)[0]).toMatchObject({
      Replicas: [
        {
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        },
      ],
    });
  });

  it('encrypts it with a key of its own that rotates', () => {
    const template = templateOf({ jwt: CONTROLLED });
    const [key] = Object.keys(
      template.findResources('AWS::KMS::Key', { Properties: { EnableKeyRotation: true } }),
    );
    expect(propertiesOf(template, TABLE)[0]).toMatchObject({
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      Replicas: [{ SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': [key, 'Arn'] } } }],
    });
  });

  it('lets the function read items of this table by their keys, and no more', () => {
    const template = templateOf({ jwt: CONTROLLED });
    const [table] = Object.keys(template.findResources(TABLE));
    const [key] = Object.keys(template.findResources('AWS::KMS::Key'));
    const ofAuthorizer = propertiesOf(template, 'AWS::IAM::Policy').filter(({ PolicyName }) =>
      String(PolicyName).startsWith('AuthorizerRole'),
    );
    const granted = ofAuthorizer.flatMap(
      (policy) => (policy['PolicyDocument'] as { Statement: { Action: string | string[] }[] }).Statement,
    );
    expect(granted.filter(({ Action }) => !String(Action).startsWith('logs:'))).toEqual([
      {
        Effect: 'Allow',
        Action: ['dynamodb:BatchGetItem', 'dynamodb:GetItem'],
        Resource: { 'Fn::GetAtt': [table, 'Arn'] },
      },
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: { 'Fn::GetAtt': [key, 'Arn'] } },
    ]);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { CREDENTIALS_TABLE: { Ref: table } } },
    });
  });

  it('has one even when only one policy of several is controlled', () => {
    templateOf({
      jwt: [
        { ...UNCONTROLLED, issuer: 'https://a.example' },
        { ...CONTROLLED, issuer: 'https://b.example' },
      ],
    }).resourceCountIs(TABLE, 1);
  });

  // Another logical id is another table: the deployed one would stay behind, with every credential in it.
  it('never changes the table’s and the key’s logical ids', () => {
    const template = templateOf({ jwt: CONTROLLED });
    expect(Object.keys(template.findResources(TABLE))).toEqual(['CredentialsTable401B582A']);
    expect(Object.keys(template.findResources('AWS::KMS::Key'))).toEqual(['CredentialsKey849F44B7']);
  });
});

describe('an uncontrolled configuration', () => {
  it('has no table, no key and no way to either', () => {
    const stack = stackOf({ jwt: UNCONTROLLED });
    expect(stack.credentials).toBeUndefined();
    const template = templateOf({ jwt: UNCONTROLLED });
    template.resourceCountIs(TABLE, 0);
    template.resourceCountIs('AWS::KMS::Key', 0);
    expect(JSON.stringify(template.toJSON())).not.toMatch(/dynamodb|CREDENTIALS_TABLE/);
  });
});

describe('replicas', () => {
  const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/0f0f0f0f-0000-0000-0000-000000000000';
  const env = { account: '111122223333', region: 'eu-west-1' };
  const replicas = [{ region: 'eu-central-1', encryptionKeyArn: KEY }];

  it('are encrypted with a key of their region, and kept as the table is', () => {
    const template = templateOf({ jwt: CONTROLLED }, { env, replicas });
    const [key] = Object.keys(template.findResources('AWS::KMS::Key'));
    const [table] = propertiesOf(template, TABLE);
    const own = { KMSMasterKeyId: { 'Fn::GetAtt': [key, 'Arn'] } };
    const kept = {
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    };
    expect(table).toMatchObject({
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
    const made = table?.['Replicas'] as { Region: string }[];
    expect(made.find(({ Region }) => Region === 'eu-central-1')).toMatchObject({
      ...kept,
      SSESpecification: { KMSMasterKeyId: KEY },
    });
    expect(made.find(({ Region }) => Region === 'eu-west-1')).toMatchObject({
      ...kept,
      SSESpecification: own,
    });
  });

  it('need to know the region of the stack, which is none of them', () => {
    expect(() => templateOf({ jwt: CONTROLLED }, { replicas })).toThrow(/region of its stack/);
    const same = [{ region: 'eu-west-1', encryptionKeyArn: KEY }];
    expect(() => templateOf({ jwt: CONTROLLED }, { env, replicas: same })).toThrow(/own region/);
  });
});
