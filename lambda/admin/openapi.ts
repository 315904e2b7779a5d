import type { JsonSchema } from './json-schema.ts';
import type { Route } from './route.ts';
import { schemas } from './schemas.ts';

/** What any route may answer, whoever asks. */
const ALWAYS = [403, 500] as const;
const OF_EVERY_BODY = [400, 413, 415] as const;

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'Something is wrong with the request; the text says what',
  403: 'Not for this caller: locally for a foreign origin or a rebound host, in AWS without a signature of a principal who may',
  404: 'There is no such record',
  409: 'It exists already, or its name stands for several: use the id. With Retry-After, who has the name is only being made, and may never be',
  413: 'The body is too large',
  415: 'The body is not application/json',
  422: 'There is no such consumer',
  500: 'A fault of ours; the log names it',
  503: 'The table cannot be reached, or API Gateway makes or deletes no API key; try again',
};

const PARAMETERS: Readonly<Record<string, JsonSchema>> = {
  idOrName: { type: 'string', description: 'An id, or a name; an id goes before a name' },
  consumer: { type: 'string', description: 'The id or name of a user or an application' },
  type: { type: 'string', enum: ['jwt'] },
  id: { type: 'string', description: 'The keyId of a credential' },
  scope: { type: 'string' },
};

/**
 * Describes routes: the same that the app serves, so that what is written cannot differ from what is there.
 * @returns an OpenAPI 3.1 document.
 * @see https://spec.openapis.org/oas/v3.1.0
 */
function describeRoutes(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Admin API of the JWT authorizer',
      version: '1',
      description:
        'Manages users, applications, credentials and scopes, as Express Gateway’s Admin API does.',
    },
    servers: [{ url: '.', description: 'Where this document is' }],
    // Locally nobody signs; in AWS everybody does.
    security: [{}, { sigv4: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        sigv4: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          description: 'AWS Signature Version 4, service execute-api',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
      },
    },
  };
}

/** @returns the route that describes all the others, and itself. */
export function openApiRoute(others: readonly Route[]): Route {
  let document: object | undefined;
  const route: Route = {
    method: 'get',
    path: '/openapi.json',
    summary: 'This description',
    answer: { status: 200, schema: { type: 'object' } },
    refusals: [],
    touchesTable: false,
    async handle(context) {
      document ??= describeRoutes([...others, route]);
      return context.json(document);
    },
  };
  return route;
}

function operationOf(route: Route): object {
  const { body, bodyIsOptional = false, summary } = route;
  return {
    operationId: operationIdOf(route),
    tags: [route.path.split('/')[1]],
    summary,
    parameters: parametersOf(route),
    ...(body && {
      requestBody: { required: !bodyIsOptional, content: { 'application/json': { schema: body } } },
    }),
    responses: responsesOf(route),
  };
}

/** `GET /users/:idOrName/status` is `getUsersIdOrNameStatus`. */
const operationIdOf = ({ method, path }: Route): string =>
  method + path.replace(/\W+(\w)/g, (_, first: string) => first.toUpperCase());

function parametersOf({ path, query = {} }: Route): object[] {
  const ofPath = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: PARAMETERS[name] ?? { type: 'string' },
  }));
  const ofQuery = Object.entries(query).map(([name, schema]) => ({ name, in: 'query', schema }));
  return [...ofPath, ...ofQuery];
}

function responsesOf({ answer, refusals, body, touchesTable = true }: Route): object {
  const statuses = [...refusals, ...(body ? OF_EVERY_BODY : []), ...ALWAYS, ...(touchesTable ? [503] : [])];
  const { status, schema } = answer;
  const done = schema && { content: { 'application/json': { schema } } };
  return Object.fromEntries([
    [status, { description: 'Done', ...done }],
    ...[...new Set(statuses)]
      .sort((a, b) => a - b)
      .map((refused) => [refused, { description: REFUSALS[refused], content: plainText }]),
  ]);
}

const plainText = { 'text/plain': { schema: { type: 'string' } } };
