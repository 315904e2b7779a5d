/**
 * The API keys that usage plans count requests by. An API key belongs to one credential: it is made with it,
 * deleted with it, and named after its keyId. What makes and deletes them is API Gateway, or locally nobody.
 */
import type { Table } from './dynamodb-send.ts';
import type { Done, PlanFailure } from './store.ts';

export interface Plan {
  /** API Gateway's own. */
  readonly id: string;
  readonly name: string;
}

export interface ApiKey {
  /** API Gateway's own: what it is deleted by. */
  readonly id: string;
  /** Becomes `usageIdentifierKey`. 64 letters and digits. */
  readonly value: string;
}

/** Each of them rejects with {@link ApiKeysUnavailable} where API Gateway does not do it. */
export interface ApiKeys {
  findPlan(idOrName: string): Promise<Done<Plan> | PlanFailure>;
  /**
   * Makes an API key for a credential and adds it to a plan. What earlier tries with that keyId have left
   * behind is deleted, so only who holds the keyId may ask: {@link file://./make-record.ts}.
   */
  create(keyId: string, plan: Plan): Promise<ApiKey>;
  /** One that is not there any more is no failure. */
  delete(id: string): Promise<void>;
}

/** API Gateway did not make, find or delete an API key. The message names no key. */
export class ApiKeysUnavailable extends Error {
  override readonly name = 'ApiKeysUnavailable';
}

/** What the management of credentials works with. */
export interface TableWithApiKeys extends Table {
  readonly apiKeys: ApiKeys;
}

/** Where the configuration has no plans: there are none to choose, and API keys of before stay. */
export const noApiKeys: ApiKeys = {
  findPlan: async () => ({ ok: false, code: 'plan_unknown', plans: [] }),
  create: () => Promise.reject(noPlans()),
  delete: () => Promise.reject(noPlans()),
};

const noPlans = () =>
  new ApiKeysUnavailable('API keys: the configuration has no plans, and so nothing that could delete them');
