import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { loadConfigFile } from '../../lambda/config/load.ts';
import { revocationBound } from '../../lambda/config/revocation-bound.ts';
import type { AuthorizerConfig } from '../../lambda/config/types.ts';
import { DEFAULT_CONFIG, type Place } from '../consumers/open.ts';

/**
 * Somebody who makes a consumer that no request will be held against should hear of it then.
 * @returns a sentence where the configuration that belongs to the place looks no credential up; undefined where it does, where
 * the place has none (a deployed table, an Admin API), and where it cannot be read: other commands say why.
 */
export function nobodyLooks(place: Place): string | undefined {
  const config = configOf(place);
  if (config === undefined || config.policies.some((policy) => policy.checkCredentialExistence))
    return undefined;
  return `warning: ${configPathOf(place)} looks at no consumer, so this decides about no request; checkCredentialExistence: true in a policy turns that on`;
}

/**
 * The same for somebody who gives a credential a key.
 * @returns a sentence where credentials are looked up, and their keys are not.
 */
export function keyVerifiesNothing(place: Place): string | undefined {
  const policies = configOf(place)?.policies ?? [];
  const isLookedUp = policies.some((policy) => policy.checkCredentialExistence);
  if (!isLookedUp || policies.some(({ keySource }) => keySource.kind === 'credential')) return undefined;
  return `warning: no policy of ${configPathOf(place)} has credentialKey: true, so this key verifies nothing; to end tokens: jwt-authorizer revoke --consumer, or credentials deactivate`;
}

/**
 * When a gateway beside the configuration goes by what was given: it may remember what was before as long as for what is taken away.
 * @returns a sentence; undefined where it counts at once, or nothing is known of the place, as above.
 */
export function whenItCounts(place: Place): string | undefined {
  const config = configOf(place);
  const bound = config && revocationBound(config);
  if (bound === undefined || bound.credentialCacheSeconds === 0) return undefined;
  return `it counts within ${bound.withFlushesSeconds} s: ${bound.credentialCacheSeconds} s (credentialCacheSeconds) for what a function has just read + its time limit (${bound.functionTimeoutSeconds} s)`;
}

function configOf(place: Place): AuthorizerConfig | undefined {
  const path = configPathOf(place);
  if (place.table !== undefined || place.adminUrl !== undefined || !existsSync(path)) return undefined;
  const loaded = loadConfigFile(path);
  return loaded.ok ? loaded.config : undefined;
}

/** A data folder that was named belongs to what lies beside it, unless a configuration was named too. */
const configPathOf = ({ config, data }: Place): string =>
  data === undefined || config !== DEFAULT_CONFIG ? config : join(dirname(resolve(data)), DEFAULT_CONFIG);
