import { randomUUID } from 'node:crypto';
import { type ApiKeys, ApiKeysUnavailable } from '../../lambda/consumers/api-keys.ts';

/** An API Gateway without a network: what `aws-api-keys.test.ts` shows of the real calls, in memory. */
export interface MemoryApiKeys extends ApiKeys {
  /** What there is, by id. */
  readonly keys: Map<string, { readonly keyId: string; readonly plan: string; readonly value: string }>;
  /** While it is set, nothing is made or deleted. */
  isDown: boolean;
}

const PLANS = ['gold', 'silver'];

export function memoryApiKeys(): MemoryApiKeys {
  const keys: MemoryApiKeys['keys'] = new Map();
  const assertUp = () => {
    if (apiKeys.isDown) throw new ApiKeysUnavailable('API keys: down');
  };
  const apiKeys: MemoryApiKeys = {
    keys,
    isDown: false,
    findPlan: async (name) =>
      PLANS.includes(name)
        ? { ok: true, value: { id: `id-of-${name}`, name } }
        : { ok: false, code: 'plan_unknown', plans: PLANS },
    async create(keyId, plan) {
      assertUp();
      for (const [id, key] of keys) if (key.keyId === keyId) keys.delete(id);
      const [id, value] = [`id-${randomUUID()}`, `value-${randomUUID()}`];
      keys.set(id, { keyId, plan: plan.name, value });
      return { id, value };
    },
    async delete(id) {
      assertUp();
      keys.delete(id);
    },
  };
  return apiKeys;
}

/** As every implementation fails. */
export const failing = <T>(call: () => Promise<T>): Promise<T> =>
  call().catch((cause: unknown) => {
    throw cause instanceof ApiKeysUnavailable ? cause : new ApiKeysUnavailable('API keys: failed', { cause });
  });
