/** Quotas, troubles and the log: what surrounds each call. */
import {
  CreateDeploymentCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  UpdateMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outcome } from '../../keys/support.ts';
import { methodAt } from './definition.ts';
import { AWS_QUOTAS } from './quotas.ts';
import { type Scene, startScene } from './scene.ts';
import { killedAt, PASSING } from './trouble.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await startScene({ quotas: AWS_QUOTAS });
});
afterEach(() => scene.close());

const throttled = { name: 'TooManyRequestsException', $metadata: { httpStatusCode: 429 } };
const deploy = () => outcome(scene.client.send(new CreateDeploymentCommand({ restApiId: scene.restApiId })));
const list = () => outcome(scene.client.send(new GetResourcesCommand({ restApiId: scene.restApiId })));
const look = () => outcome(scene.client.send(new GetRestApiCommand({ restApiId: scene.restApiId })));
const protect = () =>
  outcome(
    scene.client.send(
      new UpdateMethodCommand({
        ...scene.at('GET /orders'),
        patchOperations: [{ op: 'replace', path: '/authorizationType', value: 'AWS_IAM' }],
      }),
    ),
  );
const typeNow = () => methodAt(scene.model.api.definition, 'GET /orders')?.authorizationType;

describe('quotas', () => {
  it('allow one deployment in five seconds', async () => {
    expect(await deploy()).toHaveProperty('id');
    scene.clock.pass(4_999);
    expect(await deploy()).toMatchObject(throttled);
    scene.clock.pass(1);
    expect(await deploy()).toHaveProperty('id');
    expect(scene.model.api.deployments.size).toBe(3);
  });

  it('allow five pages of resources in any two seconds', async () => {
    for (let i = 0; i < 5; i += 1) {
      expect(await list()).toHaveProperty('items');
      scene.clock.pass(100);
    }
    expect(await list()).toMatchObject(throttled);
    // The first was two seconds ago, the second was not.
    scene.clock.at(2_000);
    expect(await list()).toHaveProperty('items');
    expect(await list()).toMatchObject(throttled);
  });

  it('allow ten calls a second after a burst of forty', async () => {
    for (let i = 0; i < 40; i += 1) expect(await look()).toHaveProperty('name', 'orders');
    expect(await look()).toMatchObject(throttled);
    scene.clock.pass(99);
    expect(await look()).toMatchObject(throttled);
    scene.clock.pass(1);
    expect(await look()).toHaveProperty('name', 'orders');
    expect(await look()).toMatchObject(throttled);
  });
});

describe('trouble', () => {
  it.each(Object.entries(PASSING))('%s fails one call without any effect', async (_, trouble) => {
    scene.model.trouble = ({ operation, nth }) =>
      operation === 'UpdateMethod' && nth === 2 ? trouble : undefined;
    expect(await look()).toHaveProperty('name', 'orders');
    await protect();
    scene.model.owner.editWorkingCopy((definition) => scene.set(definition, 'GET /orders'));
    expect(await protect()).toMatchObject('error' in trouble ? { name: trouble.error } : {});
    expect(typeNow()).toBe('NONE');
    await protect();
    expect(typeNow()).toBe('AWS_IAM');
  });

  it.each([
    ['before', 'NONE'],
    ['after', 'AWS_IAM'],
  ] as const)('a caller that is killed %s the effect of a call', async (when, type) => {
    scene.model.trouble = killedAt(2, when);
    await look();
    expect(await protect()).toBeInstanceOf(Error);
    expect(typeNow()).toBe(type);
    expect(await look()).toBeInstanceOf(Error);
    scene.model.revive();
    expect(await look()).toHaveProperty('name', 'orders');
    expect(scene.model.log.map(({ operation, outcome: end }) => `${operation} ${end}`)).toEqual([
      'GetRestApi 200',
      `UpdateMethod lost ${when}`,
      'GetRestApi lost before',
      'GetRestApi 200',
    ]);
  });

  it('an answer that is slow is the same answer', async () => {
    scene.model.trouble = () => ({ slowMs: 30_000 });
    const before = scene.clock.now();
    expect(await look()).toHaveProperty('name', 'orders');
    expect(scene.clock.now() - before).toBe(30_000);
  });
});

it('logs every call with its time, what it asked for and how it ended', async () => {
  scene.clock.pass(250);
  await protect();
  await deploy();
  await deploy();
  expect(scene.model.log).toEqual([
    {
      index: 1,
      operation: 'UpdateMethod',
      target: scene.at('GET /orders'),
      body: { patchOperations: [{ op: 'replace', path: '/authorizationType', value: 'AWS_IAM' }] },
      atMs: scene.clock.now(),
      outcome: 200,
    },
    expect.objectContaining({ index: 2, operation: 'CreateDeployment', outcome: 201 }),
    expect.objectContaining({ index: 3, outcome: 429, error: 'TooManyRequestsException' }),
  ]);
});
