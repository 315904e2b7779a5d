import { type Alarm, Dashboard, type IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type AlarmThresholds, addAuthorizerAlarms } from './authorizer-alarms.ts';
import { dashboardRows } from './authorizer-dashboard.ts';
import type { AuthorizerFunction } from './authorizer-function.ts';
import type { ExistingRestApi } from './existing-rest-api.ts';
import type { MonitoredApi } from './monitored-api.ts';
import type { Revocation } from './revocation.ts';

export interface MonitoringOptions extends AlarmThresholds {
  /**
   * Told of every alarm, those of the flushes included: `new SnsAction(topic)`.
   * @default - none; the alarms can be seen in CloudWatch alone
   */
  readonly alarmActions?: readonly IAlarmAction[] | undefined;
  /**
   * The dashboard's name, which is one of the account in all regions.
   * @default - CloudFormation makes one of the stack's name
   */
  readonly dashboardName?: string | undefined;
}

export interface MonitoringProps extends MonitoringOptions {
  readonly authorizer: AuthorizerFunction;
  /** The stages whose methods it protects; one at least where there are no `existingRestApis`. */
  readonly apis: readonly MonitoredApi[];
  /**
   * The APIs of others that it is attached to: the alarms of their drift checks tell the same ones. What API Gateway counts of
   * such an API is its owner's, and needs a name that is not known here: give it among `apis` to have it too.
   * @default - none
   */
  readonly existingRestApis?: readonly ExistingRestApi[] | undefined;
  /**
   * What flushes the stages' caches; its alarms tell the same ones.
   * @default - none
   */
  readonly revocation?: Revocation | undefined;
}

/** A dashboard and alarms of an authorizer and the APIs that it protects, all of one stack. */
export class Monitoring extends Construct {
  readonly dashboard: Dashboard;
  /** Those of the flushes and of the drift checks are not among them. */
  readonly alarms: readonly Alarm[];

  /** @throws Error when there is no API, or one has no stage. */
  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { authorizer, apis, existingRestApis = [], revocation, alarmActions = [], dashboardName } = props;
    if (apis.length + existingRestApis.length === 0) throw new Error('which APIs? give one at least');
    this.alarms = addAuthorizerAlarms(this, props);
    const driftChecks = existingRestApis.flatMap(({ driftCheck }) => driftCheck ?? []);
    const alarms = [
      ...this.alarms,
      ...(revocation?.alarms ?? []),
      ...driftChecks.flatMap((driftCheck) => driftCheck.alarms),
    ];
    for (const alarm of alarms) alarm.addAlarmAction(...alarmActions);
    this.dashboard = new Dashboard(this, 'Dashboard', {
      ...(dashboardName !== undefined && { dashboardName }),
      widgets: dashboardRows({ authorizer, apis, driftChecks, revocation, alarms }),
    });
  }
}
