import { existsSync } from 'node:fs';
import { loadConfigFile } from '../../lambda/config/load.ts';
import type { Place } from '../consumers/open.ts';

/**
 * Somebody who makes a consumer that no request will be held against should hear of it then.
 * @returns a sentence where the configuration that belongs to the place looks no credential up; undefined where it does, where
 * the place has none (a deployed table, an Admin API), and where it cannot be read: other commands say why.
 */
export function nobodyLooks({ config, table, adminUrl }: Place): string | undefined {
  if (table !== undefined || adminUrl !== undefined || !existsSync(config)) return undefined;
  const loaded = loadConfigFile(config);
  if (!loaded.ok || loaded.config.policies.some((policy) => policy.checkCredentialExistence))
    return undefined;
  return `warning: ${config} looks at no consumer, so this decides about no request; checkCredentialExistence: true in a policy turns that on`;
}
