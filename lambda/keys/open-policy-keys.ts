import { once } from '../config/once.ts';
import type { JwtPolicy } from '../config/types.ts';
import { createSecretFetcher } from './fetch-secret.ts';
import type { KeyFinder } from './key-finder.ts';
import { createKeySetFetcher } from './key-set-source.ts';
import { createKeyFinder, type KeyDependencies } from './policy-keys.ts';

/**
 * The keys of each policy that has some of its own. Those that must be fetched are fetched from now on; the
 * AWS SDK and HTTP are loaded by policies that need them, and by no others.
 * @param generatedSecretArn the ARN of the secret that the stack made for a policy, by the policy's index.
 */
export function openPolicyKeys(
  policies: readonly JwtPolicy[],
  {
    generatedSecretArn,
    ...surroundings
  }: Pick<KeyDependencies, 'now' | 'report'> & {
    generatedSecretArn: (policyIndex: number) => string | undefined;
  },
): (policy: JwtPolicy) => KeyFinder {
  const secrets = once(() => import('./secrets-manager.ts').then((module) => module.openSecretsManager()));
  const parameters = once(() => import('./parameter-store.ts').then((module) => module.openParameterStore()));
  const http = once(() => import('./http-json.ts'));
  const dependencies: KeyDependencies = {
    ...surroundings,
    fetchSecret: createSecretFetcher({
      generatedSecretArn,
      readSecret: async (wish) => (await secrets())(wish),
      readParameter: async (wish) => (await parameters())(wish),
    }),
    fetchKeySet: createKeySetFetcher(async (...wish) => (await http()).getJson(...wish)),
  };
  const finders = new Map(
    policies
      .filter(({ keySource }) => keySource.kind !== 'credential')
      .map((policy) => [policy.index, createKeyFinder(policy, dependencies)]),
  );
  return ({ index }) => {
    const finder = finders.get(index);
    if (finder === undefined) throw new Error(`jwt[${index}] has no keys of its own`);
    return finder;
  };
}
