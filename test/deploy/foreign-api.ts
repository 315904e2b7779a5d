import { CORS_PATHS, type ForeignRoute, ROUTES } from './foreign/routes.ts';
import { askAws, callAws, endpoint, outputsOf, SIGNATURE } from './support.ts';

/** What each caller is answered at a method. */
export interface Answers {
  readonly anonymous: number;
  /** With what the owner asks for: nothing, a signature, a partner's word, an API key. */
  readonly asOwnerWants: number;
  /** With a token of ours, and the API key where one is asked for. */
  readonly withToken: number;
}

const REPLACED: Readonly<Record<string, string>> = { id: '7', itemId: '3', 'proxy+': 'a/b' };

/** The API of a foreign stack, as its clients see it and as its owner does. */
export function foreignApi(stack: string) {
  const restApiId = outputsOf(stack)['RestApiId'] ?? '';
  const apiKey = { 'x-api-key': `a-key-of-the-stack-${stack}` };

  const call = (method: string, path: string, body?: unknown) =>
    callAws('apigateway', { method, path: `/restapis/${restApiId}${path}`, body });
  const textOf = (path: string) => askAws('apigateway', { path: `/restapis/${restApiId}${path}` });

  const send = (
    method: string,
    path: string,
    headers: Record<string, string> = {},
    stage = 'live',
  ): Promise<Response> => {
    const concrete = path.replace(/\{([^}]+)\}/g, (_, name: string) => REPLACED[name] ?? name);
    const url = `${endpoint}/restapis/${restApiId}/${stage}/_user_request_${concrete}`;
    return fetch(url, { method, headers });
  };
  const ownHeaders = ({ access }: ForeignRoute): Record<string, string> =>
    ({ public: {}, iam: { authorization: SIGNATURE }, own: { authorization: 'partner' }, key: apiKey })[
      access
    ];

  return {
    restApiId,
    send,
    call,

    /** By `GET /orders`. An `ANY` is asked by PUT. */
    async answers(token: string): Promise<Record<string, Answers>> {
      const all: Record<string, Answers> = {};
      for (const route of ROUTES) {
        const { httpMethod, path, access } = route;
        const ask = async (headers: Record<string, string>) =>
          (await send(httpMethod === 'ANY' ? 'PUT' : httpMethod, path, headers)).status;
        all[`${httpMethod} ${path}`] = {
          anonymous: await ask({}),
          asOwnerWants: await ask(ownHeaders(route)),
          withToken: await ask({ ...(access === 'key' && apiKey), authorization: `Bearer ${token}` }),
        };
      }
      return all;
    },

    /** Of OPTIONS, without a credential, as browsers ask. */
    async preflights(): Promise<Record<string, number>> {
      const statuses = CORS_PATHS.map(async (path) => [path, (await send('OPTIONS', path)).status] as const);
      return Object.fromEntries(await Promise.all(statuses));
    },

    /** All that an attachment could change: word for word, but for which deployments there are. */
    async state() {
      const stages = ['live', 'beta'].map(async (name) => {
        const { deploymentId: _, lastUpdatedDate: __, ...settings } = await call('GET', `/stages/${name}`);
        return { settings, served: await textOf(`/stages/${name}/exports/oas30?extensions=apigateway`) };
      });
      return {
        api: await textOf(''),
        methods: await textOf('/resources?limit=500&embed=methods'),
        authorizers: await textOf('/authorizers?limit=500'),
        stages: await Promise.all(stages),
      };
    },

    /** As an owner does by hand: in the working copy. */
    async setMethod(path: string, httpMethod: string, authorizationType: string): Promise<void> {
      const { item } = (await call('GET', '/resources?limit=500')) as {
        item: { id: string; path: string }[];
      };
      const id = item.find((resource) => resource.path === path)?.id;
      const patch = { op: 'replace', path: '/authorizationType', value: authorizationType };
      await call('PATCH', `/resources/${id}/methods/${httpMethod}`, { patchOperations: [patch] });
    },

    async moveStage(stage: string, deploymentId: string): Promise<void> {
      const patch = { op: 'replace', path: '/deploymentId', value: deploymentId };
      await call('PATCH', `/stages/${stage}`, { patchOperations: [patch] });
    },

    async methodCount(): Promise<number> {
      const { item } = (await call('GET', '/resources?limit=500')) as {
        item: { resourceMethods?: object }[];
      };
      return item.flatMap(({ resourceMethods }) => Object.keys(resourceMethods ?? {})).length;
    },
  };
}

export type State = Awaited<ReturnType<ReturnType<typeof foreignApi>['state']>>;
