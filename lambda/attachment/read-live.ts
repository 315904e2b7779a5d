import type { ControlPlane } from './control-plane.ts';
import type { Live, LiveStage, WorkingCopy } from './live.ts';
import { stageOf, workingCopyOf } from './project.ts';

/** Told before each call, with what is read. */
export type Reading = (subject: string) => void | Promise<void>;

/** @returns undefined: there is no such API. */
export async function readLive(
  controlPlane: ControlPlane,
  restApiId: string,
  reading: Reading = () => undefined,
): Promise<Live | undefined> {
  const workingCopy = await readWorkingCopy(controlPlane, restApiId, reading);
  if (workingCopy === undefined) return undefined;
  return { restApiId, workingCopy, stages: await readStages(controlPlane, restApiId, reading) };
}

/** What the next deployment would publish. @returns undefined: there is no such API. */
export async function readWorkingCopy(
  controlPlane: ControlPlane,
  restApiId: string,
  reading: Reading = () => undefined,
): Promise<WorkingCopy | undefined> {
  await reading('API');
  const api = await controlPlane.getApi(restApiId);
  if (api === undefined) return undefined;
  await reading('resources');
  const resources = await controlPlane.getResources(restApiId);
  await reading('authorizers');
  const authorizers = await controlPlane.getAuthorizers(restApiId);
  return workingCopyOf({ api, resources, authorizers });
}

/** What each stage serves. */
export async function readStages(
  controlPlane: ControlPlane,
  restApiId: string,
  reading: Reading = () => undefined,
): Promise<readonly LiveStage[]> {
  await reading('stages');
  const stages: LiveStage[] = [];
  for (const stage of await controlPlane.getStages(restApiId)) {
    const name = stage.stageName ?? '';
    await reading(name);
    stages.push(stageOf(stage, await controlPlane.getExport(restApiId, name)));
  }
  return stages;
}
