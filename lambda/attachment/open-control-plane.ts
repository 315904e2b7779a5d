import { setTimeout as delay } from 'node:timers/promises';
import {
  type APIGatewayClient,
  type Authorizer,
  CreateAuthorizerCommand,
  CreateDeploymentCommand,
  DeleteAuthorizerCommand,
  FlushStageAuthorizersCacheCommand,
  GetAuthorizersCommand,
  GetDeploymentCommand,
  GetDeploymentsCommand,
  GetExportCommand,
  GetMethodCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetStageCommand,
  GetStagesCommand,
  UpdateAuthorizerCommand,
  UpdateMethodCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { createApiGatewayClient } from './api-gateway-client.ts';
import { type ControlPlane, ControlPlaneUnavailable, type MethodSummary } from './control-plane.ts';
import { routeOf } from './live.ts';
import { createPacer, PACE, type Pace } from './pace.ts';
import { authorizerPatch, methodPatch } from './patches.ts';
import { type Attempt, persist } from './persist.ts';
import { protectionOf } from './project.ts';

/** The most that one page holds. */
const PAGE = 500;
/**
 * No try begins later than this after a call's first. Before the last one it may be looked whether the one before took
 * effect, for as long again, and the client gives up on each try after 15 s: so nothing takes longer than
 * `LONGEST_CALL_MS`.
 */
const GIVE_UP_AFTER_MS = 30_000;

export interface ControlPlaneOptions {
  /** Must not repeat anything by itself (`maxAttempts: 1`). @default the AWS SDK's own region, endpoint and credentials */
  readonly client?: APIGatewayClient | undefined;
  /** @default PACE */
  readonly pace?: Pace | undefined;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** @default real time */
  readonly sleep?: ((ms: number) => Promise<void>) | undefined;
  /** @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** API Gateway's control plane by the AWS SDK, one call at a time, paced. */
export function openControlPlane(options: ControlPlaneOptions = {}): ControlPlane {
  const {
    client = createApiGatewayClient(),
    pace = PACE,
    now = Date.now,
    sleep = async (ms) => void (await delay(ms)),
    random = Math.random,
  } = options;
  const paced = createPacer(pace, { now, sleep });
  const patience = { now, sleep, random, giveUpAfterMs: GIVE_UP_AFTER_MS };

  /** @param missing what stands for the answer where there is no such thing; without, that is refused. */
  function call<T>(
    operation: string,
    send: () => Promise<T>,
    more: Pick<Attempt<T>, 'look' | 'missing'> = {},
  ): Promise<T> {
    const attempt = async () => {
      await paced(operation);
      return send();
    };
    return persist({ operation, send: attempt, ...more }, patience);
  }

  async function pages<T>(
    operation: string,
    read: (position: string | undefined) => Promise<Page<T>>,
    isEnough: (items: readonly T[]) => boolean = () => false,
  ): Promise<readonly T[]> {
    const items: T[] = [];
    let position: string | undefined;
    do {
      const page = await call(operation, () => read(position));
      items.push(...(page.items ?? []));
      position = page.position;
    } while (position !== undefined && !isEnough(items));
    return items;
  }

  const getAuthorizers = (restApiId: string) =>
    pages<Authorizer>('GetAuthorizers', (position) =>
      client.send(new GetAuthorizersCommand({ restApiId, limit: PAGE, position })),
    );

  async function findDeployment(restApiId: string, description: string): Promise<string | undefined> {
    const isIt = (deployment: { description?: string | undefined }) => deployment.description === description;
    const deployments = await pages(
      'GetDeployments',
      (position) => client.send(new GetDeploymentsCommand({ restApiId, limit: PAGE, position })),
      (items) => items.some(isIt),
    );
    return deployments.find(isIt)?.id;
  }

  return {
    getAuthorizers,
    findDeployment,

    getApi: (restApiId) =>
      call(
        'GetRestApi',
        async () => {
          const {
            name = '',
            policy,
            binaryMediaTypes,
          } = await client.send(new GetRestApiCommand({ restApiId }));
          return { name, policy, binaryMediaTypes };
        },
        { missing: NOTHING },
      ),

    getResources: (restApiId) =>
      pages('GetResources', (position) =>
        client.send(new GetResourcesCommand({ restApiId, embed: ['methods'], limit: PAGE, position })),
      ),

    getStages: (restApiId) =>
      call('GetStages', async () => (await client.send(new GetStagesCommand({ restApiId }))).item ?? []),

    getStage: (restApiId, stageName) =>
      call('GetStage', () => client.send(new GetStageCommand({ restApiId, stageName })), {
        missing: NOTHING,
      }),

    getExport: (restApiId, stageName) =>
      call('GetExport', async () => {
        const asked = {
          exportType: 'oas30',
          parameters: { extensions: 'apigateway' },
          accepts: 'application/json',
        };
        const { body } = await client.send(new GetExportCommand({ restApiId, stageName, ...asked }));
        return JSON.parse(new TextDecoder().decode(body));
      }),

    createAuthorizer: (restApiId, { name, type, ...properties }) =>
      call(
        'CreateAuthorizer',
        async () => {
          const { id } = await client.send(
            new CreateAuthorizerCommand({
              restApiId,
              name,
              type: type as 'TOKEN' | 'REQUEST',
              ...properties,
            }),
          );
          return idOf('CreateAuthorizer', id);
        },
        { look: async () => (await getAuthorizers(restApiId)).find((one) => one.name === name)?.id },
      ),

    async updateAuthorizer(restApiId, from, to) {
      const patchOperations = authorizerPatch(from, to);
      if (patchOperations.length === 0) return;
      await call('UpdateAuthorizer', () =>
        client.send(new UpdateAuthorizerCommand({ restApiId, authorizerId: from.id, patchOperations })),
      );
    },

    deleteAuthorizer: (restApiId, authorizerId) =>
      call(
        'DeleteAuthorizer',
        async () => void (await client.send(new DeleteAuthorizerCommand({ restApiId, authorizerId }))),
        { missing: NOTHING },
      ),

    getProtection: (restApiId, { resourceId, httpMethod }) =>
      call(
        'GetMethod',
        async () =>
          protectionOf(await client.send(new GetMethodCommand({ restApiId, resourceId, httpMethod }))),
        { missing: NOTHING },
      ),

    updateMethod: (restApiId, { resourceId, httpMethod }, to) =>
      call(
        'UpdateMethod',
        async () => {
          const patchOperations = methodPatch(to);
          await client.send(new UpdateMethodCommand({ restApiId, resourceId, httpMethod, patchOperations }));
          return true;
        },
        { missing: { value: false } },
      ),

    createDeployment: (restApiId, description) =>
      call(
        'CreateDeployment',
        async () => {
          const { id } = await client.send(new CreateDeploymentCommand({ restApiId, description }));
          return idOf('CreateDeployment', id);
        },
        { look: () => findDeployment(restApiId, description) },
      ),

    getSummary: (restApiId, deploymentId) =>
      call(
        'GetDeployment',
        async () => {
          const { apiSummary = {} } = await client.send(
            new GetDeploymentCommand({ restApiId, deploymentId, embed: ['apisummary'] }),
          );
          const entries = Object.entries(apiSummary).flatMap(([path, methods]) =>
            Object.entries(methods).map(([httpMethod, method]): [string, MethodSummary] => [
              routeOf({ path, httpMethod }),
              {
                authorizationType: method.authorizationType ?? 'NONE',
                apiKeyRequired: method.apiKeyRequired ?? false,
              },
            ]),
          );
          return new Map(entries);
        },
        { missing: NOTHING },
      ),

    async moveStage(restApiId, stageName, deploymentId) {
      const patchOperations = [{ op: 'replace' as const, path: '/deploymentId', value: deploymentId }];
      await call('UpdateStage', () =>
        client.send(new UpdateStageCommand({ restApiId, stageName, patchOperations })),
      );
    },

    async flushStage(restApiId, stageName) {
      await call('FlushStageAuthorizersCache', () =>
        client.send(new FlushStageAuthorizersCacheCommand({ restApiId, stageName })),
      );
    },
  };
}

const NOTHING = { value: undefined };

interface Page<T> {
  readonly items?: readonly T[] | undefined;
  readonly position?: string | undefined;
}

function idOf(operation: string, id: string | undefined): string {
  if (id !== undefined && id !== '') return id;
  throw new ControlPlaneUnavailable(`${operation} answered without an id`);
}
