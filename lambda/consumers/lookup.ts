/** Finds users, applications and consumers by id or name, consistently. */
import { type Item, readText } from './attributes.ts';
import { getItem, getLiveItem, getLiveItems } from './dynamodb-get.ts';
import type { Table } from './dynamodb-send.ts';
import { query } from './dynamodb-write.ts';
import { holdersOfApplication, holdersOfCredential, keepHeld } from './holders.ts';
import { isKeyId, recordKey, usernameClaimKey } from './items.ts';
import type { Application, Credential, User } from './model.ts';
import { parseApplication, parseCredential, parseUser } from './records.ts';
import { searchApplicationClaims } from './requests.ts';
import type { Outcome } from './store.ts';

const BATCH_SIZE = 100;

/** What is longer names nothing, and may be more than DynamoDB takes for a key. */
export const isReference = (idOrName: string): boolean => idOrName.length > 0 && idOrName.length <= 256;

export async function findUser(table: Table, idOrName: string): Promise<User | undefined> {
  if (!isReference(idOrName)) return undefined;
  const byId = await getLiveItem(table, recordKey('user', idOrName));
  if (byId !== undefined) return parseUser(byId);
  const claim = await getItem(table, usernameClaimKey(idOrName));
  if (claim === undefined) return undefined;
  const item = await getLiveItem(table, recordKey('user', readText(claim, 'recordId')));
  return item && parseUser(item);
}

export async function findApplication(
  table: Table,
  idOrName: string,
): Promise<Outcome<Application, 'application_not_found' | 'application_ambiguous'>> {
  if (!isReference(idOrName)) return { ok: false, code: 'application_not_found' };
  const byId = await getLiveItem(table, recordKey('app', idOrName));
  if (byId !== undefined) {
    const [application] = await keepHeld(table, [parseApplication(byId)], holdersOfApplication);
    if (application === undefined) return { ok: false, code: 'application_not_found' };
    return { ok: true, value: application };
  }
  const [first, second] = await applicationsNamed(table, idOrName);
  if (first === undefined) return { ok: false, code: 'application_not_found' };
  if (second !== undefined) return { ok: false, code: 'application_ambiguous' };
  return { ok: true, value: first };
}

/** @returns two at most: enough to know that a name is ambiguous. */
async function applicationsNamed(table: Table, name: string): Promise<readonly Application[]> {
  const found: Application[] = [];
  let start: Item | undefined;
  do {
    const page = await query(table, { ...searchApplicationClaims(name, start), Limit: BATCH_SIZE });
    const keys = (page.Items ?? []).map((claim) => recordKey('app', readText(claim, 'recordId')));
    // Claims whose application does not count, or has another name now, are stale: skipped.
    const items = keys.length > 0 ? await getLiveItems(table, keys) : [];
    const applications = items.filter((item) => item !== undefined).map(parseApplication);
    const named = applications.filter((application) => application.name === name);
    found.push(...(await keepHeld(table, named, holdersOfApplication)));
    start = page.LastEvaluatedKey;
  } while (start !== undefined && found.length < 2);
  return found.slice(0, 2);
}

/** @returns the credential and its item, when it and its holders count. @throws StoreUnavailable */
export async function findCredential(
  table: Table,
  keyId: string,
): Promise<{ readonly credential: Credential; readonly item: Item } | undefined> {
  const item = isKeyId(keyId) ? await getLiveItem(table, recordKey('cred', keyId)) : undefined;
  if (item === undefined) return undefined;
  const [credential] = await keepHeld(table, [parseCredential(item)], holdersOfCredential);
  return credential && { credential, item };
}

export type Consumer = Pick<Credential, 'consumerId' | 'consumerType' | 'ownerUserId'>;

/** A user's id or username goes before an application's id or name. */
export async function findConsumer(
  table: Table,
  idOrName: string,
): Promise<Outcome<Consumer, 'consumer_not_found' | 'consumer_ambiguous'>> {
  const user = await findUser(table, idOrName);
  if (user !== undefined) return { ok: true, value: { consumerId: user.id, consumerType: 'user' } };
  const found = await findApplication(table, idOrName);
  if (found.ok) {
    const { id: consumerId, userId: ownerUserId } = found.value;
    return { ok: true, value: { consumerId, consumerType: 'application', ownerUserId } };
  }
  const isAmbiguous = found.code === 'application_ambiguous';
  return { ok: false, code: isAmbiguous ? 'consumer_ambiguous' : 'consumer_not_found' };
}
