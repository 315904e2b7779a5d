import {
  CreateDeploymentCommand,
  type CreateDeploymentCommandInput,
  DeleteDeploymentCommand,
  FlushStageAuthorizersCacheCommand,
  GetDeploymentCommand,
  GetDeploymentsCommand,
  GetGatewayResponsesCommand,
  GetStageCommand,
  GetStagesCommand,
  type PatchOperation,
  UpdateMethodCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outcome } from '../../keys/support.ts';
import { type Scene, startScene } from './scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await startScene({ stages: ['prod', 'test'] });
});
afterEach(() => scene.close());

const refused = (name: string, status: number) => ({ name, $metadata: { httpStatusCode: status } });
const deploy = (input: Omit<CreateDeploymentCommandInput, 'restApiId'> = {}) =>
  scene.client.send(new CreateDeploymentCommand({ restApiId: scene.restApiId, ...input }));
const stage = (stageName: string) =>
  scene.client.send(new GetStageCommand({ restApiId: scene.restApiId, stageName }));
const patchStage = (stageName: string, ...patchOperations: PatchOperation[]) =>
  outcome(
    scene.client.send(new UpdateStageCommand({ restApiId: scene.restApiId, stageName, patchOperations })),
  );
const summary = async (deploymentId = '') =>
  (
    await scene.client.send(
      new GetDeploymentCommand({ restApiId: scene.restApiId, deploymentId, embed: ['apisummary'] }),
    )
  ).apiSummary;
const protect = () =>
  scene.client.send(
    new UpdateMethodCommand({
      ...scene.at('GET /orders'),
      patchOperations: [{ op: 'replace', path: '/authorizationType', value: 'AWS_IAM' }],
    }),
  );

describe('a deployment', () => {
  it('holds the working copy of its moment, and no stage moves unless it is named', async () => {
    const before = await stage('prod');
    await protect();
    expect((await summary(before.deploymentId))?.['/orders']?.['GET']).toEqual({
      authorizationType: 'NONE',
      apiKeyRequired: false,
    });
    const { id } = await deploy();
    expect((await stage('prod')).deploymentId).toBe(before.deploymentId);
    expect((await summary(id))?.['/orders']?.['GET']?.authorizationType).toBe('AWS_IAM');
    expect((await summary(id))?.['/orders']?.['POST']).toEqual({
      authorizationType: 'NONE',
      apiKeyRequired: true,
    });
    expect(scene.model.history).toHaveLength(1);
  });

  it("is live at once on the stage that it names, others' edits and all", async () => {
    await protect();
    scene.model.owner.editWorkingCopy((definition) => scene.set(definition, 'GET /debug'));
    const before = await stage('test');
    const { id } = await deploy({ stageName: 'prod' });
    expect((await stage('prod')).deploymentId).toBe(id);
    expect((await stage('test')).deploymentId).toBe(before.deploymentId);
    expect(await summary(id)).toHaveProperty(['/debug', 'GET']);
    await deploy({ stageName: 'new' });
    expect((await stage('new')).stageName).toBe('new');
  });

  it('cannot be deleted while a stage or its canary uses it', async () => {
    const { client, restApiId } = scene;
    const remove = (deploymentId = '') =>
      outcome(client.send(new DeleteDeploymentCommand({ restApiId, deploymentId })));
    const { deploymentId } = await stage('prod');
    const { id: canary } = await deploy({ stageName: 'test', canarySettings: { percentTraffic: 10 } });
    const { id: unused } = await deploy();
    expect(await remove(deploymentId)).toMatchObject(refused('BadRequestException', 400));
    expect(await remove(canary)).toMatchObject(refused('BadRequestException', 400));
    expect(await remove(unused)).toMatchObject({ $metadata: { httpStatusCode: 202 } });
    expect(await remove(unused)).toMatchObject(refused('NotFoundException', 404));
    const { items = [] } = await client.send(new GetDeploymentsCommand({ restApiId }));
    expect(items.map(({ id }) => id).toSorted()).toEqual([deploymentId, canary].toSorted());
  });

  it('needs an integration for every method', async () => {
    scene.model.owner.editWorkingCopy((definition) => {
      delete scene.set(definition, 'GET /half').methodIntegration;
    });
    expect(await outcome(deploy())).toMatchObject(refused('BadRequestException', 400));
  });
});

describe('a stage', () => {
  it('moves to a deployment and back, and keeps its settings', async () => {
    const methodSettings = { '*/*': { throttlingBurstLimit: 7 } };
    scene.model.owner.setStage('prod', { methodSettings, tracingEnabled: true });
    const before = await stage('prod');
    const { id = '' } = await deploy();
    const to = (value: string) => patchStage('prod', { op: 'replace', path: '/deploymentId', value });
    expect(await to(id)).toMatchObject({ deploymentId: id, methodSettings, tracingEnabled: true });
    expect(await to(before.deploymentId ?? '')).toMatchObject({ deploymentId: before.deploymentId });
    expect(await to('none')).toMatchObject(refused('BadRequestException', 400));
    expect((await stage('prod')).methodSettings).toEqual(methodSettings);
  });

  it('is found by its deployment', async () => {
    const { client, restApiId } = scene;
    const { id = '' } = await deploy({ stageName: 'prod' });
    const all = await client.send(new GetStagesCommand({ restApiId }));
    expect(all.item?.map(({ stageName }) => stageName)).toEqual(['prod', 'test']);
    const some = await client.send(new GetStagesCommand({ restApiId, deploymentId: id }));
    expect(some.item?.map(({ stageName }) => stageName)).toEqual(['prod']);
    expect(await outcome(stage('none'))).toMatchObject(refused('NotFoundException', 404));
  });

  it.each([
    ['a setting that is added', { op: 'add', path: '/deploymentId', value: 'abc123' }],
    ['a canary that is removed and not there', { op: 'remove', path: '/canarySettings' }],
    [
      'a promotion without a canary',
      { op: 'copy', path: '/deploymentId', from: '/canarySettings/deploymentId' },
    ],
    ['a copy the other way', { op: 'copy', path: '/canarySettings/deploymentId', from: '/deploymentId' }],
  ] as const)('refuses %s', async (_, operation) => {
    expect(await patchStage('prod', operation)).toMatchObject(refused('BadRequestException', 400));
  });

  it('changes as a whole or not at all', async () => {
    const { deploymentId } = await stage('prod');
    const { id = '' } = await deploy();
    expect(
      await patchStage(
        'prod',
        { op: 'replace', path: '/deploymentId', value: id },
        { op: 'remove', path: '/canarySettings' },
      ),
    ).toMatchObject(refused('BadRequestException', 400));
    expect((await stage('prod')).deploymentId).toBe(deploymentId);
    expect(scene.model.history).toHaveLength(1);
  });

  it('says loudly what the model does not know', async () => {
    expect(await patchStage('prod', { op: 'replace', path: '/tracingEnabled', value: 'true' })).toMatchObject(
      refused('NotModelled', 501),
    );
  });

  it('empties its authorizer cache when asked', async () => {
    const { client, restApiId, model, clock } = scene;
    clock.pass(1_000);
    await client.send(new FlushStageAuthorizersCacheCommand({ restApiId, stageName: 'prod' }));
    expect(model.api.flushed).toEqual([{ stageName: 'prod', atMs: clock.now() }]);
  });
});

describe('a canary', () => {
  it('comes with a deployment to a stage that is there, and is promoted, and removed', async () => {
    const { deploymentId } = await stage('prod');
    const { id } = await deploy({
      stageName: 'prod',
      canarySettings: { percentTraffic: 25, stageVariableOverrides: { color: 'blue' } },
    });
    expect(await stage('prod')).toMatchObject({
      deploymentId,
      canarySettings: { deploymentId: id, percentTraffic: 25, useStageCache: false },
    });
    const promoted = await patchStage(
      'prod',
      { op: 'replace', path: '/canarySettings/percentTraffic', value: '0.0' },
      { op: 'copy', path: '/deploymentId', from: '/canarySettings/deploymentId' },
      { op: 'copy', path: '/variables', from: '/canarySettings/stageVariableOverrides' },
    );
    expect(promoted).toMatchObject({ deploymentId: id, variables: { color: 'blue' } });
    expect(await patchStage('prod', { op: 'remove', path: '/canarySettings' })).not.toHaveProperty(
      'canarySettings',
    );
  });

  it('is made by one of its settings, on the deployment that the stage has', async () => {
    const { deploymentId } = await stage('prod');
    expect(
      await patchStage('prod', { op: 'replace', path: '/canarySettings/percentTraffic', value: '50' }),
    ).toMatchObject({ canarySettings: { deploymentId, percentTraffic: 50 } });
  });

  it.each([
    ['no stage', {}],
    ['a stage that is not there', { stageName: 'none' }],
  ])('is refused with %s', async (_, input) => {
    expect(await outcome(deploy({ ...input, canarySettings: { percentTraffic: 10 } }))).toMatchObject(
      refused('BadRequestException', 400),
    );
  });
});

it("GetGatewayResponses tells the API's own from the defaults", async () => {
  const { client, restApiId, model } = scene;
  const responseTemplates = { 'application/json': '{"error":"denied"}' };
  model.owner.editWorkingCopy(({ gatewayResponses }) => {
    gatewayResponses.set('ACCESS_DENIED', {
      responseType: 'ACCESS_DENIED',
      statusCode: '404',
      responseParameters: {},
      responseTemplates,
      defaultResponse: false,
    });
  });
  const { items = [] } = await client.send(new GetGatewayResponsesCommand({ restApiId }));
  expect(items).toHaveLength(21);
  expect(items.filter(({ defaultResponse }) => !defaultResponse)).toEqual([
    expect.objectContaining({ responseType: 'ACCESS_DENIED', statusCode: '404', responseTemplates }),
  ]);
  expect(items).toContainEqual(expect.objectContaining({ responseType: 'UNAUTHORIZED', statusCode: '401' }));
});
