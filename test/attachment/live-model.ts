/** A model of an API, read as the engine reads it, without a network. */
import type { Stage } from '@aws-sdk/client-api-gateway';
import type { Live } from '../../lambda/attachment/live.ts';
import { stageOf, workingCopyOf } from '../../lambda/attachment/project.ts';
import type { Operation } from '../support/control-plane/call.ts';
import type { ControlPlaneModel } from '../support/control-plane/model.ts';

interface Answer {
  readonly name: string;
  readonly policy?: string;
  readonly binaryMediaTypes?: readonly string[];
  /** Of a collection. */
  readonly item: readonly never[];
}

export async function liveOf(model: ControlPlaneModel): Promise<Live> {
  const restApiId = model.api.id;
  const call = async (operation: Operation, target: object = {}, query: Record<string, string> = {}) => {
    const result = await model.handle({
      operation,
      target: { restApiId, ...target },
      query: new URLSearchParams(query),
      body: {},
    });
    if (result?.status !== 200) throw new Error(`${operation}: ${JSON.stringify(result)}`);
    return result.body as Answer;
  };
  const all = { limit: '500' };
  const { name, policy, binaryMediaTypes } = await call('GetRestApi');
  const { item: resources } = await call('GetResources', {}, { ...all, embed: 'methods' });
  const { item: authorizers } = await call('GetAuthorizers', {}, all);
  const { item: stages } = await call('GetStages');
  return {
    restApiId,
    workingCopy: workingCopyOf({
      api: { name, policy, binaryMediaTypes },
      resources,
      authorizers,
    }),
    stages: await Promise.all(
      stages.map(async (stage: Stage) =>
        stageOf(
          stage,
          await call(
            'GetExport',
            { stageName: stage.stageName, exportType: 'oas30' },
            { extensions: 'apigateway' },
          ),
        ),
      ),
    ),
  };
}
