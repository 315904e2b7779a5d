/** What the engine asks of API Gateway, held against what the stack allows it. */
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterEach, describe, expect, it } from 'vitest';
import { createDriftCheck } from '../../lambda/attachment/drift-check.ts';
import { readLive } from '../../lambda/attachment/read-live.ts';
import { ExistingRestApi, JwtAuthorizer } from '../../lib/index.ts';
import { configurationOf, newApp, placeholderBundle, propertiesOf, UNCONTROLLED } from '../lib/support.ts';
import { type Bench, openBench } from './bench.ts';
import { FUNCTION_ARN, selectors } from './wishes.ts';

const API = 'api1';

/** `PATCH /restapis/api1/stages/prod`: an IAM action, and the resource after the region. */
const REQUESTS: Readonly<Record<string, string>> = {
  GetRestApi: 'GET /restapis/{restApiId}',
  GetResources: 'GET /restapis/{restApiId}/resources',
  GetMethod: 'GET /restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}',
  GetAuthorizers: 'GET /restapis/{restApiId}/authorizers',
  GetStages: 'GET /restapis/{restApiId}/stages',
  GetStage: 'GET /restapis/{restApiId}/stages/{stageName}',
  GetExport: 'GET /restapis/{restApiId}/stages/{stageName}/exports/{exportType}',
  GetDeployments: 'GET /restapis/{restApiId}/deployments',
  GetDeployment: 'GET /restapis/{restApiId}/deployments/{deploymentId}',
  UpdateMethod: 'PATCH /restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}',
  CreateAuthorizer: 'POST /restapis/{restApiId}/authorizers',
  UpdateAuthorizer: 'PATCH /restapis/{restApiId}/authorizers/{authorizerId}',
  DeleteAuthorizer: 'DELETE /restapis/{restApiId}/authorizers/{authorizerId}',
  CreateDeployment: 'POST /restapis/{restApiId}/deployments',
  DeleteDeployment: 'DELETE /restapis/{restApiId}/deployments/{deploymentId}',
  UpdateStage: 'PATCH /restapis/{restApiId}/stages/{stageName}',
  FlushStageAuthorizersCache: 'DELETE /restapis/{restApiId}/stages/{stageName}/cache/authorizers',
};

/** The patterns of a role's policies on API Gateway, `*` for anything. */
function allowed(role: string): readonly RegExp[] {
  const stack = new Stack(newApp(), 'Attaching');
  const bundleFolder = placeholderBundle();
  const authorizer = new JwtAuthorizer(stack, 'Auth', {
    configuration: configurationOf({ jwt: UNCONTROLLED }),
    bundleFolder,
  });
  new ExistingRestApi(stack, 'Orders', {
    restApi: { restApiId: API },
    stages: ['prod'],
    authorizer,
    bundleFolder,
  });
  const policies = propertiesOf(Template.fromStack(stack), 'AWS::IAM::Policy').filter(({ Roles }) =>
    JSON.stringify(Roles).includes(role),
  );
  return policies
    .flatMap(({ PolicyDocument }) => (PolicyDocument as { Statement: Statement[] }).Statement)
    .flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => [Resource].flat().map((resource) => [action, resource] as const)),
    )
    .filter(([action]) => action.startsWith('apigateway:'))
    .map(([action, resource]) => {
      const [, path = ''] = JSON.stringify(resource).match(/::(\/restapis\/[^"]*)"/) ?? [];
      const pattern = path.split('*').map(escaped).join('.*');
      return new RegExp(`^${action.slice('apigateway:'.length)} ${pattern}$`);
    });
}

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

const opened: Bench[] = [];
afterEach(async () => {
  for (const bench of opened.splice(0)) await bench.close();
});

/** What was asked that is not allowed, and how many different things were asked at all. */
function denied({ scene }: Bench, patterns: readonly RegExp[]) {
  const asked = new Set(
    scene.model.log.map(({ operation, target }) =>
      (REQUESTS[operation] ?? `no request for ${operation}`).replaceAll(
        /\{(\w+)\}/g,
        (_, name: string) => target[name] ?? name,
      ),
    ),
  );
  const isDenied = (request: string) => !patterns.some((pattern) => pattern.test(request));
  return { denied: [...asked].filter(isDenied), asked: asked.size };
}

async function attached(): Promise<Bench> {
  const bench = await openBench({ stages: ['prod', 'test'] });
  opened.push(bench);
  await bench.reconcile({ takeOver: true, stages: ['prod', 'test'] });
  return bench;
}

describe('every call is allowed', () => {
  it('of attaching, selecting otherwise, leaving a stage, changing the function, and putting all back', async () => {
    const bench = await attached();
    await bench.reconcile({ takeOver: true, stages: ['prod', 'test'], selectors: selectors('GET /orders') });
    await bench.reconcile({ takeOver: true, stages: ['prod'] });
    await bench.reconcile({
      takeOver: true,
      stages: ['prod'],
      handler: { functionArn: `${FUNCTION_ARN}:2` },
    });
    expect((await bench.detach()).kind).toBe('detached');
    const { denied: not, asked } = denied(bench, allowed('OrdersHandlerRole'));
    expect(not).toEqual([]);
    expect(asked).toBeGreaterThan(20);
    // So that the test cannot pass because nothing is held against anything.
    expect(denied(bench, allowed('OrdersDriftCheckRole')).denied.length).toBeGreaterThan(5);
  });

  it('of a drift check, to which no change is', async () => {
    const bench = await attached();
    const before = bench.calls();
    const { controlPlane } = bench.process();
    const check = createDriftCheck({
      restApiId: API,
      journal: bench.journal,
      readLive: (id) => readLive(controlPlane, id),
      write: () => undefined,
      now: bench.scene.clock.now,
      sleep: async () => undefined,
      functionName: 'drift',
    });
    await check({}, { getRemainingTimeInMillis: () => 900_000 });
    const log = bench.scene.model.log.slice(before);
    const looked = { scene: { model: { log } } } as unknown as Bench;
    const patterns = allowed('OrdersDriftCheckRole');
    expect(denied(looked, patterns)).toMatchObject({ denied: [], asked: expect.any(Number) });
    expect(log.length).toBeGreaterThan(4);
    expect(patterns.some((pattern) => /^\^(?:PATCH|POST|DELETE)/.test(pattern.source))).toBe(false);
  });
});

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
