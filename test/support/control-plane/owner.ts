/** What others do to the API behind the caller's back: by the console, their own stack, or an import. */
import type { Context } from './call.ts';
import { emptyDefinition } from './definition.ts';
import { newStage, snapshot } from './deployments.ts';
import type { Definition, Deployment, RestApi, Stage } from './shapes.ts';

export interface Owner {
  /** Changes the working copy, and nothing that is live. */
  editWorkingCopy(edit: (definition: Definition) => void): void;
  /** Deploys the working copy to stages, which are made where they are not there. */
  deploy(...stageNames: readonly string[]): Deployment;
  /** A new deployment for a share of a stage's requests. */
  deployCanary(stageName: string, percentTraffic: number): Deployment;
  /** Points a stage at a deployment, as a stack's rollback does (aws-cdk 14660). */
  rollbackStage(stageName: string, deploymentId: string): void;
  /** Sets what `GetStage` shows beyond deployments. */
  setStage(stageName: string, settings: Stage['settings']): void;
  /**
   * PutRestApi, `mode=overwrite`: resources, methods and authorizers are made anew, with ids of their own. What is
   * deployed stays. That AWS gives new ids also where a path stays is **unproven**: the harder case for a caller.
   * @see https://docs.aws.amazon.com/apigateway/latest/api/API_PutRestApi.html
   */
  reimport(build: (definition: Definition) => void): void;
}

/** @param changed to call after each act. */
export function createOwner(api: RestApi, context: () => Context, changed: () => void): Owner {
  const stageOf = (stageName: string): Stage => {
    const stage = api.stages.get(stageName);
    if (stage === undefined) throw new Error(`no stage ${stageName}`);
    return stage;
  };
  const act =
    <A extends readonly unknown[], R>(work: (...input: A) => R) =>
    (...input: A): R => {
      const result = work(...input);
      changed();
      return result;
    };
  return {
    editWorkingCopy: act((edit) => edit(api.definition)),
    deploy: act((...stageNames) => {
      const deployment = snapshot(context());
      for (const name of stageNames) {
        const stage = api.stages.get(name) ?? newStage(name, deployment.id, context().nowMs);
        stage.deploymentId = deployment.id;
        api.stages.set(name, stage);
      }
      return deployment;
    }),
    deployCanary: act((stageName, percentTraffic) => {
      const deployment = snapshot(context());
      stageOf(stageName).canarySettings = {
        deploymentId: deployment.id,
        percentTraffic,
        useStageCache: false,
      };
      return deployment;
    }),
    rollbackStage: act((stageName, deploymentId) => {
      if (!api.deployments.has(deploymentId)) throw new Error(`no deployment ${deploymentId}`);
      stageOf(stageName).deploymentId = deploymentId;
    }),
    setStage: act((stageName, settings) => {
      api.stages.set(stageName, { ...stageOf(stageName), settings });
    }),
    reimport: act((build) => {
      const definition = emptyDefinition(api.definition.name, api.rootResourceId);
      build(definition);
      api.definition = definition;
    }),
  };
}
