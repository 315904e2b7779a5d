import type { LoadedConfig } from '../../lambda/config/load.ts';
import { explain } from './explain.ts';
import type { Explanation } from './explanation.ts';
import { keyOptionsIn } from './key-options.ts';
import { localGatewayAt } from './local-gateway.ts';
import type { Question } from './question.ts';
import { describeSource, isDeployed, openSources, type SourcePlaces } from './sources.ts';

export interface Whereabouts extends SourcePlaces {
  readonly loaded: LoadedConfig;
  /** The moment that is explained, in milliseconds since 1970. */
  readonly nowMs: number;
}

/** {@link explain} with the keys and the table of a place, which are opened for this one question. */
export async function explainAt(
  question: Question,
  { loaded, nowMs, ...places }: Whereabouts,
): Promise<Explanation> {
  const sources = openSources(places, loaded, () => nowMs);
  const keyOption = keyOptionsIn(loaded);
  try {
    return await explain(question, {
      ...sources,
      nowMs,
      isDeployed: isDeployed(places),
      // An event is one that API Gateway made: whose cache it is, no folder here says.
      localGateway: question.kind === 'event' ? undefined : localGatewayAt(places, loaded.config),
      ...(places.deployment && { stack: places.deployment.stack }),
      // As the file has it: a secret that was made here stands in its place.
      keySourceOf: ({ index, keySource }) =>
        describeSource(loaded.config.policies[index]?.keySource ?? keySource, keyOption(index)),
    });
  } finally {
    await sources.close();
  }
}
