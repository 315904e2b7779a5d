import { Aws, Stack } from 'aws-cdk-lib';
import { Period, type RestApi, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { UsagePlan as PlanOfConfig } from '../lambda/config/types.ts';

export interface UsagePlansProps {
  /** An API of the stack's own, whose methods ask for the API key that its authorizer names. */
  readonly api: RestApi;
  readonly plans: readonly PlanOfConfig[];
}

/**
 * The usage plans of the configuration, on the API's one stage. Each has a logical id of its name, so that
 * other limits are a change of the plan that is there, with its API keys and its counts; another name is
 * another plan. The API keys are made with the credentials, never here: a template would show them.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-usageplan.html
 */
export class UsagePlans extends Construct {
  /** The ids of the plans, by their names. */
  readonly ids: ReadonlyMap<string, string>;

  constructor(scope: Construct, id: string, { api, plans }: UsagePlansProps) {
    super(scope, id);
    this.ids = new Map(plans.map((plan) => [plan.name, this.addPlan(api, plan).usagePlanId]));
  }

  /** `{"gold":"abc123"}`, with what only the deployment knows. */
  idsJson(): string {
    return Stack.of(this).toJsonString(Object.fromEntries(this.ids));
  }

  /**
   * Making API keys, adding them to these plans, finding them by name, deleting them. IAM knows an API key by its id
   * alone, which is not known before: deleting holds for all of the account's in the region.
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-create-and-manage-api.html
   */
  grantApiKeys(grantee: IGrantable): void {
    const resource = (path: string) => `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}::${path}`;
    const grant = (actions: string[], resources: string[]) =>
      grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
    grant(['apigateway:GET', 'apigateway:POST'], [resource('/apikeys')]);
    grant(['apigateway:DELETE'], [resource('/apikeys/*')]);
    grant(
      ['apigateway:POST'],
      [...this.ids.values()].map((id) => resource(`/usageplans/${id}/keys`)),
    );
  }

  private addPlan(api: RestApi, { name, throttle, quota }: PlanOfConfig): UsagePlan {
    return new UsagePlan(this, name, {
      name,
      description: `The plan ${name} of ${Stack.of(this).stackName}`,
      apiStages: [{ stage: api.deploymentStage }],
      ...(throttle && { throttle }),
      ...(quota && { quota: { limit: quota.limit, period: PERIODS[quota.period] } }),
    });
  }
}

const PERIODS = { DAY: Period.DAY, WEEK: Period.WEEK, MONTH: Period.MONTH } as const;
