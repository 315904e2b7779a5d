import { Duration, Validations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundleIn } from './authorizer-bundle.ts';
import type { CredentialsTable } from './credentials-table.ts';
import { addFunctionIdentity, addNodeFunction } from './node-function.ts';
import type { UsagePlans } from './usage-plans.ts';

export interface AdminFunctionProps {
  readonly credentialsTable: CredentialsTable;
  /**
   * The usage plans that credentials may be made with.
   * @default - none; the function may then do nothing to API keys
   */
  readonly usagePlans?: UsagePlans | undefined;
  /**
   * Folder of the built function: `index.mjs` and its chunks.
   * @default - `dist/lambda/admin` of this package
   */
  readonly bundleFolder?: string | undefined;
  /**
   * How long the function's log, which says who wrote what, is kept.
   * @default RetentionDays.ONE_YEAR
   */
  readonly logRetention?: RetentionDays | undefined;
}

/**
 * The Admin API's function: reads and writes the credentials table and, where there are usage plans, makes and
 * deletes the credentials' API keys.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html
 */
export class AdminFunction extends Construct {
  readonly function: LambdaFunction;

  /** @throws Error when there is no bundle in the folder. */
  constructor(scope: Construct, id: string, props: AdminFunctionProps) {
    super(scope, id);
    const folder = bundleIn(props.bundleFolder, 'admin');
    const identity = addFunctionIdentity(this, props.logRetention ?? RetentionDays.ONE_YEAR);
    const { role } = identity;
    this.function = addNodeFunction(this, {
      description: 'The Admin API of the JWT authorizer: users, applications, credentials, scopes',
      folder,
      identity,
      memorySize: 512,
      // API Gateway waits for 29 s. What a large deletion cleans up may go on behind that.
      timeout: Duration.seconds(60),
      environment: {
        CREDENTIALS_TABLE: props.credentialsTable.table.tableName,
        ...(props.usagePlans && { USAGE_PLANS: props.usagePlans.idsJson() }),
      },
    });
    props.credentialsTable.grantManagement(role);
    if (props.usagePlans) this.allowApiKeys(props.usagePlans, role);
  }

  private allowApiKeys(usagePlans: UsagePlans, role: Role): void {
    usagePlans.grantApiKeys(role);
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:apigateway:<AWS::Region>::/apikeys/*]',
      reason:
        'IAM knows an API key by its id, which API Gateway draws when the key is made; the function deletes ' +
        'those alone that its table names, or that are named after a credential of it.',
    });
  }
}
