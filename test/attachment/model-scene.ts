/** Models of APIs to attach to, without a network. */
import { setAuthorizer, setMethod } from '../support/control-plane/definition.ts';
import { type ControlPlaneModel, createControlPlaneModel } from '../support/control-plane/model.ts';
import { NO_QUOTAS } from '../support/control-plane/quotas.ts';
import type { Definition, Method } from '../support/control-plane/shapes.ts';

let ids = 0;
const newId = () => {
  ids += 1;
  return `id${ids}`;
};

export const set = (definition: Definition, route: string, settings: Partial<Method> = {}): Method =>
  setMethod(definition, route, { ...settings, newId });

const FUNCTIONS = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions';

/** A Lambda authorizer that is not ours. */
export const theirs = (definition: Definition, name = 'theirs') =>
  setAuthorizer(definition, {
    id: newId(),
    name,
    type: 'TOKEN',
    authType: 'custom',
    authorizerUri: `${FUNCTIONS}/arn:aws:lambda:us-east-1:111122223333:function:${name}/invocations`,
    identitySource: 'method.request.header.Authorization',
  });

/** Methods with every kind of protection. */
export function everyKind(definition: Definition): void {
  const pool = setAuthorizer(definition, {
    id: newId(),
    name: 'pool',
    type: 'COGNITO_USER_POOLS',
    authType: 'cognito_user_pools',
    identitySource: 'method.request.header.Authorization',
    providerARNs: ['arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_a'],
  });
  set(definition, 'GET /');
  set(definition, 'GET /health');
  set(definition, 'GET /orders');
  set(definition, 'POST /orders', { apiKeyRequired: true });
  set(definition, 'OPTIONS /orders', { methodIntegration: { type: 'MOCK' } });
  set(definition, 'GET /orders/{id}', { authorizationType: 'AWS_IAM' });
  set(definition, 'DELETE /orders/{id}', {
    authorizationType: 'CUSTOM',
    authorizerId: theirs(definition).id,
  });
  set(definition, 'GET /pool', {
    authorizationType: 'COGNITO_USER_POOLS',
    authorizerId: pool.id,
    authorizationScopes: ['orders/read'],
  });
  set(definition, 'ANY /admin/{proxy+}');
}

/** Deployed to stages as it is. @param stages @default `prod` */
export function modelOf(
  build: (definition: Definition) => void,
  stages: readonly string[] = ['prod'],
): ControlPlaneModel {
  const model = createControlPlaneModel({ now: () => 0, quotas: NO_QUOTAS });
  model.owner.editWorkingCopy(build);
  model.owner.deploy(...stages);
  model.begin();
  return model;
}
