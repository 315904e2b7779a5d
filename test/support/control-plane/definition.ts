import { createHash } from 'node:crypto';
import type { Authorizer, Definition, Method, Resource } from './shapes.ts';

/** Ids as API Gateway gives them: six characters that say nothing, the same in every run. */
export function idMaker(seed: string): () => string {
  let count = 0;
  return () => {
    count += 1;
    const digest = createHash('sha256').update(`${seed}/${count}`).digest('hex');
    return BigInt(`0x${digest.slice(0, 16)}`)
      .toString(36)
      .padStart(6, '0')
      .slice(0, 6);
  };
}

/** An API that holds nothing but its root. */
export function emptyDefinition(name: string, rootResourceId: string): Definition {
  return {
    name,
    apiKeySource: 'HEADER',
    binaryMediaTypes: [],
    resources: new Map([[rootResourceId, { id: rootResourceId, path: '/', methods: new Map() }]]),
    authorizers: new Map(),
    gatewayResponses: new Map(),
  };
}

export const resourceAt = ({ resources }: Definition, path: string): Resource | undefined =>
  [...resources.values()].find((resource) => resource.path === path);

/** The method of a route such as `GET /orders/{id}`. */
export function methodAt(definition: Definition, route: string): Method | undefined {
  const { httpMethod, path } = partsOf(route);
  return resourceAt(definition, path)?.methods.get(httpMethod);
}

/**
 * Sets a method, and makes the resources that its path needs.
 *
 * @param route such as `GET /orders/{id}`.
 * @param settings what it has beyond a method that anybody may call, which is passed on to an HTTP back end.
 */
export function setMethod(
  definition: Definition,
  route: string,
  { newId, ...settings }: Partial<Method> & { readonly newId: () => string },
): Method {
  const { httpMethod, path } = partsOf(route);
  const resource = resourceFor(definition, path, newId);
  const method: Method = {
    httpMethod,
    authorizationType: 'NONE',
    apiKeyRequired: false,
    methodResponses: { '200': { statusCode: '200' } },
    methodIntegration: {
      type: 'HTTP_PROXY',
      httpMethod,
      uri: `https://backend.example.com${path.replaceAll('+}', '}')}`,
      passthroughBehavior: 'WHEN_NO_MATCH',
      integrationResponses: { '200': { statusCode: '200' } },
    },
    ...settings,
  };
  resource.methods.set(httpMethod, method);
  return method;
}

function resourceFor(definition: Definition, path: string, newId: () => string): Resource {
  const known = resourceAt(definition, path);
  if (known !== undefined) return known;
  const slash = path.lastIndexOf('/');
  const parent = resourceFor(definition, path.slice(0, slash) || '/', newId);
  const resource = {
    id: newId(),
    parentId: parent.id,
    pathPart: path.slice(slash + 1),
    path,
    methods: new Map<string, Method>(),
  };
  definition.resources.set(resource.id, resource);
  return resource;
}

export function setAuthorizer(definition: Definition, authorizer: Authorizer): Authorizer {
  definition.authorizers.set(authorizer.id, authorizer);
  return authorizer;
}

function partsOf(route: string): { httpMethod: string; path: string } {
  const [, httpMethod = '', path = ''] = /^([A-Z]+) (\/.*)$/.exec(route) ?? [];
  if (path === '') throw new Error(`no route: ${route}`);
  return { httpMethod, path };
}

/** All methods of an API with their paths. */
export function methodsOf(definition: Definition): { readonly path: string; readonly method: Method }[] {
  return [...definition.resources.values()].flatMap(({ path, methods }) =>
    [...methods.values()].map((method) => ({ path, method })),
  );
}
