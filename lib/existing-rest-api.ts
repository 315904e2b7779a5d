import { createHash } from 'node:crypto';
import { CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct, type IDependable } from 'constructs';
import type { AttachmentProperties } from '../lambda/attachment/attachment-properties.ts';
import type { Wish } from '../lambda/attachment/wish.ts';
import { keyedOf } from '../lambda/config/keying.ts';
import { parseSelector } from '../lambda/config/selector.ts';
import { acknowledgeResource } from './acknowledge-resource.ts';
import { AttachmentFunction } from './attachment-function.ts';
import { AttachmentJournal } from './attachment-journal.ts';
import { allowAttaching, allowReading } from './attachment-permissions.ts';
import { bundleIn } from './authorizer-bundle.ts';
import type { AuthorizerFunction } from './authorizer-function.ts';
import { DriftCheck } from './drift-check.ts';
import { problemsOf } from './existing-rest-api-problems.ts';
import type { ExistingRestApiProps } from './existing-rest-api-props.ts';
import { JwtAuthorizerPropsError } from './props-error.ts';

/**
 * A REST API that exists, made by hand or by another stack, whose methods get a JWT authorizer, and get back what stood
 * before them when this is deleted:
 *
 * ```ts
 * new ExistingRestApi(this, 'Orders', {
 *   restApi: RestApi.fromRestApiId(this, 'OrdersApi', 'a1b2c3d4e5'),
 *   stages: ['prod'],
 *   routes: ['!GET /health'],
 *   authorizer: auth,
 * });
 * ```
 *
 * CloudFormation cannot change a method that it does not own; what it can is call a function that does. That function
 * reads what the stages serve, refuses what would surprise somebody (edits that others have not deployed, say), keeps a journal
 * of what was there, and moves a stage only to a deployment that it has looked at. See docs/attach.md.
 *
 * Its place in the tree of constructs is part of whose the attachment is: to move it, delete it first.
 */
export class ExistingRestApi extends Construct {
  readonly restApiId: string;
  /** What was there before; outlives the stack. */
  readonly journal: AttachmentJournal;
  /** The role in which API Gateway invokes the authorizer, in each version that some deployment refers to. */
  readonly invokeRole: Role;
  /** Undefined where there is none. */
  readonly driftCheck: DriftCheck | undefined;
  private readonly props: ExistingRestApiProps;

  /** @throws JwtAuthorizerPropsError */
  constructor(scope: Construct, id: string, props: ExistingRestApiProps) {
    super(scope, id);
    this.props = props;
    this.restApiId = props.restApi.restApiId;
    const { authorizer, revocation } = props.authorizer.handlerIn(Stack.of(this));
    const problems = problemsOf(props, authorizer);
    if (problems.length > 0) throw new JwtAuthorizerPropsError(this.node.path, problems);
    for (const stageName of props.stages) revocation?.addStage({ restApiId: this.restApiId, stageName });
    // Old deployments, to which the API's owner may go back, refer to old versions.
    authorizer.version.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.journal = new AttachmentJournal(this, 'Journal');
    this.invokeRole = this.makeInvokeRole(authorizer);
    this.driftCheck = props.attachWith === 'command' ? undefined : this.attach(authorizer);
  }

  /**
   * A role, and no permission for each authorizer on each version: those that are made at deployment are not known here, and
   * a permission on a version goes with it.
   */
  private makeInvokeRole({ function: { functionArn } }: AuthorizerFunction): Role {
    const role = new Role(this, 'InvokeRole', {
      description: 'API Gateway invokes the JWT authorizer in this role',
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    });
    const versions = `${functionArn}:*`;
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [versions] }));
    acknowledgeResource(
      role,
      versions,
      'Every version of the one function: old deployments of the API refer to old ones, and must go on being protected.',
    );
    return role;
  }

  private attach(authorizer: AuthorizerFunction): DriftCheck | undefined {
    const { journal, invokeRole, restApiId, props } = this;
    const folder = bundleIn(props.bundleFolder, 'attachment');
    const shared = {
      journal,
      invokeRole,
      folder,
      logRetention: props.logRetention ?? RetentionDays.ONE_YEAR,
    };
    const handler = new AttachmentFunction(this, 'Handler', shared);
    const driftCheck =
      props.driftCheck === false
        ? undefined
        : new DriftCheck(this, 'DriftCheck', {
            ...shared,
            ...props.driftCheck,
            restApiId,
            alarmActions: props.alarmActions ?? [],
          });
    // Another API is another resource with permissions of its own, so that there are still those for the old one when it is its
    // turn to be deleted.
    const ofApi = new Construct(this, `Api${this.apiHash()}`);
    const roles = (reattaching: boolean) => [
      handler.role,
      ...(driftCheck !== undefined && (!reattaching || isReattaching(props)) ? [driftCheck.role] : []),
    ];
    const permissions = [
      allowReading(ofApi, roles(false), restApiId),
      allowAttaching(ofApi, roles(true), restApiId),
    ];
    const needed = [authorizer, journal, invokeRole, handler, ...permissions];
    const attachment = this.addResource(ofApi, handler, { authorizer, needed });
    driftCheck?.startsAfter(attachment);
    return driftCheck;
  }

  /** @param needed there before it is made, and until it is deleted. */
  private addResource(
    scope: Construct,
    handler: AttachmentFunction,
    { authorizer, needed }: { authorizer: AuthorizerFunction; needed: readonly IDependable[] },
  ): CustomResource {
    const properties: AttachmentProperties = {
      RestApiId: this.restApiId,
      Wish: Stack.of(this).toJsonString(this.wish(authorizer)),
    };
    const attachment = new CustomResource(scope, 'Attachment', {
      resourceType: 'Custom::JwtAuthorizerAttachment',
      serviceToken: handler.function.functionArn,
      serviceTimeout: Duration.hours(1),
      properties: { ...properties },
    });
    attachment.node.addDependency(...needed);
    return attachment;
  }

  private wish({ version, config }: AuthorizerFunction): Omit<Wish, 'owner'> {
    const { restApi, stages, routes = [], takeOver, deployPendingChanges, onDetach } = this.props;
    return {
      restApiId: restApi.restApiId,
      stages,
      selectors: routes.map(parseSelector).filter((selector) => typeof selector !== 'string'),
      keyed: keyedOf(config),
      handler: { functionArn: version.functionArn, invokeRoleArn: this.invokeRole.roleArn },
      takeOver: takeOver ?? false,
      deployPendingChanges: deployPendingChanges ?? false,
      onDetach: onDetach ?? 'restore',
    };
  }

  /** Of the id, or of what stands for it until the deployment. */
  private apiHash(): string {
    const id = JSON.stringify(Stack.of(this).resolve(this.restApiId));
    return createHash('sha256').update(id).digest('hex').slice(0, 8);
  }
}

const isReattaching = ({ driftCheck }: ExistingRestApiProps): boolean =>
  typeof driftCheck === 'object' && driftCheck.reattach === true;
