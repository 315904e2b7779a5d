import {
  CreateAuthorizerCommand,
  CreateDeploymentCommand,
  DeleteAuthorizerCommand,
  UpdateMethodCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evaluate } from './data-plane.ts';
import { probesOf } from './probes.ts';
import { isWeaker, type Protection, protectionOf, weakenings } from './protection.ts';
import { type Scene, startScene } from './scene.ts';
import type { Method } from './shapes.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await startScene({ stages: ['prod', 'test'] });
});
afterEach(() => scene.close());

const setType = (route: string, type: string, authorizerId?: string) =>
  scene.client.send(
    new UpdateMethodCommand({
      ...scene.at(route),
      patchOperations: [
        { op: 'replace', path: '/authorizationType', value: type },
        ...(authorizerId === undefined
          ? []
          : [{ op: 'replace', path: '/authorizerId', value: authorizerId } as const]),
      ],
    }),
  );
const deploy = (stageName?: string, percentTraffic?: number) =>
  scene.client.send(
    new CreateDeploymentCommand({
      restApiId: scene.restApiId,
      ...(stageName && { stageName }),
      ...(percentTraffic && { canarySettings: { percentTraffic } }),
    }),
  );
const moveStage = (stageName: string, value = '') =>
  scene.client.send(
    new UpdateStageCommand({
      restApiId: scene.restApiId,
      stageName,
      patchOperations: [{ op: 'replace', path: '/deploymentId', value }],
    }),
  );
const found = () =>
  weakenings(scene.model.history).map(
    ({ stage, httpMethod, path, by, before, after }) =>
      `${stage} ${httpMethod} ${path}: ${before.rank} to ${after.rank} by ${by}`,
  );
const meets = (httpMethod: string, path: string, stage = 'prod') => {
  const instant = scene.model.history.at(-1);
  if (instant === undefined) throw new Error('no history');
  return evaluate(instant, { stage, httpMethod, path }).map(({ release, answered }) => ({
    kind: release.kind,
    route: answered && `${answered.method.httpMethod} ${answered.resource}`,
    rank: protectionOf(answered, instant.deletedAuthorizerIds).rank,
  }));
};

describe('the data plane', () => {
  it.each([
    ['GET', '/orders', 'GET /orders', 0],
    ['POST', '/orders', 'POST /orders', 1],
    ['DELETE', '/orders/7/', 'DELETE /orders/{id}', 2],
    ['PATCH', '/admin/users/7', 'ANY /admin/{proxy+}', 0],
    ['PATCH', '/orders', undefined, 3],
    ['GET', '/admin', undefined, 3],
  ])('answers %s %s by %s', (httpMethod, path, route, rank) => {
    expect(meets(httpMethod, path)).toEqual([{ kind: 'production', route, rank }]);
  });

  it('leaves a verb that a resource has not to a less specific resource', () => {
    scene.model.owner.editWorkingCopy((definition) => scene.set(definition, 'OPTIONS /{proxy+}'));
    scene.model.owner.deploy('prod');
    expect(meets('OPTIONS', '/orders/7')).toMatchObject([{ route: 'OPTIONS /{proxy+}' }]);
    expect(meets('OPTIONS', '/orders')).toMatchObject([{ route: 'OPTIONS /orders' }]);
    expect(meets('OPTIONS', '/admin/x')).toMatchObject([{ route: 'ANY /admin/{proxy+}' }]);
  });

  it('answers from two deployments with a canary, from one at 0 and at 100 percent', async () => {
    await setType('GET /orders', 'AWS_IAM');
    await deploy('prod', 10);
    expect(meets('GET', '/orders')).toMatchObject([
      { kind: 'production', rank: 0 },
      { kind: 'canary', rank: 2 },
    ]);
    const share = (value: string) =>
      scene.client.send(
        new UpdateStageCommand({
          restApiId: scene.restApiId,
          stageName: 'prod',
          patchOperations: [{ op: 'replace', path: '/canarySettings/percentTraffic', value }],
        }),
      );
    await share('0');
    expect(meets('GET', '/orders')).toMatchObject([{ kind: 'production' }]);
    await share('100');
    expect(meets('GET', '/orders')).toMatchObject([{ kind: 'canary' }]);
  });

  it('probes where two resources meet', () => {
    expect(probesOf(['/a/{x}', '/{y}/b', '/{p+}', '/']).toSorted()).toEqual(
      ['/', '/a/b', '/a/~x', '/~p/~', '/~y/b'].toSorted(),
    );
  });
});

describe('protection', () => {
  const of = (settings: Partial<Method>, deleted: string[] = []): Protection =>
    protectionOf(
      {
        resource: '/',
        method: { httpMethod: 'GET', authorizationType: 'NONE', apiKeyRequired: false, ...settings },
      },
      new Set(deleted),
    );
  const custom = { authorizationType: 'CUSTOM', authorizerId: 'a1' };
  const pool = { authorizationType: 'COGNITO_USER_POOLS', authorizerId: 'a1' };
  const withKey = { apiKeyRequired: true };

  it.each([
    ['an API key that is dropped', withKey, {}],
    ['an API key in the place of IAM', { authorizationType: 'AWS_IAM' }, withKey],
    ['an authorizer that keeps no API key', { ...custom, ...withKey }, custom],
    ['a user pool that asks for no scope any more', { ...pool, authorizationScopes: ['a'] }, pool],
    [
      'a user pool that takes one more scope',
      { ...pool, authorizationScopes: ['a'] },
      { ...pool, authorizationScopes: ['a', 'b'] },
    ],
  ])('is less with %s', (_, before: Partial<Method>, after: Partial<Method>) => {
    expect(isWeaker(of(after), of(before))).toBe(true);
    expect(isWeaker(of(before), of(after))).toBe(false);
  });

  it.each([
    ['one authorizer for another', { authorizationType: 'AWS_IAM' }, custom],
    ['an authorizer for an API key', withKey, custom],
    [
      'a user pool with fewer scopes',
      { ...pool, authorizationScopes: ['a', 'b'] },
      { ...pool, authorizationScopes: ['b'] },
    ],
    ['nothing that changed', withKey, withKey],
  ])('is not less with %s', (_, before: Partial<Method>, after: Partial<Method>) => {
    expect(isWeaker(of(after), of(before))).toBe(false);
  });

  it('is none with an authorizer that was deleted', () => {
    expect(of(custom, ['a1']).rank).toBe(0);
    expect(of({ ...custom, ...withKey }, ['a1']).rank).toBe(0);
    expect(of(custom).rank).toBe(2);
  });
});

describe('the property', () => {
  it('holds for an attachment by its own deployment, and for its way back', async () => {
    const { client, restApiId, model } = scene;
    const [before] = model.api.deployments.keys();
    const { id: authorizerId = '' } = await client.send(
      new CreateAuthorizerCommand({
        restApiId,
        name: 'ours',
        type: 'TOKEN',
        authorizerUri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/ours/invocations',
        identitySource: 'method.request.header.Authorization',
      }),
    );
    await setType('GET /orders', 'CUSTOM', authorizerId);
    const { id } = await deploy();
    await moveStage('prod', id);
    expect(meets('GET', '/orders')).toMatchObject([{ rank: 2 }]);
    await setType('GET /orders', 'NONE');
    await moveStage('prod', before);
    await client.send(new DeleteAuthorizerCommand({ restApiId, authorizerId }));
    expect(model.history.map(({ by }) => by)).toEqual([
      'start',
      'UpdateStage',
      'UpdateStage',
      'DeleteAuthorizer',
    ]);
    expect(found()).toEqual([]);
  });

  it('does not mind what nobody can reach', async () => {
    await setType('DELETE /orders/{id}', 'NONE');
    await deploy();
    expect(found()).toEqual([]);
  });

  it('breaks where a method is opened, if only for a moment', async () => {
    const [before] = scene.model.api.deployments.keys();
    await setType('DELETE /orders/{id}', 'NONE');
    await deploy('prod');
    await moveStage('prod', before);
    expect(found()).toEqual(['prod DELETE /orders/~id: 2 to 0 by CreateDeployment']);
  });

  it('breaks where a canary opens a method for a part of the requests', async () => {
    await setType('GET /orders/{id}', 'NONE');
    await deploy('test', 1);
    expect(found()).toEqual(['test GET /orders/~id: 2 to 0 by CreateDeployment']);
  });

  it("breaks where somebody's pending edit moves requests to an open method", async () => {
    scene.model.owner.editWorkingCopy((definition) => {
      scene.set(definition, 'GET /orders/latest');
    });
    await deploy('prod');
    expect(found()).toEqual(['prod GET /orders/latest: 2 to 0 by CreateDeployment']);
  });

  it('breaks where an authorizer is deleted under a deployed method', async () => {
    const { client, restApiId, theirs } = scene;
    await setType('DELETE /orders/{id}', 'AWS_IAM');
    await client.send(new DeleteAuthorizerCommand({ restApiId, authorizerId: theirs.id }));
    expect(found()).toEqual([
      'prod DELETE /orders/~id: 2 to 0 by DeleteAuthorizer',
      'test DELETE /orders/~id: 2 to 0 by DeleteAuthorizer',
    ]);
  });

  it('does not count what the owner opens, nor what stays as the owner made it', async () => {
    const { model } = scene;
    model.owner.editWorkingCopy((definition) => {
      scene.set(definition, 'DELETE /orders/{id}');
    });
    model.owner.deploy('prod');
    await deploy('prod');
    expect(meets('DELETE', '/orders/7')).toMatchObject([{ rank: 0 }]);
    expect(found()).toEqual([]);
  });

  it('measures a stage by what its owner made of it, and the others as before', async () => {
    const { model } = scene;
    const [before = ''] = model.api.deployments.keys();
    await setType('GET /orders', 'AWS_IAM');
    await deploy('prod');
    model.owner.rollbackStage('prod', before);
    expect(meets('GET', '/orders')).toMatchObject([{ rank: 0 }]);
    expect(found()).toEqual([]);
    model.owner.reimport((definition) => {
      scene.set(definition, 'DELETE /orders/{id}');
    });
    expect(meets('DELETE', '/orders/7')).toMatchObject([{ rank: 2 }]);
    await deploy('test');
    expect(found()).toEqual(['test DELETE /orders/~id: 2 to 0 by CreateDeployment']);
  });
});
