import {
  createAuthorizer,
  deleteAuthorizer,
  getAuthorizer,
  getAuthorizers,
  updateAuthorizer,
} from './authorizers.ts';
import type { Act, Operation } from './call.ts';
import { createDeployment, deleteDeployment, getDeployment, getDeployments } from './deployments.ts';
import { getExport } from './export.ts';
import { deleteMethod, getMethod, putMethod, updateMethod } from './methods.ts';
import { getGatewayResponses, getResources, getRestApi } from './reading.ts';
import { flushStageAuthorizersCache, getStage, getStages, updateStage } from './stages.ts';

export const OPERATIONS: Readonly<Record<Operation, Act>> = {
  GetRestApi: getRestApi,
  GetResources: getResources,
  GetMethod: getMethod,
  PutMethod: putMethod,
  UpdateMethod: updateMethod,
  DeleteMethod: deleteMethod,
  GetAuthorizers: getAuthorizers,
  GetAuthorizer: getAuthorizer,
  CreateAuthorizer: createAuthorizer,
  UpdateAuthorizer: updateAuthorizer,
  DeleteAuthorizer: deleteAuthorizer,
  GetStages: getStages,
  GetStage: getStage,
  UpdateStage: updateStage,
  CreateDeployment: createDeployment,
  GetDeployments: getDeployments,
  GetDeployment: getDeployment,
  DeleteDeployment: deleteDeployment,
  GetExport: getExport,
  FlushStageAuthorizersCache: flushStageAuthorizersCache,
  GetGatewayResponses: getGatewayResponses,
};
