import { GetExportCommand } from '@aws-sdk/client-api-gateway';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { outcome } from '../../keys/support.ts';
import { type Scene, startScene } from './scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await startScene();
});
afterEach(() => scene.close());

async function exported(extensions?: string) {
  const { client, restApiId } = scene;
  const { body, contentType, contentDisposition } = await client.send(
    new GetExportCommand({
      restApiId,
      stageName: 'prod',
      exportType: 'oas30',
      accepts: 'application/json',
      ...(extensions && { parameters: { extensions } }),
    }),
  );
  expect(contentType).toBe('application/octet-stream');
  expect(contentDisposition).toMatch(/^attachment; filename="oas30_/);
  return JSON.parse(Buffer.from(body ?? []).toString());
}

it("is the stage's deployed snapshot, neither the working copy nor the last deployment", async () => {
  scene.model.owner.editWorkingCopy((definition) => scene.set(definition, 'GET /debug'));
  scene.model.owner.deploy();
  expect(Object.keys((await exported()).paths)).toEqual([
    '/admin/{proxy+}',
    '/health',
    '/orders',
    '/orders/{id}',
  ]);
  scene.model.owner.deploy('prod');
  expect((await exported()).paths).toHaveProperty('/debug');
});

it('says what secures each method, with all extensions', async () => {
  const { paths, components } = await exported('apigateway');
  const { theirs } = scene;
  expect(paths['/health'].get).not.toHaveProperty('security');
  expect(paths['/orders'].post.security).toEqual([{ api_key: [] }]);
  expect(paths['/orders/{id}'].get.security).toEqual([{ sigv4: [] }]);
  expect(paths['/orders/{id}'].delete.security).toEqual([{ theirs: [] }]);
  expect(paths['/admin/{proxy+}']['x-amazon-apigateway-any-method'].parameters[0].name).toBe('proxy');
  expect(components.securitySchemes).toEqual({
    api_key: { type: 'apiKey', name: 'x-api-key', in: 'header' },
    sigv4: {
      type: 'apiKey',
      name: 'Authorization',
      in: 'header',
      'x-amazon-apigateway-authtype': 'awsSigv4',
    },
    theirs: {
      type: 'apiKey',
      name: 'Authorization',
      in: 'header',
      'x-amazon-apigateway-authtype': 'custom',
      'x-amazon-apigateway-authorizer': {
        type: 'token',
        authorizerUri: theirs.authorizerUri,
        identitySource: 'method.request.header.Authorization',
      },
    },
  });
  expect(paths['/orders'].get['x-amazon-apigateway-integration']).toEqual({
    httpMethod: 'GET',
    uri: 'https://backend.example.com/orders',
    responses: { default: { statusCode: '200' } },
    passthroughBehavior: 'when_no_match',
    type: 'http_proxy',
  });
});

it.each([
  ['no extensions', undefined, false, false],
  ['integrations', 'integrations', true, false],
  ['authorizers', 'authorizers', false, true],
  ['both', 'integrations,authorizers', true, true],
])('shows %s where that is asked for', async (_, extensions, integrations, authorizers) => {
  const { paths, components } = await exported(extensions);
  expect('x-amazon-apigateway-integration' in paths['/orders'].get).toBe(integrations);
  expect('x-amazon-apigateway-authorizer' in components.securitySchemes.theirs).toBe(authorizers);
});

it('refuses extensions that are none, and a stage that is not there', async () => {
  const { client, restApiId } = scene;
  expect(await outcome(exported('postcards'))).toMatchObject({ name: 'BadRequestException' });
  expect(
    await outcome(client.send(new GetExportCommand({ restApiId, stageName: 'none', exportType: 'oas30' }))),
  ).toMatchObject({ name: 'NotFoundException' });
});
