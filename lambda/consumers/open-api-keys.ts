import { once } from '../config/once.ts';
import type { ApiKeys } from './api-keys.ts';
import type { AwsApiKeysOptions } from './aws-api-keys.ts';

/** API Gateway's API keys, for who may never need them: its client is loaded at the first call. */
export function openApiKeysLater(options: AwsApiKeysOptions): ApiKeys {
  const open = once(() => import('./aws-api-keys.ts').then(({ openAwsApiKeys }) => openAwsApiKeys(options)));
  return {
    findPlan: async (idOrName) => (await open()).findPlan(idOrName),
    create: async (keyId, plan) => (await open()).create(keyId, plan),
    delete: async (id) => (await open()).delete(id),
  };
}
