import type { LoadedConfig } from '../lambda/config/load.ts';
import { isRecord } from '../lambda/config/record.ts';

/**
 * A configuration that asks for a snapshot is deployed with one.
 * @throws Error naming the policies whose key set was not fetched beforehand, which a construct cannot do.
 */
export function assertSnapshots({
  config,
  runtimeConfig,
}: Pick<LoadedConfig, 'config' | 'runtimeConfig'>): void {
  const raw: readonly unknown[] = [runtimeConfig['jwt']].flat();
  const missing = config.policies.filter(
    ({ keySource, index }) =>
      'wantsSnapshot' in keySource && keySource.wantsSnapshot && !hasSnapshot(raw[index]),
  );
  if (missing.length > 0)
    throw new Error(
      `${missing.map(({ index }) => `jwt[${index}]`).join(', ')}: jwksSnapshot is true, but no key set was taken along; ` +
        'fetch it before (bin/app.ts does), or leave jwksSnapshot out',
    );
}

const hasSnapshot = (policy: unknown): boolean => isRecord(policy) && isRecord(policy['jwksSnapshot']);
