import type { ConsumerStore } from '../../lambda/consumers/store.ts';
import type { PlanOfKey } from './usage-plans.ts';

/** The plan that an API key was made for, as its credential says it. */
export const planOfKeyIn =
  (store: Pick<ConsumerStore, 'getCredential'>): PlanOfKey =>
  async ({ apiKey, credentialId }) => {
    const found = await store.getCredential(credentialId);
    return found.ok && found.value.apiKey === apiKey ? found.value.plan : undefined;
  };
