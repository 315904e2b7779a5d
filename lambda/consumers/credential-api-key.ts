/**
 * The API key of a credential that is being made. Whoever makes the record holds its keyId, so nobody else makes
 * an API key of that name meanwhile:
 *
 *   put record (pending) → make the API key → note it on the record → … → commit
 *
 * A failure takes the key back. A kill leaves at worst an API key that no credential names: the next one who
 * makes that keyId deletes it.
 */

import { ApiKeysUnavailable, type Plan, type TableWithApiKeys } from './api-keys.ts';
import { readOptionalText, readText } from './attributes.ts';
import { getItem } from './dynamodb-get.ts';
import { update } from './dynamodb-write.ts';
import { isLive, recordKey } from './items.ts';
import { type Credential, StoreUnavailable } from './model.ts';
import { type Draft, noteApiKey } from './requests.ts';

export type WithApiKey = Required<Pick<Credential, 'apiKey' | 'apiKeyId' | 'plan'>>;

/**
 * @returns what the credential has of it, which is on its record then.
 * @throws ApiKeysUnavailable, StoreUnavailable; the key is taken back by then, or as well as it goes.
 */
export async function addApiKey(table: TableWithApiKeys, draft: Draft, plan: Plan): Promise<WithApiKey> {
  const { id: apiKeyId, value: apiKey } = await table.apiKeys.create(draft.id, plan);
  const added = { apiKey, apiKeyId, plan: plan.name };
  try {
    if ((await update(table, noteApiKey(draft, added))) !== undefined) return added;
    throw new StoreUnavailable('credentials table: creation took too long and was given up');
  } catch (error) {
    await table.apiKeys.delete(apiKeyId).catch(() => undefined);
    throw error;
  }
}

/**
 * After a creation that failed: deletes its API key, unless the credential is live after all (only an answer was
 * lost). As well as it goes: where it cannot be told, the key stays, and the next maker of that keyId deletes it.
 */
export async function takeBackApiKey(table: TableWithApiKeys, draft: Draft, apiKeyId: string): Promise<void> {
  try {
    const item = await getItem(table, recordKey('cred', draft.id));
    const isOurs = item !== undefined && readOptionalText(item, 'attempt') === draft.attempt;
    // Live: it is in use. Pending: its commit may still be on its way.
    if (isOurs && (isLive(item) || readText(item, 'phase') === 'pending')) return;
    await table.apiKeys.delete(apiKeyId);
  } catch (error) {
    if (error instanceof StoreUnavailable || error instanceof ApiKeysUnavailable) return;
    throw error;
  }
}
