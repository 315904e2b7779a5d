import { beforeEach, describe, expect, it, test } from 'vitest';
import { differencesOf } from '../../lambda/attachment/differences.ts';
import { pendingEdits } from '../../lambda/attachment/pending-edits.ts';
import { workingCopyOf } from '../../lambda/attachment/project.ts';
import { snapshotOfExport } from '../../lambda/attachment/project-export.ts';
import { unescapedPolicy } from '../../lambda/attachment/project-policy.ts';
import { methodAt, resourceAt } from '../support/control-plane/definition.ts';
import type { ControlPlaneModel } from '../support/control-plane/model.ts';
import type { Definition } from '../support/control-plane/shapes.ts';
import { liveOf } from './live-model.ts';
import { everyKind, modelOf, set } from './model-scene.ts';
import { OWNER } from './wishes.ts';

let model: ControlPlaneModel;
beforeEach(() => {
  model = modelOf(everyKind);
});

/** What `prod` does not serve yet: `GET /orders: protection`. */
async function pending() {
  const { workingCopy, stages } = await liveOf(model);
  const served = stages[0]?.snapshot;
  if (served === undefined) throw new Error('no stage');
  return pendingEdits({ served, workingCopy: workingCopy.snapshot }, OWNER, undefined).map(
    ({ name, settings }) => `${name}: ${settings.join(', ')}`,
  );
}

it('what is deployed and not changed since has no pending edits', async () => {
  expect(await pending()).toEqual([]);
  expect((await liveOf(model)).workingCopy.snapshot.methods.size).toBeGreaterThan(6);
});

type Edit = (definition: Definition) => void;

const method = (route: string, change: (method: NonNullable<ReturnType<typeof methodAt>>) => void): Edit => {
  return (definition) => {
    const found = methodAt(definition, route);
    if (found === undefined) throw new Error(`no ${route}`);
    change(found);
  };
};

const EDITS: readonly (readonly [string, Edit, string])[] = [
  ['a new method', (definition) => set(definition, 'PUT /orders'), 'PUT /orders: added'],
  ['a new resource', (definition) => set(definition, 'GET /debug'), 'GET /debug: added'],
  [
    'a method that went away',
    (definition) => resourceAt(definition, '/orders')?.methods.delete('POST'),
    'POST /orders: removed',
  ],
  [
    'IAM instead of nothing',
    method('GET /health', (found) => {
      found.authorizationType = 'AWS_IAM';
    }),
    'GET /health: protection',
  ],
  [
    'nothing instead of an authorizer',
    method('DELETE /orders/{id}', (found) => {
      found.authorizationType = 'NONE';
      delete found.authorizerId;
    }),
    'DELETE /orders/{id}: protection',
  ],
  [
    'another scope of a user pool',
    method('GET /pool', (found) => {
      found.authorizationScopes = ['orders/read', 'orders/write'];
    }),
    'GET /pool: authorizationScopes',
  ],
  [
    'no API key any more',
    method('POST /orders', (found) => {
      found.apiKeyRequired = false;
    }),
    'POST /orders: apiKeyRequired',
  ],
  [
    'another back end',
    method('GET /orders', (found) => {
      found.methodIntegration = {
        ...found.methodIntegration,
        type: 'HTTP_PROXY',
        uri: 'https://other.example.com',
      };
    }),
    'GET /orders: integration.uri',
  ],
  [
    'another kind of back end',
    method('GET /orders', (found) => {
      found.methodIntegration = { ...found.methodIntegration, type: 'HTTP' };
    }),
    'GET /orders: integration.type',
  ],
  [
    'another pattern of a response',
    method('GET /orders', (found) => {
      found.methodIntegration = {
        type: 'HTTP_PROXY',
        ...found.methodIntegration,
        integrationResponses: { '200': { statusCode: '200', selectionPattern: '2\\d{2}' } },
      };
    }),
    'GET /orders: integration.responses',
  ],
  [
    'another response',
    method('GET /orders', (found) => {
      found.methodResponses = { '200': { statusCode: '200' }, '404': { statusCode: '404' } };
    }),
    'GET /orders: responses',
  ],
  [
    'a name for the operation',
    method('GET /orders', (found) => {
      found.operationName = 'listOrders';
    }),
    'GET /orders: operationName',
  ],
  [
    'another function of an authorizer',
    ({ authorizers }) => {
      for (const authorizer of authorizers.values())
        if (authorizer.name === 'theirs') authorizer.authorizerUri = `${authorizer.authorizerUri}2`;
    },
    'theirs: authorizerUri',
  ],
  [
    'binary media types',
    (definition) => {
      definition.binaryMediaTypes = ['image/png'];
    },
    ': binaryMediaTypes',
  ],
  [
    'a resource policy',
    (definition) => {
      definition.policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    },
    ': policy',
  ],
];

describe('an edit that is not deployed is found', () => {
  test.each(EDITS)('%s', async (_, edit, expected) => {
    model.owner.editWorkingCopy(edit);
    expect(await pending()).toEqual([expected]);
    model.owner.deploy('prod');
    expect(await pending()).toEqual([]);
  });

  it('each of several', async () => {
    for (const [, edit] of EDITS.slice(0, 3)) model.owner.editWorkingCopy(edit);
    expect(await pending()).toHaveLength(3);
  });
});

describe('is no edit', () => {
  test.each<[string, Edit]>([
    [
      'a default that is written out',
      method('GET /orders', (found) => {
        found.methodIntegration = {
          type: 'HTTP_PROXY',
          ...found.methodIntegration,
          ...{ timeoutInMillis: 29_000, cacheNamespace: 'abc123', cacheKeyParameters: [] },
          ...{ connectionType: 'INTERNET', responseTransferMode: 'BUFFERED' },
        };
      }),
    ],
    [
      'an authorizer that no method uses',
      ({ authorizers }) =>
        authorizers.set('x', {
          id: 'x',
          name: 'unused',
          type: 'TOKEN',
          authType: 'custom',
          authorizerUri: 'u',
        }),
    ],
    [
      'an authorizer that stays beside IAM',
      method('GET /orders/{id}', (found) => {
        found.authorizerId = 'gone';
      }),
    ],
  ])('%s', async (_, edit) => {
    model.owner.editWorkingCopy(edit);
    expect(await pending()).toEqual([]);
  });

  it('new ids after an import of the same', async () => {
    model.owner.reimport(everyKind);
    expect(await pending()).toEqual([]);
  });
});

describe('an export of AWS', () => {
  const integration = {
    uri: 'https://backend.example.com/{proxy}',
    responses: {
      default: { statusCode: '200', responseTemplates: { 'application/json': '__passthrough__' } },
    },
    requestParameters: { 'integration.request.path.proxy': 'method.request.path.proxy' },
    passthroughBehavior: 'when_no_match',
    httpMethod: 'ANY',
    cacheNamespace: 'efpvax',
    cacheKeyParameters: ['method.request.path.proxy'],
    responseTransferMode: 'BUFFERED',
    type: 'http_proxy',
  };
  const exported = {
    openapi: '3.0.1',
    paths: {
      '/{proxy+}': {
        'x-amazon-apigateway-any-method': {
          parameters: [
            { name: 'proxy', in: 'path', required: true, schema: { type: 'string' } },
            { name: 'page', in: 'query', schema: { type: 'string' } },
            { name: 'X-Tenant', in: 'header', required: true, schema: { type: 'string' } },
          ],
          requestBody: {
            content: { 'application/json': { schema: { $ref: '#/components/schemas/NewPet' } } },
            required: true,
          },
          responses: {
            '200': {
              description: '200 response',
              headers: { 'Access-Control-Allow-Origin': { schema: { type: 'string' } } },
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Pets' } } },
            },
          },
          security: [{ introspection: [] }, { api_key: [] }],
          'x-amazon-apigateway-request-validator': 'all',
          'x-amazon-apigateway-integration': integration,
        },
      },
    },
    components: {
      securitySchemes: {
        introspection: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          'x-amazon-apigateway-authtype': 'custom',
          'x-amazon-apigateway-authorizer': {
            authorizerUri: 'arn:…/invocations',
            authorizerResultTtlInSeconds: 300,
            identityValidationExpression: 'Bearer .*$',
            type: 'token',
          },
        },
        api_key: { type: 'apiKey', name: 'x-api-key', in: 'header' },
      },
    },
  };

  it('says the same as the working copy that it is of', () => {
    const { snapshot, methods } = workingCopyOf({
      api: { name: 'pets', policy: undefined },
      authorizers: [
        {
          id: 'abc123',
          name: 'introspection',
          type: 'TOKEN',
          authorizerUri: 'arn:…/invocations',
          identitySource: 'method.request.header.Authorization',
          identityValidationExpression: 'Bearer .*$',
        },
      ],
      resources: [
        { id: 'rootid', path: '/' },
        {
          id: 'efpvax',
          path: '/{proxy+}',
          resourceMethods: {
            ANY: {
              httpMethod: 'ANY',
              authorizationType: 'CUSTOM',
              authorizerId: 'abc123',
              apiKeyRequired: true,
              requestValidatorId: 'v1',
              requestParameters: {
                'method.request.path.proxy': true,
                'method.request.querystring.page': false,
                'method.request.header.X-Tenant': true,
              },
              requestModels: { 'application/json': 'NewPet' },
              methodResponses: {
                '200': {
                  statusCode: '200',
                  responseParameters: { 'method.response.header.Access-Control-Allow-Origin': false },
                  responseModels: { 'application/json': 'Pets' },
                },
              },
              methodIntegration: {
                type: 'HTTP_PROXY',
                httpMethod: 'ANY',
                uri: 'https://backend.example.com/{proxy}',
                requestParameters: { 'integration.request.path.proxy': 'method.request.path.proxy' },
                passthroughBehavior: 'WHEN_NO_MATCH',
                timeoutInMillis: 29_000,
                cacheNamespace: 'efpvax',
                cacheKeyParameters: ['method.request.path.proxy'],
                integrationResponses: {
                  '200': { statusCode: '200', responseTemplates: { 'application/json': null as never } },
                },
              },
            },
          },
        },
      ],
    });
    expect(differencesOf(snapshotOfExport(exported), snapshot)).toEqual([]);
    expect(snapshotOfExport(exported)).toMatchObject({ methods: snapshot.methods });
    expect(methods).toMatchObject([
      {
        resourceId: 'efpvax',
        path: '/{proxy+}',
        httpMethod: 'ANY',
        authorizerId: 'abc123',
        apiKeyRequired: true,
      },
    ]);
  });

  test.each([
    [
      'sigv4',
      { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' },
      'AWS_IAM',
    ],
    [
      'pool',
      { name: 'Authorization', 'x-amazon-apigateway-authtype': 'cognito_user_pools' },
      'COGNITO_USER_POOLS',
    ],
    ['named like a key', { name: 'x-api-key', 'x-amazon-apigateway-authtype': 'custom' }, 'CUSTOM'],
    ['of another kind', { type: 'http', scheme: 'basic' }, 'UNKNOWN'],
    ['without a definition', undefined, 'UNKNOWN'],
  ])('a method with a scheme that is %s is not open', (name, scheme, type) => {
    const { methods } = snapshotOfExport({
      paths: { '/a': { get: { security: [{ [name]: [] }] } } },
      components: { securitySchemes: { [name]: scheme } },
    });
    expect(methods.get('GET /a')).toMatchObject({ authorizationType: type, apiKeyRequired: false });
  });

  test.each([[undefined], [null], ['{}'], [[]], [{}], [{ paths: [] }]])('%j is none', (document) => {
    expect(() => snapshotOfExport(document)).toThrow();
  });
});

test.each([
  ['as AWS sends it', '{\\"Version\\":\\"2012-10-17\\",\\"Resource\\":\\"arn:a\\/b\\"}'],
  ['plainly', '{"Version":"2012-10-17","Resource":"arn:a/b"}'],
])('a policy %s is read', (_, policy) => {
  expect(JSON.parse(unescapedPolicy(policy))).toEqual({ Version: '2012-10-17', Resource: 'arn:a/b' });
});

test.each(['', 'x', '{\\', '"'])('a policy that is none stays as it is: %j', (policy) => {
  expect(unescapedPolicy(policy)).toBe(policy);
});
