import {
  CreateAuthorizerCommand,
  DeleteAuthorizerCommand,
  GetAuthorizerCommand,
  GetAuthorizersCommand,
  UpdateAuthorizerCommand,
  UpdateMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { outcome } from '../../keys/support.ts';
import { type Scene, startScene } from './scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await startScene();
});
afterEach(() => scene.close());

const ours = {
  name: 'ours',
  type: 'REQUEST',
  authorizerUri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/ours/invocations',
  identitySource: 'method.request.header.Authorization',
  authorizerResultTtlInSeconds: 300,
} as const;
const create = (input: object = {}) =>
  scene.client.send(new CreateAuthorizerCommand({ restApiId: scene.restApiId, ...ours, ...input }));
const refused = (name: string, status: number) => ({ name, $metadata: { httpStatusCode: status } });

it('CreateAuthorizer gives it an id, and GetAuthorizers shows it page by page', async () => {
  const { client, restApiId, theirs } = scene;
  const { id = '' } = await create();
  expect(await client.send(new GetAuthorizerCommand({ restApiId, authorizerId: id }))).toMatchObject({
    ...ours,
    authType: 'custom',
  });
  const first = await client.send(new GetAuthorizersCommand({ restApiId, limit: 1 }));
  const second = await client.send(
    new GetAuthorizersCommand({ restApiId, limit: 1, position: first.position ?? '' }),
  );
  expect([first, second].flatMap(({ items = [] }) => items.map((item) => item.id)).toSorted()).toEqual(
    [id, theirs.id].toSorted(),
  );
  expect(second.position).toBeUndefined();
});

it.each([
  ['a name that another has', { name: 'theirs' }],
  ['a TTL over an hour', { authorizerResultTtlInSeconds: 3601 }],
  ['no identity source, with a TTL', { identitySource: undefined }],
  ['no function', { authorizerUri: undefined }],
  ['a user pool without its ARN', { type: 'COGNITO_USER_POOLS' }],
  [
    'a token without its place, without a TTL',
    { type: 'TOKEN', identitySource: undefined, authorizerResultTtlInSeconds: 0 },
  ],
])('CreateAuthorizer refuses %s', async (_, input) => {
  expect(await outcome(create(input))).toMatchObject(refused('BadRequestException', 400));
});

it('CreateAuthorizer takes no identity source at TTL 0, and an hour at most', async () => {
  await create({ name: 'uncached', identitySource: undefined, authorizerResultTtlInSeconds: 0 });
  await create({ name: 'cached', authorizerResultTtlInSeconds: 3600 });
});

it('an API takes ten authorizers', async () => {
  for (let i = 2; i <= 10; i += 1) await create({ name: `ours${i}` });
  expect(await outcome(create({ name: 'ours11' }))).toMatchObject(refused('LimitExceededException', 429));
});

it('UpdateAuthorizer changes what it may, and nothing of what is deployed', async () => {
  const { client, restApiId, theirs, model } = scene;
  const update = (path: string, value: string) =>
    outcome(
      client.send(
        new UpdateAuthorizerCommand({
          restApiId,
          authorizerId: theirs.id,
          patchOperations: [{ op: 'replace', path, value }],
        }),
      ),
    );
  expect(await update('/authorizerResultTtlInSeconds', '60')).toMatchObject({
    authorizerResultTtlInSeconds: 60,
  });
  expect(await update('/authorizerResultTtlInSeconds', '-1')).toMatchObject(
    refused('BadRequestException', 400),
  );
  expect(await update('/id', 'abc123')).toMatchObject(refused('BadRequestException', 400));
  const [deployment] = model.api.deployments.values();
  expect(deployment?.definition.authorizers.get(theirs.id)).not.toHaveProperty(
    'authorizerResultTtlInSeconds',
  );
});

it('DeleteAuthorizer is refused while a method of the working copy refers to it', async () => {
  const { client, restApiId, theirs, at, model } = scene;
  const remove = () => client.send(new DeleteAuthorizerCommand({ restApiId, authorizerId: theirs.id }));
  expect(await outcome(remove())).toMatchObject({
    ...refused('ConflictException', 409),
    message: "Cannot delete authorizer 'theirs', is referenced in method: DELETE//orders/{id}",
  });
  await client.send(
    new UpdateMethodCommand({
      ...at('DELETE /orders/{id}'),
      patchOperations: [{ op: 'replace', path: '/authorizationType', value: 'AWS_IAM' }],
    }),
  );
  // The stage's snapshot still refers to it: AWS does not look there.
  await remove();
  expect(model.api.definition.authorizers.size).toBe(0);
  expect(await outcome(remove())).toMatchObject(refused('NotFoundException', 404));
});
