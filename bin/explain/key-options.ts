import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { isRecord } from '../../lambda/config/record.ts';

/** A name that does nothing to a terminal. */
const PLAIN = /^[^\p{Cc}\p{Cf}]+$/u;

/**
 * How a configuration file calls the keys that it brings itself: once it is read, the key of a file stands where its name stood.
 * @param path of a file that was accepted as a configuration.
 * @returns the option by a policy's index, with the file that it names; never a key. Undefined where the file does not say.
 */
export function keyOptionsIn(path: string): (policyIndex: number) => string | undefined {
  const policies = policiesIn(path);
  return (index) => {
    const policy = policies[index];
    if (!isRecord(policy)) return undefined;
    const file = policy['secretOrPublicKeyFile'];
    if (typeof file === 'string') return `secretOrPublicKeyFile${PLAIN.test(file) ? ` ${file}` : ''}`;
    return ['secretOrPublicKey', 'secretOrPublicKeyBase64'].find((option) => option in policy);
  };
}

/** As the configuration was read (`lambda/config/load.ts`), which has refused what is no such file. */
const READING = { schema: 'core', resolveKnownTags: false, logLevel: 'silent' } as const;

function policiesIn(path: string): readonly unknown[] {
  try {
    const file: unknown = parse(readFileSync(path, 'utf8'), READING);
    const jwt = isRecord(file) ? file['jwt'] : undefined;
    return Array.isArray(jwt) ? jwt : [jwt];
  } catch {
    // Gone, or another since it was read: nothing that is decided depends on it.
    return [];
  }
}
