import type { LoadResult } from '../lambda/config/load.ts';
import { parseConfig } from '../lambda/config/parse.ts';
import { isRecord } from '../lambda/config/record.ts';

/** `-c restApiId=ID -c stage=STAGE[,STAGE…]`; empty: not given. */
export interface AttachContext {
  readonly restApiId: string;
  readonly stage: string;
}

/**
 * A configuration with the API of the context in the place of, or over, that of its section `restApi`.
 * @returns every problem that it has then: an `upstream` of an API of ours, say, cannot stand beside it.
 */
export function attachTo(loaded: LoadResult, { restApiId, stage }: AttachContext): LoadResult {
  if (!loaded.ok || (restApiId === '' && stage === '')) return loaded;
  const { restApi: section } = loaded.runtimeConfig;
  const restApi = {
    ...(isRecord(section) && section),
    ...(restApiId !== '' && { id: restApiId }),
    ...(stage !== '' && { stages: stage.split(',') }),
  };
  const runtimeConfig = { ...loaded.runtimeConfig, restApi };
  const parsed = parseConfig(runtimeConfig);
  return parsed.ok ? { ...loaded, config: parsed.config, runtimeConfig } : parsed;
}
