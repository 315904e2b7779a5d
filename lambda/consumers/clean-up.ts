/**
 * Removes what deletions leave behind. What decides is one write, done before: a record in phase `deleting`
 * does not count, nor does what hangs on it. So the clean-up may stop anywhere and be resumed:
 *
 *   user          its applications → its credentials → claim → record
 *   application   its credentials → claims → link → record
 *   credential    API key → key slots → link → record    (of a deleted consumer: … → record → link)
 *
 * A deleted record goes last, since the listing's part `deleting` finds it; what only a link finds goes before
 * its link. Everything is removed only while it is the same maker's as when it was read, so a keyId or name
 * that is made anew meanwhile keeps all it has.
 */

import { ApiKeysUnavailable, type TableWithApiKeys } from './api-keys.ts';
import { type Item, readOptionalText, readText } from './attributes.ts';
import { removeClaimOf } from './claim-requests.ts';
import { markAlongWith, removeRecord } from './deletion-requests.ts';
import { getItem } from './dynamodb-get.ts';
import type { Table } from './dynamodb-send.ts';
import { query, remove, update } from './dynamodb-write.ts';
import {
  applicationClaimKey,
  applicationLinkKey,
  consumerKey,
  credentialLinkKey,
  DELETING,
  type Key,
  type Kind,
  keySlotKey,
  recordKey,
  usernameClaimKey,
} from './items.ts';
import { parseCredential } from './records.ts';
import { removeTrace, searchLinks, searchListing } from './requests.ts';

/** How many are cleaned up at a time. */
const AT_ONCE = 10;

/** @param item a record in phase `deleting`. @throws StoreUnavailable, ApiKeysUnavailable */
export async function cleanUp(table: TableWithApiKeys, kind: Kind, item: Item): Promise<void> {
  if (kind === 'user') await cleanUpUser(table, item);
  else if (kind === 'app') await cleanUpApplication(table, item);
  else await cleanUpCredential(table, item);
}

/**
 * @returns how many deletions were finished.
 * @throws StoreUnavailable; ApiKeysUnavailable after all others were finished.
 */
export async function resumeDeletions(table: TableWithApiKeys): Promise<number> {
  let count = 0;
  let failure: ApiKeysUnavailable | undefined;
  let after: string | undefined = '';
  do {
    const page = await query(table, searchListing(DELETING, after, AT_ONCE));
    for (const listed of page.Items ?? []) {
      // The index may be late: what counts is the record itself.
      const item = await getItem(table, { pk: readText(listed, 'pk'), sk: readText(listed, 'sk') });
      if (item === undefined || readOptionalText(item, 'phase') !== DELETING) continue;
      try {
        await cleanUp(table, kindOf(item), item);
        count += 1;
      } catch (error) {
        if (!(error instanceof ApiKeysUnavailable)) throw error;
        failure ??= error;
      }
    }
    after = page.LastEvaluatedKey && readText(page.LastEvaluatedKey, 'listSk');
  } while (after !== undefined);
  if (failure !== undefined) throw failure;
  return count;
}

const kindOf = (item: Item): Kind => {
  const [kind] = readText(item, 'pk').split('#');
  return kind === 'user' || kind === 'app' ? kind : 'cred';
};

async function cleanUpUser(table: TableWithApiKeys, item: Item): Promise<void> {
  const id = readText(item, 'id');
  const key = recordKey('user', id);
  await eachLink(table, key, 'app#', async (link, applicationId) => {
    const application = await update(table, markAlongWith('app', applicationId, id));
    if (application !== undefined) await cleanUpApplication(table, application);
    await removeLink(table, link);
  });
  await removeCredentials(table, { type: 'user', id });
  await remove(table, removeClaimOf(usernameClaimKey(readText(item, 'username')), id));
  await remove(table, removeRecord(key, readText(item, 'attempt')));
}

async function cleanUpApplication(table: TableWithApiKeys, item: Item): Promise<void> {
  const [id, userId, attempt] = [readText(item, 'id'), readText(item, 'userId'), readText(item, 'attempt')];
  await removeCredentials(table, { type: 'application', id });
  for (const name of new Set([readText(item, 'name'), readOptionalText(item, 'renamingTo')])) {
    if (name !== undefined) await remove(table, removeClaimOf(applicationClaimKey(name, userId), id));
  }
  await remove(table, removeTrace(applicationLinkKey(userId, id), attempt));
  await remove(table, removeRecord(recordKey('app', id), attempt));
}

/** @param item one that is being deleted. */
export async function cleanUpCredential(table: TableWithApiKeys, item: Item): Promise<void> {
  const { keyId, consumerType, consumerId } = parseCredential(item);
  const attempt = readText(item, 'attempt');
  await removeApiKey(table, item);
  await removeSlots(table, keyId, attempt);
  await remove(table, removeTrace(credentialLinkKey(consumerType, consumerId, keyId), attempt));
  await remove(table, removeRecord(recordKey('cred', keyId), attempt));
}

/** The credentials of a deleted consumer, of which there may be many: they need no mark of their own. */
async function removeCredentials(
  table: TableWithApiKeys,
  consumer: { readonly type: 'user' | 'application'; readonly id: string },
): Promise<void> {
  await eachLink(table, consumerKey(consumer.type, consumer.id), 'cred#', async (link, keyId) => {
    const key = recordKey('cred', keyId);
    const item = await getItem(table, key);
    // A link may be left of a keyId that now is another consumer's.
    if (item !== undefined && readText(item, 'consumerId') === consumer.id) {
      const attempt = readText(item, 'attempt');
      await removeApiKey(table, item);
      await removeSlots(table, keyId, attempt);
      await remove(table, removeRecord(key, attempt));
    }
    await removeLink(table, link);
  });
}

/** One that was given with the credential is somebody else's, and stays. */
async function removeApiKey({ apiKeys }: TableWithApiKeys, item: Item): Promise<void> {
  const id = readOptionalText(item, 'apiKeyId');
  if (id !== undefined) await apiKeys.delete(id);
}

async function removeSlots(table: Table, keyId: string, attempt: string): Promise<void> {
  for (const slot of [1, 2] as const) await remove(table, removeTrace(keySlotKey(keyId, slot), attempt));
}

const removeLink = (table: Table, link: Item): Promise<boolean> =>
  remove(
    table,
    removeTrace({ pk: readText(link, 'pk'), sk: readText(link, 'sk') }, readText(link, 'attempt')),
  );

/** @param work gets the link and the id that it leads to; runs for several at a time. */
async function eachLink(
  table: Table,
  consumer: Key,
  prefix: 'app#' | 'cred#',
  work: (link: Item, id: string) => Promise<unknown>,
): Promise<void> {
  let start: Item | undefined;
  do {
    const page = await query(table, searchLinks(consumer, prefix, start));
    const links = [...(page.Items ?? [])];
    const worker = async () => {
      for (let link = links.shift(); link !== undefined; link = links.shift()) {
        await work(link, readText(link, 'sk').slice(prefix.length));
      }
    };
    // All of them end before a failure is told: nothing goes on behind the caller's back.
    const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}
