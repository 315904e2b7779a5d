/** Records as Express Gateway writes them: flat, free properties beside the others. */
import type { Application, Credential, User } from '../consumers/model.ts';
import type { StateChange } from '../consumers/store.ts';

type Json = Readonly<Record<string, unknown>>;

// The free properties first: whatever they are called, they never hide a field.
export const userJson = ({ properties, ...fields }: User): Json => ({ ...properties, ...fields });

export const applicationJson = ({ properties, ...fields }: Application): Json => ({
  ...properties,
  ...fields,
});

/** @param keySecret only in the answers to a creation and a rotation. */
export function credentialJson(credential: Credential, keySecret?: string): Json {
  const { properties, keyId, scopes, consumerId, type, isActive, createdAt, updatedAt } = credential;
  const { issuer, apiKey, expiresAtSeconds } = credential;
  return {
    ...properties,
    ...{ id: keyId, keyId, ...(keySecret === undefined ? {} : { keySecret }) },
    ...{ scopes, consumerId, type, isActive, createdAt, updatedAt },
    ...(issuer === undefined ? {} : { issuer }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(expiresAtSeconds === undefined ? {} : { expiresAt: new Date(expiresAtSeconds * 1000).toISOString() }),
  };
}

/** What a change of state answers. @param isActive as it now is. */
export function statusJson({ changed }: StateChange, isActive: boolean): { readonly status: string } {
  if (changed) return { status: isActive ? 'Activated' : 'Deactivated' };
  return { status: isActive ? 'Active' : 'Inactive' };
}
