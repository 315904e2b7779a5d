/** Pages of records. */
import { type Item, readText } from './attributes.ts';
import { getLiveItems, MAX_BATCH } from './dynamodb-get.ts';
import type { Table } from './dynamodb-send.ts';
import { query } from './dynamodb-write.ts';
import { holdersOfCredential, keepHeld } from './holders.ts';
import { consumerKey, isKeyId, type Key, type Kind, recordKey } from './items.ts';
import { isReference } from './lookup.ts';
import type { ConsumerType, Credential } from './model.ts';
import { parseCredential } from './records.ts';
import { searchCredentialLinks, searchListing } from './requests.ts';
import type { Page, PageRequest } from './store.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** How the records of a kind are read, and what they hang on. */
export interface Listed<T> {
  readonly kind: Kind;
  readonly parse: (item: Item) => T;
  readonly holdersOf: (record: T) => readonly Key[];
}

/** @throws StoreUnavailable */
export async function listRecords<T>(
  table: Table,
  { kind, parse, holdersOf }: Listed<T>,
  page: PageRequest,
): Promise<Page<T>> {
  const answer = await query(table, searchListing(kind, page.after ?? '', limitOf(page, MAX_LIMIT)));
  const records = await recordsOf(table, answer.Items ?? []);
  const items = await keepHeld(table, records.map(parse), holdersOf);
  return { items, ...nextOf(answer.LastEvaluatedKey, 'listSk', 0) };
}

/**
 * The index only says where to look: on AWS it follows the table with a delay, and on the embedded DynamoDB a
 * kill may come between the two, so that it holds an entry of what was never made, or was made anew since.
 */
async function recordsOf(table: Table, entries: readonly Item[]): Promise<readonly Item[]> {
  const keys = entries.map((entry) => ({ pk: readText(entry, 'pk'), sk: readText(entry, 'sk') }));
  // Two entries may be of one record.
  const unique = [...new Map(keys.map((key) => [key.pk, key])).values()];
  const records = new Map<string, Item>();
  for (let start = 0; start < unique.length; start += MAX_BATCH) {
    const items = await getLiveItems(table, unique.slice(start, start + MAX_BATCH));
    for (const item of items) if (item !== undefined) records.set(readText(item, 'listSk'), item);
  }
  return entries.map((entry) => records.get(readText(entry, 'listSk'))).filter((item) => item !== undefined);
}

/** @throws StoreUnavailable */
export async function listCredentialsOf(
  table: Table,
  consumer: { readonly type: ConsumerType; readonly id: string },
  page: PageRequest,
): Promise<Page<Credential>> {
  if (!isReference(consumer.id)) return { items: [] };
  const after = page.after !== undefined && isKeyId(page.after) ? page.after : '';
  const start = consumerKey(consumer.type, consumer.id);
  const answer = await query(table, searchCredentialLinks(start, after, limitOf(page, MAX_BATCH)));
  const keyIds = (answer.Items ?? []).map((link) => readText(link, 'sk').slice(LINK_PREFIX.length));
  const records = keyIds.length > 0 ? await getLiveItems(table, keyIds.map(credentialKey)) : [];
  const credentials = records
    .filter((item) => item !== undefined)
    .map(parseCredential)
    // A link may be left of a keyId that now is another consumer's.
    .filter(({ consumerType, consumerId }) => consumerType === consumer.type && consumerId === consumer.id);
  const items = await keepHeld(table, credentials, holdersOfCredential);
  return { items, ...nextOf(answer.LastEvaluatedKey, 'sk', LINK_PREFIX.length) };
}

const LINK_PREFIX = 'cred#';

const credentialKey = (keyId: string) => recordKey('cred', keyId);

const limitOf = ({ limit = DEFAULT_LIMIT }: PageRequest, max: number): number =>
  Math.min(Math.max(Math.trunc(limit) || DEFAULT_LIMIT, 1), max);

const nextOf = (last: Item | undefined, attribute: string, prefixLength: number): { next?: string } =>
  last === undefined ? {} : { next: readText(last, attribute).slice(prefixLength) };
