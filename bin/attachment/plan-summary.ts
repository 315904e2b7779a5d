import type { LiveAuthorizer, LiveMethod, LiveStage, WorkingCopy } from '../../lambda/attachment/live.ts';
import { routeOf } from '../../lambda/attachment/live.ts';
import type { ExpectedMethod, Plan, WantedAuthorizer } from '../../lambda/attachment/plan.ts';

/** A plan as a person thinks of it: what becomes of each method, told by what the stages serve. Plain JSON. */
export interface PlanSummary {
  readonly methods: readonly MethodFate[];
  readonly authorizers: readonly AuthorizerFate[];
  /** That get a deployment, each with the one that it serves now. */
  readonly deploys: readonly { readonly stage: string; readonly deploymentId: string }[];
}

export interface MethodFate {
  readonly path: string;
  readonly httpMethod: string;
  readonly fate: Fate;
  /** What stands before it in the stages now: several where they differ, nothing where none serves it. */
  readonly before: readonly ExpectedMethod[];
  readonly after: ExpectedMethod;
}

/**
 * `protected`: it will be, and is not yet in every stage; `kept`: it is already; `given_back`: it gets what it had before;
 * `open`: nothing stands before it, and nothing will; `elsewhere`: something else protects it and goes on to.
 */
export type Fate = 'protected' | 'kept' | 'given_back' | 'open' | 'elsewhere';

export interface AuthorizerFate {
  readonly name: string;
  readonly fate: 'made' | 'changed' | 'retired';
  readonly type: string;
  readonly identitySource?: string | undefined;
  readonly cacheSeconds?: number | undefined;
}

/** @param isOurs whether an authorizer of this name is the attachment's own. */
export function summaryOf(
  plan: Plan,
  { workingCopy, stages }: { readonly workingCopy: WorkingCopy; readonly stages: readonly LiveStage[] },
  isOurs: (authorizerName: string) => boolean,
): PlanSummary {
  const changes = new Map(plan.methods.map(({ method, to }) => [routeOf(method), to]));
  const nameOf = new Map(workingCopy.authorizers.map(({ id, name }) => [id, name]));
  const fateOf = (method: LiveMethod): MethodFate => {
    const route = routeOf(method);
    const to = changes.get(route);
    const { authorizationType, authorizerId = '' } = to ?? method;
    const authorizerName = to?.authorizerName ?? nameOf.get(authorizerId);
    const after = { authorizationType, ...(authorizerName !== undefined && { authorizerName }) };
    const before = servedBy(stages, route);
    const fate = fateFor({
      isOurs: authorizerName !== undefined && isOurs(authorizerName),
      isNow: before.length > 0 && before.every((each) => isSame(each, after)),
      // Where only the working copy is as it was: an earlier run was stopped.
      isGivenBack: to !== undefined || before.some((each) => isOurs(each.authorizerName ?? '')),
      isOpen: authorizationType === 'NONE',
    });
    const { path, httpMethod } = method;
    return { path, httpMethod, fate, before, after };
  };
  return {
    methods: workingCopy.methods.map(fateOf).sort(byRoute),
    authorizers: [
      ...plan.authorizers.map((each) => authorizerFate(each, each.id === undefined ? 'made' : 'changed')),
      ...plan.retire.map((each) => authorizerFate(each, 'retired')),
    ],
    deploys: plan.stages.map((stage) => ({
      stage,
      deploymentId: stages.find(({ stageName }) => stageName === stage)?.deploymentId ?? '',
    })),
  };
}

function fateFor(method: { isOurs: boolean; isNow: boolean; isGivenBack: boolean; isOpen: boolean }): Fate {
  if (method.isOurs) return method.isNow ? 'kept' : 'protected';
  if (method.isGivenBack) return 'given_back';
  return method.isOpen ? 'open' : 'elsewhere';
}

function servedBy(stages: readonly LiveStage[], route: string): readonly ExpectedMethod[] {
  const served: ExpectedMethod[] = [];
  for (const { snapshot } of stages) {
    const method = snapshot.methods.get(route);
    if (method === undefined || served.some((each) => isSame(each, method))) continue;
    const { authorizationType, authorizerName } = method;
    served.push({ authorizationType, ...(authorizerName !== undefined && { authorizerName }) });
  }
  return served;
}

const isSame = (one: ExpectedMethod, other: ExpectedMethod): boolean =>
  one.authorizationType === other.authorizationType && one.authorizerName === other.authorizerName;

const authorizerFate = (
  authorizer: WantedAuthorizer | LiveAuthorizer,
  fate: AuthorizerFate['fate'],
): AuthorizerFate => ({
  name: authorizer.name,
  fate,
  type: authorizer.type,
  identitySource: authorizer.identitySource,
  cacheSeconds: authorizer.authorizerResultTtlInSeconds,
});

const byRoute = (a: MethodFate, b: MethodFate): number =>
  a.path === b.path ? compare(a.httpMethod, b.httpMethod) : compare(a.path, b.path);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
