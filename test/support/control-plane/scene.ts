/** An API with every kind of protection, deployed, and the real SDK in front of it: where tests of callers begin. */
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { type Clock, clock } from '../../keys/support.ts';
import { resourceAt, setAuthorizer, setMethod } from './definition.ts';
import type { ControlPlaneModel } from './model.ts';
import { NO_QUOTAS, type Quotas } from './quotas.ts';
import { startRestApiControlPlane } from './server.ts';
import type { Authorizer, Definition, Method } from './shapes.ts';

export interface Scene {
  readonly model: ControlPlaneModel;
  readonly clock: Clock;
  readonly client: APIGatewayClient;
  /** Of the server, for other clients: of a command, say. */
  readonly origin: string;
  readonly restApiId: string;
  /** Sets a method of a definition, resources included. */
  readonly set: (definition: Definition, route: string, settings?: Partial<Method>) => Method;
  /** What names a method in a call: `{ restApiId, resourceId, httpMethod }`. */
  readonly at: (route: string) => { restApiId: string; resourceId: string; httpMethod: string };
  /** The authorizer that the API had before. */
  readonly theirs: Authorizer;
  close(): Promise<void>;
}

export interface SceneOptions {
  /** @default NO_QUOTAS, and an SDK that tries once */
  readonly quotas?: Quotas;
  /** Deployed together. @default `prod` */
  readonly stages?: readonly string[];
}

export async function startScene({
  quotas = NO_QUOTAS,
  stages = ['prod'],
}: SceneOptions = {}): Promise<Scene> {
  const time = clock();
  const plane = await startRestApiControlPlane({
    now: time.now,
    quotas,
    wait: async (ms) => time.pass(ms),
  });
  const { model, origin } = plane;
  const { api, newId, owner } = model;
  const set: Scene['set'] = (definition, route, settings = {}) =>
    setMethod(definition, route, { ...settings, newId });
  const theirs = setAuthorizer(api.definition, {
    id: newId(),
    name: 'theirs',
    type: 'TOKEN',
    authType: 'custom',
    authorizerUri:
      'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111122223333:function:theirs/invocations',
    identitySource: 'method.request.header.Authorization',
  });
  owner.editWorkingCopy((definition) => {
    set(definition, 'GET /health');
    set(definition, 'GET /orders');
    set(definition, 'POST /orders', { apiKeyRequired: true });
    set(definition, 'OPTIONS /orders', { methodIntegration: { type: 'MOCK' } });
    set(definition, 'GET /orders/{id}', { authorizationType: 'AWS_IAM' });
    set(definition, 'DELETE /orders/{id}', { authorizationType: 'CUSTOM', authorizerId: theirs.id });
    set(definition, 'ANY /admin/{proxy+}');
  });
  if (stages.length > 0) owner.deploy(...stages);
  model.begin();
  const client = new APIGatewayClient({
    endpoint: origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return {
    model,
    clock: time,
    client,
    origin,
    restApiId: api.id,
    set,
    at(route) {
      const [httpMethod = '', path = ''] = route.split(' ');
      const resourceId = resourceAt(api.definition, path)?.id ?? 'none';
      return { restApiId: api.id, resourceId, httpMethod };
    },
    theirs,
    async close() {
      client.destroy();
      await plane.close();
    },
  };
}
