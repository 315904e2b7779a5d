/** The engine's client of API Gateway, with the real SDK, on the model over HTTP. */
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ControlPlane,
  ControlPlaneRefused,
  ControlPlaneUnavailable,
} from '../../lambda/attachment/control-plane.ts';
import { openControlPlane } from '../../lambda/attachment/open-control-plane.ts';
import { LONGEST_CALL_MS } from '../../lambda/attachment/run.ts';
import { outcome } from '../keys/support.ts';
import { methodAt } from '../support/control-plane/definition.ts';
import { AWS_QUOTAS, type Quotas } from '../support/control-plane/quotas.ts';
import { type Scene, startScene } from '../support/control-plane/scene.ts';
import { PASSING, type Trouble } from '../support/control-plane/trouble.ts';
import { openPlane } from './support.ts';

let scene: Scene;
let plane: ControlPlane;
const begin = async (quotas?: Quotas) => {
  scene = await startScene(quotas && { quotas });
  plane = openPlane(scene);
};
beforeEach(() => begin());
afterEach(() => scene.close());

const OURS = {
  name: 'ours',
  type: 'TOKEN',
  authorizerUri:
    'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111122223333:function:ours:1/invocations',
  identitySource: 'method.request.header.Authorization',
  authorizerResultTtlInSeconds: 300,
} as const;

const operations = () => scene.model.log.map(({ operation }) => operation);
const authorizers = () => [...scene.model.api.definition.authorizers.values()];

describe('reads', () => {
  it('all resources of an API that has many, with their methods', async () => {
    scene.model.owner.editWorkingCopy((definition) => {
      for (let i = 0; i < 1_100; i += 1) scene.set(definition, `GET /many/${i}`);
    });
    const resources = await plane.getResources('api1');
    const paths = resources.filter(
      ({ resourceMethods }) => resourceMethods?.['GET']?.authorizationType === 'NONE',
    );
    expect(paths.filter(({ path }) => path?.startsWith('/many/'))).toHaveLength(1_100);
    expect(operations()).toEqual(['GetResources', 'GetResources', 'GetResources']);
  });

  it('what a stage serves', async () => {
    expect(await plane.getExport('api1', 'prod')).toMatchObject({
      openapi: '3.0.1',
      paths: { '/orders': { get: { 'x-amazon-apigateway-integration': { type: 'http_proxy' } } } },
      components: { securitySchemes: { theirs: { 'x-amazon-apigateway-authorizer': { type: 'token' } } } },
    });
    expect(await plane.getStage('api1', 'prod')).toHaveProperty('deploymentId');
  });

  it('an API, a stage and a deployment that are not there as nothing', async () => {
    expect(await plane.getApi('none')).toBeUndefined();
    expect(await plane.getStage('api1', 'none')).toBeUndefined();
    expect(await plane.getSummary('api1', 'none')).toBeUndefined();
    expect(await plane.getApi('api1')).toEqual({ name: 'orders', policy: undefined });
  });

  it('the types of all methods of a deployment, by their names', async () => {
    const id = await plane.createDeployment('api1', 'one');
    const summary = await plane.getSummary('api1', id);
    expect(summary?.get('POST /orders')).toEqual({ authorizationType: 'NONE', apiKeyRequired: true });
    expect(summary?.get('ANY /admin/{proxy+}')).toEqual({ authorizationType: 'NONE', apiKeyRequired: false });
    expect(summary?.size).toBe(7);
  });

  it('a deployment by its description, through all pages', async () => {
    for (let i = 0; i < 501; i += 1) scene.model.owner.deploy();
    const id = await plane.createDeployment('api1', 'the one');
    expect(await plane.findDeployment('api1', 'the one')).toBe(id);
    expect(await plane.findDeployment('api1', 'another')).toBeUndefined();
  });
});

describe('writes', () => {
  it('type and authorizer of a method in one patch, and back', async () => {
    const { resourceId, httpMethod } = scene.at('GET /orders');
    const method = { resourceId, httpMethod, path: '/orders' };
    await plane.updateMethod('api1', method, { authorizationType: 'CUSTOM', authorizerId: scene.theirs.id });
    const { definition } = scene.model.api;
    expect(methodAt(definition, 'GET /orders')).toMatchObject({ authorizerId: scene.theirs.id });
    await plane.updateMethod('api1', method, { authorizationType: 'NONE' });
    expect(methodAt(definition, 'GET /orders')).toMatchObject({ authorizationType: 'NONE' });
    expect(methodAt(definition, 'GET /orders')).not.toHaveProperty('authorizerId');
  });

  it('a method that is not there any more, and says so', async () => {
    const { resourceId, httpMethod } = scene.at('GET /orders');
    const method = { resourceId, httpMethod, path: '/orders' };
    expect(await plane.updateMethod('api1', method, { authorizationType: 'AWS_IAM' })).toBe(true);
    const absent = { ...method, httpMethod: 'PATCH' };
    expect(await plane.updateMethod('api1', absent, { authorizationType: 'AWS_IAM' })).toBe(false);
  });

  it('of an authorizer what differs, and nothing where nothing does', async () => {
    const id = await plane.createAuthorizer('api1', OURS);
    await plane.updateAuthorizer('api1', { id, ...OURS }, OURS);
    expect(operations()).toEqual(['CreateAuthorizer']);
    const uncached = {
      ...OURS,
      type: 'REQUEST',
      identitySource: undefined,
      authorizerResultTtlInSeconds: 0,
      authorizerCredentials: 'arn:aws:iam::111122223333:role/invoke',
    };
    await plane.updateAuthorizer('api1', { id, ...OURS }, uncached);
    const { identitySource, ...rest } = uncached;
    expect(authorizers().find((one) => one.id === id)).toEqual({ id, authType: 'custom', ...rest });
    expect(scene.model.log.at(-1)?.body['patchOperations']).toHaveLength(4);
  });

  it('an authorizer that is gone is gone', async () => {
    const id = await plane.createAuthorizer('api1', OURS);
    await plane.deleteAuthorizer('api1', id);
    await plane.deleteAuthorizer('api1', id);
    expect(authorizers()).toEqual([scene.theirs]);
  });

  it('a deployment that nobody serves yet', async () => {
    const before = scene.model.api.stages.get('prod')?.deploymentId;
    const id = await plane.createDeployment('api1', 'one');
    expect(scene.model.api.stages.get('prod')?.deploymentId).toBe(before);
    await plane.moveStage('api1', 'prod', id);
    expect(scene.model.api.stages.get('prod')?.deploymentId).toBe(id);
    await plane.flushStage('api1', 'prod');
    expect(scene.model.api.flushed).toMatchObject([{ stageName: 'prod' }]);
  });
});

describe('what passes is waited for', () => {
  const troubles: [string, Trouble][] = [
    ...Object.entries(PASSING),
    ['lost before', { lost: 'before' }],
    ['lost after', { lost: 'after' }],
    ['slow', { slowMs: 14_000 }],
  ];
  it.each(troubles)('%s, three times over', async (_, trouble) => {
    scene.model.trouble = ({ nth }) => (nth <= 3 ? trouble : undefined);
    const { resourceId, httpMethod } = scene.at('GET /orders');
    const id = await plane.createAuthorizer('api1', OURS);
    await plane.updateMethod(
      'api1',
      { resourceId, httpMethod, path: '/orders' },
      { authorizationType: 'CUSTOM', authorizerId: id },
    );
    const deploymentId = await plane.createDeployment('api1', 'one');
    await plane.moveStage('api1', 'prod', deploymentId);
    expect(await plane.getExport('api1', 'prod')).toHaveProperty('paths');
    expect(authorizers().map(({ name }) => name)).toEqual(['theirs', 'ours']);
    // The owner's and ours: none is made twice, whatever became of the answers.
    expect(scene.model.api.deployments.size).toBe(2);
    expect(scene.model.api.stages.get('prod')?.deploymentId).toBe(deploymentId);
  });

  it('but not for ever, and never for longer than is said', async () => {
    for (const trouble of [PASSING.unavailable, PASSING.throttled, { lost: 'before' } as const]) {
      scene.model.trouble = () => trouble;
      const before = scene.clock.now();
      expect(await outcome(plane.createDeployment('api1', 'one'))).toBeInstanceOf(ControlPlaneUnavailable);
      expect(scene.clock.now() - before).toBeLessThan(LONGEST_CALL_MS);
      expect(scene.clock.now() - before).toBeGreaterThan(15_000);
    }
  });

  it('a contradiction is AWS’s to explain', async () => {
    scene.model.owner.editWorkingCopy((definition) => {
      scene.set(definition, 'GET /orders', { authorizationType: 'CUSTOM', authorizerId: scene.theirs.id });
    });
    const error = await outcome(plane.deleteAuthorizer('api1', scene.theirs.id));
    expect(error).toBeInstanceOf(ControlPlaneRefused);
    expect(String(error)).toContain('is referenced in method');
  });
});

it('what will not pass is not waited for', async () => {
  for (let i = 1; i < 10; i += 1) await plane.createAuthorizer('api1', { ...OURS, name: `ours-${i}` });
  const calls = scene.model.log.length;
  const { resourceId, httpMethod } = scene.at('GET /orders');
  const method = { resourceId, httpMethod, path: '/orders' };
  for (const call of [
    () => plane.createAuthorizer('api1', OURS),
    () => plane.updateMethod('api1', method, { authorizationType: 'CUSTOM' }),
    () => plane.moveStage('api1', 'prod', 'none'),
    () => plane.getResources('none'),
  ])
    expect(await outcome(call())).toBeInstanceOf(ControlPlaneRefused);
  expect(scene.model.log).toHaveLength(calls + 4);
});

it('without credentials nothing is waited for either', async () => {
  const client = new APIGatewayClient({
    endpoint: 'http://127.0.0.1:9',
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: async () => {
      throw Object.assign(new Error('none'), { name: 'CredentialsProviderError' });
    },
  });
  const sleep = async () => expect.unreachable('waits');
  const error = await outcome(openControlPlane({ client, sleep }).getApi('api1'));
  expect(error).toBeInstanceOf(ControlPlaneRefused);
  client.destroy();
});

describe('quotas', () => {
  it('are kept: nobody is throttled', async () => {
    await scene.close();
    await begin(AWS_QUOTAS);
    for (let i = 0; i < 100; i += 1) await plane.getStages('api1');
    for (let i = 0; i < 12; i += 1) await plane.getResources('api1');
    for (let i = 0; i < 3; i += 1) await plane.createDeployment('api1', `${i}`);
    expect(scene.model.log.filter(({ outcome: end }) => end === 429)).toEqual([]);
  });

  it('leave half of what the account may do to others while methods are changed', async () => {
    const { resourceId, httpMethod } = scene.at('GET /orders');
    const method = { resourceId, httpMethod, path: '/orders' };
    const before = scene.clock.now();
    for (let i = 0; i < 51; i += 1)
      await plane.updateMethod('api1', method, { authorizationType: 'AWS_IAM' });
    expect(scene.clock.now() - before).toBe(10_000);
  });

  it('that somebody else uses up are waited for', async () => {
    await scene.close();
    await begin(AWS_QUOTAS);
    await plane.createDeployment('api1', 'one');
    await openPlane(scene).createDeployment('api1', 'two');
    expect(scene.model.log.some(({ outcome: end }) => end === 429)).toBe(true);
    expect(scene.model.api.deployments.size).toBe(3);
  });
});
