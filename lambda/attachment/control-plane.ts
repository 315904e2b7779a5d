import type { Authorizer, Resource, Stage } from '@aws-sdk/client-api-gateway';
import type { LiveAuthorizer, MethodName, Protection } from './live.ts';
import type { WantedAuthorizer } from './plan.ts';

/**
 * What the engine asks of API Gateway, one method a call. Whoever implements it keeps to the account's quotas, repeats
 * what may pass, and looks whether a write took effect before it repeats one that would harm twice.
 *
 * What is read comes in AWS's own shapes: what they mean is decided elsewhere, without a network.
 *
 * All reject with {@link ControlPlaneUnavailable} when API Gateway cannot be reached or goes on refusing, and with
 * {@link ControlPlaneRefused} when it says no to the call itself.
 */
export interface ControlPlane {
  /** @returns undefined: there is no such API. `policy` as AWS escapes it. */
  getApi(restApiId: string): Promise<ApiDescription | undefined>;
  /** All pages, with their methods. */
  getResources(restApiId: string): Promise<readonly Resource[]>;
  /** All pages. */
  getAuthorizers(restApiId: string): Promise<readonly Authorizer[]>;
  getStages(restApiId: string): Promise<readonly Stage[]>;
  /** @returns undefined: there is no such stage. */
  getStage(restApiId: string, stageName: string): Promise<Stage | undefined>;
  /** What the stage serves: OpenAPI 3.0 with all of API Gateway's extensions, parsed. */
  getExport(restApiId: string, stageName: string): Promise<unknown>;

  /** @returns its id; that of the one of this name where it is there already. */
  createAuthorizer(restApiId: string, authorizer: Omit<WantedAuthorizer, 'id'>): Promise<string>;
  /** In place: what is deployed keeps the old definition. */
  updateAuthorizer(restApiId: string, from: LiveAuthorizer, to: Omit<WantedAuthorizer, 'id'>): Promise<void>;
  /** @returns once it is not there, also when it was not. */
  deleteAuthorizer(restApiId: string, id: string): Promise<void>;

  /** What stands before a method of the working copy. @returns undefined: there is no such method. */
  getProtection(restApiId: string, method: MethodAddress): Promise<Protection | undefined>;
  /** Sets type and authorizer in one patch. @returns whether there is such a method */
  updateMethod(restApiId: string, method: MethodAddress, to: Protection): Promise<boolean>;

  /** Without a stage: nothing is live yet. @returns its id; that of the one with this description if there is one. */
  createDeployment(restApiId: string, description: string): Promise<string>;
  /** @returns undefined: no deployment is described so. */
  findDeployment(restApiId: string, description: string): Promise<string | undefined>;
  /** What the deployment says of each method, by `GET /orders`; undefined: there is no such deployment. */
  getSummary(
    restApiId: string,
    deploymentId: string,
  ): Promise<ReadonlyMap<string, MethodSummary> | undefined>;

  /** Points the stage to a deployment: live from then on. */
  moveStage(restApiId: string, stageName: string, deploymentId: string): Promise<void>;
  /** Forgets what the stage's authorizers said. */
  flushStage(restApiId: string, stageName: string): Promise<void>;
}

export interface ApiDescription {
  readonly name: string;
  readonly policy: string | undefined;
  readonly binaryMediaTypes?: readonly string[] | undefined;
}

/** A method as calls name it. */
export interface MethodAddress extends MethodName {
  readonly resourceId: string;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_MethodSnapshot.html */
export interface MethodSummary {
  readonly authorizationType: string;
  readonly apiKeyRequired: boolean;
}

/** API Gateway could not be reached, or went on refusing for longer than the engine waits: the same call may hold later. */
export class ControlPlaneUnavailable extends Error {
  override readonly name = 'ControlPlaneUnavailable';
}

/** API Gateway says no to what it was asked: the same call would be refused again. */
export class ControlPlaneRefused extends Error {
  override readonly name = 'ControlPlaneRefused';
}
