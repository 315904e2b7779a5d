import { once } from '../config/once.ts';
import type { KeyedReader } from './find-credential-keys.ts';
import type { CredentialReader } from './model.ts';

/** The table, for an authorizer that may never need it: the AWS SDK is loaded at the first call, or by `prefetch`. */
export function openLater(tableName: string): CredentialReader & KeyedReader & { prefetch(): void } {
  const open = once(() => import('./table-reader.ts').then(({ openTable }) => openTable(tableName)));
  return {
    prefetch: () => void open().catch(() => undefined),
    readCredential: async (keyId) => (await open()).readCredential(keyId),
    readHolder: async (credential) => (await open()).readHolder(credential),
    readKeys: async (keyId) => (await open()).readKeys(keyId),
  };
}
