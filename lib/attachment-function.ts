import { Duration } from 'aws-cdk-lib';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IDestination, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { AttachmentJournal } from './attachment-journal.ts';
import { addFunctionIdentity, addNodeFunction } from './node-function.ts';

export interface AttachmentFunctionProps {
  readonly journal: AttachmentJournal;
  /** Given to the authorizers that it makes. */
  readonly invokeRole: IRole;
  /** Of the built attachment. */
  readonly folder: string;
  readonly logRetention: RetentionDays;
}

/** The longest that Lambda runs a function; what is not done by then goes on in the next run. */
export const LONGEST_RUN = Duration.minutes(15);

/**
 * The function behind the custom resource. CloudFormation invokes it asynchronously, so that Lambda runs it again, twice, when it
 * was killed or its time ran out; and when that was not enough, another function says so to CloudFormation.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class AttachmentFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: IRole;

  constructor(scope: Construct, id: string, props: AttachmentFunctionProps) {
    super(scope, id);
    const { journal, invokeRole, folder, logRetention } = props;
    const identity = addFunctionIdentity(this, logRetention);
    this.role = identity.role;
    const { function: givenUp } = new GivenUp(this, 'GivenUp', { folder, logRetention });
    this.function = addNodeFunction(this, {
      description:
        'Puts the JWT authorizer before methods of a REST API that exists, and takes it away again',
      folder,
      identity,
      memorySize: 512,
      timeout: LONGEST_RUN,
      retryAttempts: 2,
      // CloudFormation waits for no longer.
      maxEventAge: Duration.hours(1),
      onFailure: destinationOf(givenUp, this.role),
      environment: { ATTACHMENT_JOURNAL_TABLE: journal.table.tableName },
    });
    journal.grantReadWrite(this.role);
    allowPassing(this.role, invokeRole);
  }
}

/** CDK's own destination would allow all versions of the function. */
function destinationOf({ functionArn: destination }: LambdaFunction, grantee: IRole): IDestination {
  grantee.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [destination] }),
  );
  return { bind: () => ({ destination }) };
}

/** Making an authorizer hands API Gateway the role in which it is to invoke the function. */
export function allowPassing(grantee: IRole, invokeRole: IRole): void {
  grantee.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['iam:PassRole'], resources: [invokeRole.roleArn] }),
  );
}

/** Says no to CloudFormation where the custom resource no longer can. It may do nothing but write its log. */
class GivenUp extends Construct {
  readonly function: LambdaFunction;

  constructor(
    scope: Construct,
    id: string,
    { folder, logRetention }: Pick<AttachmentFunctionProps, 'folder' | 'logRetention'>,
  ) {
    super(scope, id);
    this.function = addNodeFunction(this, {
      description: 'Tells CloudFormation of an attachment that was given up',
      folder,
      identity: addFunctionIdentity(this, logRetention),
      handler: 'givenUp',
      memorySize: 256,
      timeout: Duration.minutes(2),
    });
  }
}
