/** Records as Express Gateway writes them: flat, free properties beside the others. */
import type { Application, Credential, User } from '../consumers/model.ts';
import type { StateChange } from '../consumers/store.ts';

type Json = Readonly<Record<string, unknown>>;

// The free properties first: whatever they are called, they never hide a field.
export const userJson = ({ properties, issuedBeforeSeconds, ...fields }: User): Json => ({
  ...properties,
  ...fields,
  ...momentJson('issuedBefore', issuedBeforeSeconds),
});

export const applicationJson = ({ properties, issuedBeforeSeconds, ...fields }: Application): Json => ({
  ...properties,
  ...fields,
  ...momentJson('issuedBefore', issuedBeforeSeconds),
});

/** @returns nothing where there is no moment. */
export const momentJson = (name: string, seconds: number | undefined): Json =>
  seconds === undefined ? {} : { [name]: new Date(seconds * 1000).toISOString() };

/** @param keySecret only in the answers to a creation and a rotation. */
export function credentialJson(credential: Credential, keySecret?: string): Json {
  const { properties, keyId, scopes, consumerId, type, isActive, createdAt, updatedAt } = credential;
  const { issuer, apiKey, apiKeyId, plan, expiresAtSeconds } = credential;
  return {
    ...properties,
    ...{ id: keyId, keyId, ...(keySecret === undefined ? {} : { keySecret }) },
    ...{ scopes, consumerId, type, isActive, createdAt, updatedAt },
    ...(issuer === undefined ? {} : { issuer }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(apiKeyId === undefined ? {} : { apiKeyId }),
    ...(plan === undefined ? {} : { plan }),
    ...momentJson('expiresAt', expiresAtSeconds),
  };
}

/** What a change of state answers. @param isActive as it now is. */
export function statusJson({ changed }: StateChange, isActive: boolean): { readonly status: string } {
  if (changed) return { status: isActive ? 'Activated' : 'Deactivated' };
  return { status: isActive ? 'Active' : 'Inactive' };
}
