import type { Stack } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { AuthorizerFunction } from './authorizer-function.ts';
import type { DriftCheckOptions } from './drift-check.ts';
import type { Revocation } from './revocation.ts';

export interface ExistingRestApiOptions {
  /**
   * What looks again and again whether the methods are still behind the authorizer; `false`: nothing does.
   * @default - once an hour, with an alarm
   */
  readonly driftCheck?: DriftCheckOptions | false | undefined;
  /**
   * Told of methods that were opened, and of looks that failed.
   * @default - none; the alarms can be seen in CloudWatch alone
   */
  readonly alarmActions?: readonly IAlarmAction[] | undefined;
  /**
   * Folder of the built attachment: `index.mjs` and its chunks.
   * @default - `dist/lambda/attachment` of this package
   */
  readonly bundleFolder?: string | undefined;
  /**
   * How long the logs are kept, which say what was changed, and for whom.
   * @default RetentionDays.ONE_YEAR
   */
  readonly logRetention?: RetentionDays | undefined;
}

export interface ExistingRestApiProps extends ExistingRestApiOptions {
  /** The API, of this region and account: `RestApi.fromRestApiId(…)`, or its id alone. */
  readonly restApi: { readonly restApiId: string };
  /** The stages that get the authorizer. Others get it with their own next deployment. */
  readonly stages: readonly string[];
  /** What stands before the methods from then on: a `JwtAuthorizer`. */
  readonly authorizer: AttachableAuthorizer;
  /**
   * Which methods: `GET /orders/*`, `ANY /admin/{proxy+}`, `!GET /health`. OPTIONS stays open in any case.
   * @default - every method
   */
  readonly routes?: readonly string[] | undefined;
  /**
   * Whether methods that something else protects are taken over.
   * @default false
   */
  readonly takeOver?: boolean | undefined;
  /**
   * Whether edits that others have not deployed yet may go live with the attachment.
   * @default false
   */
  readonly deployPendingChanges?: boolean | undefined;
  /**
   * What becomes of the methods when the attachment is deleted: `restore` what stood before them, or, where that was nothing,
   * `deny` everybody but IAM principals who may invoke them.
   * @default 'restore'
   */
  readonly onDetach?: 'restore' | 'deny' | undefined;
  /**
   * `deployment`: the stack attaches. `command`: it makes function, role and journal alone, and `jwt-authorizer attach` does
   * the rest.
   * @default 'deployment'
   */
  readonly attachWith?: 'deployment' | 'command' | undefined;
}

/** Every `JwtAuthorizer` is one. */
export interface AttachableAuthorizer {
  /** What decides for the APIs of a stack, the same one each time. */
  handlerIn(stack: Stack): AttachedHandler;
}

export interface AttachedHandler {
  readonly authorizer: AuthorizerFunction;
  /** What flushes the stages' caches when a right is taken away. */
  readonly revocation?: Pick<Revocation, 'addStage'> | undefined;
}
