import type { KeyObject } from 'node:crypto';
import { algorithmsOfKey, importKey, isLongEnough } from '../config/key-material.ts';
import type { JwtPolicy, KeySource } from '../config/types.ts';
import { KeyUnavailable } from './key-unavailable.ts';
import type { FetchSecret } from './secret-store.ts';

/** A policy's key: at once where it is in the configuration, else fetched at first use and kept. */
export type PolicyKeys = (policy: JwtPolicy) => KeyObject | Promise<KeyObject>;

/**
 * @param generatedSecretArn the ARN of the secret that the stack made for a policy, by the policy's index.
 * @param fetchSecret reads a secret store; only called for policies whose key is there.
 * @returns a look-up that throws KeyUnavailable (or rejects with it) when a key cannot be had.
 */
export function createPolicyKeys({
  generatedSecretArn,
  fetchSecret,
}: {
  generatedSecretArn: (policyIndex: number) => string | undefined;
  fetchSecret: FetchSecret;
}): PolicyKeys {
  const kept = new Map<number, KeyObject>();
  const underWay = new Map<number, Promise<KeyObject>>();

  const fetchKey = async (policy: JwtPolicy, source: Exclude<KeySource, { kind: 'inline' }>) => {
    const arn = source.kind === 'generated' ? generatedSecretArn(policy.index) : source.arn;
    if (arn === undefined) throw new KeyUnavailable(`no secret was made for jwt[${policy.index}]`);
    const bytes = await fetchSecret(arn, source.kind === 'secretArn' ? source.jsonField : undefined);
    const key = assertUsable(bytes, policy);
    kept.set(policy.index, key);
    return key;
  };

  return (policy) => {
    const source = policy.keySource;
    if (source.kind === 'inline') return source.key;
    const ready = kept.get(policy.index) ?? underWay.get(policy.index);
    if (ready !== undefined) return ready;
    // A failure is not kept: the next request tries again.
    const fetching = fetchKey(policy, source).finally(() => underWay.delete(policy.index));
    underWay.set(policy.index, fetching);
    return fetching;
  };
}

/** What the configuration's checks would have said, had the key been there to see. */
function assertUsable(bytes: Uint8Array, policy: JwtPolicy): KeyObject {
  const imported = importKey(bytes);
  if (!imported.ok)
    throw new KeyUnavailable(`the key of jwt[${policy.index}] is not usable: ${imported.message}`);
  const { key } = imported;
  const able = algorithmsOfKey(key);
  const unable = policy.algorithms.filter(
    (algorithm) =>
      !able.includes(algorithm) ||
      (key.type === 'secret' && !policy.allowShortSecret && !isLongEnough(key, algorithm)),
  );
  if (unable.length > 0)
    throw new KeyUnavailable(`the key of jwt[${policy.index}] cannot do ${unable.join(', ')}`);
  return key;
}
