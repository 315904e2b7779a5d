import type { LoadedConfig } from '../../lambda/config/load.ts';
import { isRecord } from '../../lambda/config/record.ts';

/** A name that does nothing to a terminal. */
const PLAIN = /^[^\p{Cc}\p{Cf}]+$/u;

/**
 * How a configuration calls the keys that it brings itself. As it was loaded: the file may be another since.
 * @returns the option by a policy's index, with the file that it names; never a key. Undefined where it brings none.
 */
export function keyOptionsIn({
  keyFiles,
  runtimeConfig,
}: Pick<LoadedConfig, 'keyFiles' | 'runtimeConfig'>): (policyIndex: number) => string | undefined {
  const policies: readonly unknown[] = [runtimeConfig['jwt']].flat();
  return (index) => {
    const file = keyFiles[index];
    if (file !== undefined) return `secretOrPublicKeyFile${PLAIN.test(file) ? ` ${file}` : ''}`;
    const policy = policies[index];
    if (!isRecord(policy)) return undefined;
    return ['secretOrPublicKey', 'secretOrPublicKeyBase64'].find((option) => option in policy);
  };
}
