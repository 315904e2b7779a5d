import { randomBytes, randomUUID } from 'node:crypto';
import type { ApiKeys } from '../../lambda/consumers/api-keys.ts';

/**
 * API keys of the local gateway, which knows them from the credentials: there is nothing else to make or delete.
 * @param plansOf the names of the configuration's plans; asked for when somebody wants one.
 */
export const localApiKeys = (plansOf: () => readonly string[]): ApiKeys => ({
  findPlan: async (name) => {
    const plans = plansOf();
    if (!plans.includes(name)) return { ok: false, code: 'plan_unknown', plans };
    return { ok: true, value: { id: name, name } };
  },
  create: async () => ({ id: `local-${randomUUID()}`, value: randomBytes(32).toString('hex') }),
  delete: async () => undefined,
});
