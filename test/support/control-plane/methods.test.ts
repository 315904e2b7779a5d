import {
  CreateAuthorizerCommand,
  DeleteMethodCommand,
  GetMethodCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  PutMethodCommand,
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

const replace = (path: string, value: string) => ({ op: 'replace', path, value }) as const;
const update = (
  route: string,
  ...patchOperations: { op: 'add' | 'replace' | 'remove'; path: string; value: string }[]
) => outcome(scene.client.send(new UpdateMethodCommand({ ...scene.at(route), patchOperations })));
const refused = (name: string, status: number) => ({ name, $metadata: { httpStatusCode: status } });

it('GetRestApi tells the root, the source of API keys and the policy as AWS escapes it', async () => {
  const { client, restApiId, model } = scene;
  model.owner.editWorkingCopy((definition) => {
    definition.policy = '{"IpAddress":"192.0.2.0/24"}';
  });
  const api = await client.send(new GetRestApiCommand({ restApiId }));
  expect(api).toMatchObject({
    id: restApiId,
    apiKeySource: 'HEADER',
    rootResourceId: model.api.rootResourceId,
  });
  expect(api.policy).toBe('{\\"IpAddress\\":\\"192.0.2.0\\/24\\"}');
  expect(JSON.parse(`"${api.policy}"`)).toBe('{"IpAddress":"192.0.2.0/24"}');
  expect(await outcome(client.send(new GetRestApiCommand({ restApiId: 'none' })))).toMatchObject(
    refused('NotFoundException', 404),
  );
});

it('GetResources gives 300 resources page by page, each once, with their methods only when asked', async () => {
  const { client, restApiId, model, set } = scene;
  model.owner.editWorkingCopy((definition) => {
    for (let i = 0; i < 300; i += 1) set(definition, `GET /things/thing${i}`);
  });
  const paths: string[] = [];
  const sizes: number[] = [];
  let position: string | undefined;
  do {
    const page = await client.send(
      new GetResourcesCommand({ restApiId, limit: 100, embed: ['methods'], ...(position && { position }) }),
    );
    sizes.push(page.items?.length ?? 0);
    paths.push(...(page.items ?? []).map(({ path = '' }) => path));
    const thing = page.items?.find(({ path = '' }) => path.startsWith('/things/'));
    expect(thing?.resourceMethods?.['GET']).toMatchObject({
      authorizationType: 'NONE',
      apiKeyRequired: false,
    });
    position = page.position;
  } while (position !== undefined);
  // `/`, `/health`, `/orders`, `/orders/{id}`, `/admin`, `/admin/{proxy+}`, `/things` and the 300.
  expect(sizes).toEqual([100, 100, 100, 7]);
  expect(new Set(paths).size).toBe(307);
  expect(paths).not.toEqual(paths.toSorted());

  const few = await client.send(new GetResourcesCommand({ restApiId }));
  expect(few.items).toHaveLength(25);
  expect(few.items?.flatMap(({ resourceMethods = {} }) => Object.values(resourceMethods))).toContainEqual({});
  const all = await client.send(new GetResourcesCommand({ restApiId, limit: 500 }));
  expect(all.items).toHaveLength(307);
  expect(all.position).toBeUndefined();
});

it.each([
  ['a limit over 500', { limit: 501 }],
  ['no limit at all', { limit: 0 }],
  ['a position of its own making', { position: 'orders' }],
  ['something else embedded', { embed: ['authorizers'] }],
])('GetResources refuses %s', async (_, input) => {
  const { client, restApiId } = scene;
  expect(await outcome(client.send(new GetResourcesCommand({ restApiId, ...input })))).toMatchObject(
    refused('BadRequestException', 400),
  );
});

it('GetMethod tells all of a method, and that it is not there', async () => {
  const { client, at, theirs } = scene;
  expect(await client.send(new GetMethodCommand(at('DELETE /orders/{id}')))).toMatchObject({
    httpMethod: 'DELETE',
    authorizationType: 'CUSTOM',
    authorizerId: theirs.id,
    methodIntegration: { type: 'HTTP_PROXY' },
  });
  const gone = { ...at('GET /orders'), httpMethod: 'PATCH' };
  expect(await outcome(client.send(new GetMethodCommand(gone)))).toMatchObject({
    ...refused('NotFoundException', 404),
    message: 'Invalid Method identifier specified',
  });
  expect(await outcome(client.send(new GetMethodCommand({ ...gone, resourceId: 'none' })))).toMatchObject({
    message: 'Invalid Resource identifier specified',
  });
});

it('PutMethod makes a method once, and DeleteMethod takes it away once', async () => {
  const { client, at } = scene;
  const method = { ...at('GET /orders'), httpMethod: 'PATCH' };
  const put = (authorizationType: string) =>
    outcome(client.send(new PutMethodCommand({ ...method, authorizationType })));
  expect(await put('CUSTOM')).toMatchObject(refused('BadRequestException', 400));
  expect(await put('NONE')).toMatchObject({ httpMethod: 'PATCH', authorizationType: 'NONE' });
  expect(await put('NONE')).toMatchObject(refused('ConflictException', 409));
  await client.send(new DeleteMethodCommand(method));
  expect(await outcome(client.send(new DeleteMethodCommand(method)))).toMatchObject(
    refused('NotFoundException', 404),
  );
  expect(
    await outcome(
      client.send(new PutMethodCommand({ ...method, httpMethod: 'FETCH', authorizationType: 'NONE' })),
    ),
  ).toMatchObject(refused('BadRequestException', 400));
});

it('UpdateMethod sets type and authorizer together, in either order', async () => {
  const { theirs } = scene;
  const custom = { authorizationType: 'CUSTOM', authorizerId: theirs.id };
  const type = replace('/authorizationType', 'CUSTOM');
  const id = replace('/authorizerId', theirs.id);
  expect(await update('GET /orders', type, id)).toMatchObject(custom);
  expect(await update('GET /health', id, type)).toMatchObject(custom);
});

it.each([
  ['a type without an authorizer', [replace('/authorizationType', 'CUSTOM')]],
  [
    'an authorizer that is not there',
    [replace('/authorizationType', 'CUSTOM'), replace('/authorizerId', 'abc123')],
  ],
  ['a type that is none', [replace('/authorizationType', 'OPEN')]],
  ['another operation than replace', [{ op: 'add', path: '/authorizationType', value: 'AWS_IAM' } as const]],
  ['a path that is none', [replace('/httpMethod', 'PUT')]],
])('UpdateMethod refuses %s and changes nothing', async (_, operations) => {
  const { client, at } = scene;
  const before = await client.send(new GetMethodCommand(at('GET /orders')));
  expect(await update('GET /orders', replace('/apiKeyRequired', 'true'), ...operations)).toMatchObject(
    refused('BadRequestException', 400),
  );
  const { $metadata: _before, ...one } = before;
  const { $metadata: _after, ...other } = await client.send(new GetMethodCommand(at('GET /orders')));
  expect(other).toEqual(one);
});

it('UpdateMethod ignores an authorizer where the type asks for none', async () => {
  const method = await update('GET /orders', replace('/authorizerId', 'abc123'));
  expect(method).toMatchObject({ authorizationType: 'NONE' });
  expect(method).not.toHaveProperty('authorizerId');
});

it('UpdateMethod wants the authorizer again with the type, and takes another one alone', async () => {
  const { theirs } = scene;
  expect(await update('DELETE /orders/{id}', replace('/authorizationType', 'CUSTOM'))).toMatchObject(
    refused('BadRequestException', 400),
  );
  expect(await update('DELETE /orders/{id}', replace('/authorizerId', 'abc123'))).toMatchObject(
    refused('BadRequestException', 400),
  );
  expect(await update('DELETE /orders/{id}', replace('/authorizerId', theirs.id))).toMatchObject({
    authorizerId: theirs.id,
  });
});

it.each(['NONE', 'AWS_IAM'])('UpdateMethod leaves no authorizer behind on %s', async (type) => {
  const method = await update('DELETE /orders/{id}', replace('/authorizationType', type));
  expect(method).toMatchObject({ authorizationType: type });
  expect(method).not.toHaveProperty('authorizerId');
});

it('UpdateMethod takes an authorizer of the kind that the type names only', async () => {
  const { client, restApiId, theirs } = scene;
  const pool = await client.send(
    new CreateAuthorizerCommand({
      restApiId,
      name: 'pool',
      type: 'COGNITO_USER_POOLS',
      identitySource: 'method.request.header.Authorization',
      providerARNs: ['arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_ABC123'],
    }),
  );
  const toPool = replace('/authorizerId', pool.id ?? '');
  const cognito = replace('/authorizationType', 'COGNITO_USER_POOLS');
  expect(await update('GET /orders', cognito, replace('/authorizerId', theirs.id))).toMatchObject(
    refused('BadRequestException', 400),
  );
  expect(await update('GET /orders', replace('/authorizationType', 'CUSTOM'), toPool)).toMatchObject(
    refused('BadRequestException', 400),
  );
  expect(
    await update('GET /orders', cognito, toPool, {
      op: 'add',
      path: '/authorizationScopes',
      value: 'orders',
    }),
  ).toMatchObject({ authorizationType: 'COGNITO_USER_POOLS', authorizationScopes: ['orders'] });
});

it('UpdateMethod reads any other text than true as no API key', async () => {
  expect(await update('POST /orders', replace('/apiKeyRequired', 'TRUE'))).toMatchObject({
    apiKeyRequired: false,
  });
});
