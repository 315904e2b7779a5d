import { Aws, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type CfnGlobalTable,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { tableDefinition } from '../lambda/consumers/table.ts';

/** The table in another region. */
export interface TableReplica {
  readonly region: string;
  /** A KMS key of that region, which outlives the stack as the table does. */
  readonly encryptionKeyArn: string;
}

export interface CredentialsTableProps {
  /**
   * Whether it has a stream, as `Revocation` needs it: with the images of every change, secrets' included, for
   * a day, encrypted as the table is. A global table has one anyway.
   * @default false
   */
  readonly stream?: boolean | undefined;
  /**
   * Other regions that have the table too, for authorizers there. Writers stay in the stack's own region, which
   * must be known at synthesis: conditional writes do not hold across regions.
   * @default - none
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
   */
  readonly replicas?: readonly TableReplica[] | undefined;
}

/**
 * The table of users, applications, credentials and scopes. It and its key outlive the stack: whoever loses
 * it loses every credential, and no deployment can bring them back.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html
 */
export class CredentialsTable extends Construct {
  readonly table: TableV2;
  readonly encryptionKey: Key;

  constructor(scope: Construct, id: string, props: CredentialsTableProps = {}) {
    super(scope, id);
    this.encryptionKey = new Key(this, 'Key', {
      description: "Encrypts the JWT authorizer's credentials table",
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const { partitionKey, sortKey, ttlAttribute, listingIndex, streamViewType } = tableDefinition;
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: partitionKey, type: AttributeType.STRING },
      sortKey: { name: sortKey, type: AttributeType.STRING },
      globalSecondaryIndexes: [
        {
          indexName: listingIndex.name,
          partitionKey: { name: listingIndex.partitionKey, type: AttributeType.STRING },
          sortKey: { name: listingIndex.sortKey, type: AttributeType.STRING },
          projectionType: ProjectionType[listingIndex.projection],
        },
      ],
      timeToLiveAttribute: ttlAttribute,
      ...(props.stream === true && { dynamoStream: StreamViewType[streamViewType] }),
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...this.replication(props.replicas ?? []),
    });
    if (!props.replicas?.length) encryptWith(this.encryptionKey, this.table);
  }

  /** @throws Error where the stack's region is not known, or stands among the replicas. */
  private replication(replicas: readonly TableReplica[]): Partial<TablePropsV2> {
    if (replicas.length === 0) return {};
    const { region } = Stack.of(this);
    if (Token.isUnresolved(region))
      throw new Error('a table with replicas needs the region of its stack: give env: { account, region }');
    if (replicas.some((replica) => replica.region === region))
      throw new Error(`${region} is the table's own region, and no replica`);
    const keys = Object.fromEntries(replicas.map((replica) => [replica.region, replica.encryptionKeyArn]));
    return {
      replicas: replicas.map((replica) => ({ region: replica.region })),
      encryption: TableEncryptionV2.customerManagedKey(this.encryptionKey, keys),
    };
  }

  /** Reading items by their keys, and nothing else: no scan, no query, no index. */
  grantReadByKey(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'],
        resources: [this.table.tableArn],
      }),
    );
    this.encryptionKey.grantDecrypt(grantee);
  }

  /**
   * What the management side of the consumers does, and nothing else: items by their keys, conditional
   * writes, lists (links by query, records by the index), and a scan for the holders of a deleted scope.
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
   */
  grantManagement(grantee: IGrantable): void {
    const { tableArn } = this.table;
    const { name: index } = tableDefinition.listingIndex;
    const grant = (actions: string[], resources: string[], conditions = {}) =>
      grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources, conditions }));
    grant(MANAGEMENT_ACTIONS, [tableArn]);
    grant(['dynamodb:Query'], [`${tableArn}/index/${index}`]);
    const viaDynamoDb = { StringEquals: { 'kms:ViaService': `dynamodb.${Aws.REGION}.amazonaws.com` } };
    grant(KEY_ACTIONS, [this.encryptionKey.keyArn], viaDynamoDb);
  }
}

const MANAGEMENT_ACTIONS = [
  ...['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:Scan'],
  ...['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
];

/** AWS's least for the users of a table with a key of one's own, without `CreateGrant`, which makes tables. */
const KEY_ACTIONS = [
  ...['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
  ...['kms:ReEncryptFrom', 'kms:ReEncryptTo'],
];

/** `TableEncryptionV2.customerManagedKey` would need the region at synthesis, and with it an account. */
function encryptWith(key: Key, table: TableV2): void {
  const resource = table.node.defaultChild as CfnGlobalTable;
  resource.addPropertyOverride('SSESpecification', { SSEEnabled: true, SSEType: 'KMS' });
  resource.addPropertyOverride('Replicas.0.SSESpecification', { KMSMasterKeyId: key.keyArn });
}
