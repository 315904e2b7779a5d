import { parseStage, type Stage } from './stage.ts';

export interface Settings {
  /** The stages of this region whose caches are flushed. */
  readonly stages: readonly Stage[];
  readonly queueUrl: string;
  /** When the second flush is due, counted from the moment at which the change was seen. */
  readonly flushAgainSeconds: number;
}

/**
 * `FLUSH_STAGES` (`abcdef1234/prod,…`), `FLUSH_QUEUE_URL`, `FLUSH_AGAIN_SECONDS`.
 * @throws Error at the function's start when one is missing or malformed: nothing would be flushed.
 */
export function settingsFrom(environment: Readonly<Record<string, string | undefined>>): Settings {
  const get = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === '') throw new Error(`${name} is not set`);
    return value;
  };
  const stages = get('FLUSH_STAGES')
    .split(',')
    .map((name) => {
      const stage = parseStage(name);
      if (stage === undefined) throw new Error(`FLUSH_STAGES: no stage: ${JSON.stringify(name)}`);
      return stage;
    });
  const flushAgainSeconds = Number(get('FLUSH_AGAIN_SECONDS'));
  if (!Number.isInteger(flushAgainSeconds) || flushAgainSeconds < 0)
    throw new Error('FLUSH_AGAIN_SECONDS is no number of seconds');
  return { stages, queueUrl: get('FLUSH_QUEUE_URL'), flushAgainSeconds };
}
