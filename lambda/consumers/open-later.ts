import { once } from '../config/once.ts';
import type { TableReader } from './table-reader.ts';

/** The table, for an authorizer that may never need it: the AWS SDK is loaded at the first call, or by `prefetch`. */
export function openLater(tableName: string): TableReader & { prefetch(): void } {
  const open = once(() => import('./table-reader.ts').then(({ openTable }) => openTable(tableName)));
  return { ...readLater(open), prefetch: () => void open().catch(() => undefined) };
}

/** A reader that is opened by what is asked of it. @param open gives the same one each time. */
export const readLater = (open: () => Promise<TableReader>): TableReader => ({
  readCredential: async (keyId) => (await open()).readCredential(keyId),
  readHolder: async (credential) => (await open()).readHolder(credential),
  readKeys: async (keyId) => (await open()).readKeys(keyId),
  readRevocations: async () => (await open()).readRevocations(),
  isTokenRevoked: async (hashes) => (await open()).isTokenRevoked(hashes),
});
