import type { LoadedConfig } from '../../lambda/config/load.ts';
import type { Place } from '../consumers/open.ts';
import { explain } from './explain.ts';
import type { Explanation } from './explanation.ts';
import type { OpenReader } from './open-reader.ts';
import type { Question } from './question.ts';
import { describeSource, openSources } from './sources.ts';

export interface Whereabouts {
  readonly place: Place;
  readonly loaded: LoadedConfig;
  /** The moment that is explained, in milliseconds since 1970. */
  readonly nowMs: number;
  /** For who has the table open already. @default as the place says */
  readonly openReader?: () => Promise<OpenReader>;
}

/** {@link explain} with the keys and the table of a place, which are opened for this one question. */
export async function explainAt(
  question: Question,
  { place, loaded, nowMs, openReader }: Whereabouts,
): Promise<Explanation> {
  const sources = openSources(place, loaded, () => nowMs, openReader);
  try {
    return await explain(question, {
      ...sources,
      nowMs,
      isDeployed: place.table !== undefined,
      // As the file has it: a secret that was made here stands in its place.
      keySourceOf: ({ index, keySource }) =>
        describeSource(loaded.config.policies[index]?.keySource ?? keySource),
    });
  } finally {
    await sources.close();
  }
}
