import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { journalTableDefinition } from '../lambda/attachment/journal-table.ts';

/**
 * What stood before the methods that an attachment protects: a few hundred small items, no secret among them. It outlives the
 * stack, since nobody else knows what to put back; once all is put back it is empty, and costs nothing.
 */
export class AttachmentJournal extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { partitionKey, sortKey } = journalTableDefinition;
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: partitionKey, type: AttributeType.STRING },
      sortKey: { name: sortKey, type: AttributeType.STRING },
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** Looking up what is attached, and nothing else. */
  grantRead(grantee: IGrantable): void {
    this.grant(grantee, ['dynamodb:Query']);
  }

  /** Items by their keys, and the list of an API's; no scan. */
  grantReadWrite(grantee: IGrantable): void {
    const verbs = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'];
    this.grant(
      grantee,
      verbs.map((verb) => `dynamodb:${verb}`),
    );
  }

  private grant(grantee: IGrantable, actions: string[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions, resources: [this.table.tableArn] }),
    );
  }
}
