/**
 * The requests of the management side, built and not sent. Each condition is worded so that the SDK may send
 * the request twice (an answer was lost): the second finds the first's work and agrees.
 */
import type {
  DeleteItemCommandInput,
  PutItemCommandInput,
  QueryCommandInput,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { type Item, marshal } from './attributes.ts';
import { keyItem } from './dynamodb-get.ts';
import { type DELETING, type Key, type Kind, PENDING, recordKey } from './items.ts';
import { tableDefinition } from './table.ts';

export type Put = Omit<PutItemCommandInput, 'TableName' | 'Item'> & { readonly item: Item };
export type Update = Omit<UpdateItemCommandInput, 'TableName' | 'Key'> & { readonly key: Key };
export type Deletion = Omit<DeleteItemCommandInput, 'TableName' | 'Key'> & { readonly key: Key };
export type Search = Omit<QueryCommandInput, 'TableName'>;

/** A maker that is silent for so long is taken for dead. Far above the client's timeouts and retries. */
export const PENDING_TIMEOUT_MS = 30_000;
/** When DynamoDB may remove a record whose maker died. */
const PENDING_PURGE_SECONDS = 86_400;

/** A record on its way to being live. */
export interface Draft {
  readonly kind: Kind;
  readonly id: string;
  readonly fields: Item;
  readonly createdAt: string;
  readonly startedAtMs: number;
  /** Random: tells this maker's writes from those of another one of the same id. */
  readonly attempt: string;
}

/** Fails when the id is taken: by a live record, or by another maker that may be alive. */
export function putPending({ kind, id, fields, startedAtMs, attempt }: Draft): Put {
  const purgeAtSeconds = Math.floor(startedAtMs / 1000) + PENDING_PURGE_SECONDS;
  return {
    item: {
      ...keyItem(recordKey(kind, id)),
      ...fields,
      ...marshal({ phase: PENDING, attempt, pendingSinceMs: startedAtMs, purgeAtSeconds }),
    },
    // AND goes before OR. The embedded DynamoDB takes ten times as long to read the same with parentheses.
    ConditionExpression:
      'attribute_not_exists(pk) OR phase = :pending AND attempt = :attempt OR phase = :pending AND pendingSinceMs < :cutoff',
    ExpressionAttributeValues: marshal({
      ':pending': PENDING,
      ':attempt': attempt,
      ':cutoff': startedAtMs - PENDING_TIMEOUT_MS,
    }),
  };
}

/** The one write that makes a record live, and listed. Fails when another maker gave it up or took it over. */
export function commit({ kind, id, createdAt, attempt }: Draft): Update {
  return {
    key: recordKey(kind, id),
    UpdateExpression: 'SET listPk = :listPk, listSk = :listSk REMOVE phase, pendingSinceMs, purgeAtSeconds',
    // Without parentheses as in putPending.
    ConditionExpression:
      'attempt = :attempt AND phase = :pending OR attempt = :attempt AND attribute_not_exists(phase)',
    ExpressionAttributeValues: marshal({
      ':listPk': kind,
      ':listSk': `${createdAt}#${id}`,
      ':attempt': attempt,
      ':pending': PENDING,
    }),
  };
}

/** Writes an API key on one's own pending record; fails when another maker gave it up or took it over. */
export const noteApiKey = (
  { kind, id, attempt }: Pick<Draft, 'kind' | 'id' | 'attempt'>,
  { apiKey, apiKeyId, plan }: { readonly apiKey: string; readonly apiKeyId: string; readonly plan: string },
): Update => ({
  key: recordKey(kind, id),
  UpdateExpression: 'SET apiKey = :apiKey, apiKeyId = :apiKeyId, #plan = :plan',
  ConditionExpression: 'phase = :pending AND attempt = :attempt',
  ExpressionAttributeNames: { '#plan': 'plan' },
  ExpressionAttributeValues: marshal({
    ':pending': PENDING,
    ':attempt': attempt,
    ':apiKey': apiKey,
    ':apiKeyId': apiKeyId,
    ':plan': plan,
  }),
});

/** Takes back one's own pending record; fails once it is live or another's. */
export const abandonPending = ({ kind, id, attempt }: Draft): Deletion => ({
  key: recordKey(kind, id),
  ConditionExpression: 'phase = :pending AND attempt = :attempt',
  ExpressionAttributeValues: marshal({ ':pending': PENDING, ':attempt': attempt }),
});

/** Gives up another maker's record; fails when it became live meanwhile, so that only one of the two wins. */
export const releasePending = (kind: Kind, id: string, nowMs: number): Deletion => ({
  key: recordKey(kind, id),
  ConditionExpression: 'phase = :pending AND pendingSinceMs < :cutoff',
  ExpressionAttributeValues: marshal({ ':pending': PENDING, ':cutoff': nowMs - PENDING_TIMEOUT_MS }),
});

/** From a consumer to what belongs to it; whoever writes last owns it. */
export const putLink = (link: Key, attempt: string): Put => ({
  item: { ...keyItem(link), ...marshal({ attempt }) },
});

/** Fails when a later maker of the same credential, which took this one for dead, wrote its key already. */
export const putKeySlot = (
  slot: Key,
  key: Item,
  { attempt, startedAtMs }: Pick<Draft, 'attempt' | 'startedAtMs'>,
): Put => ({
  item: { ...keyItem(slot), ...key, ...marshal({ attempt, startedAtMs }) },
  ConditionExpression: 'attribute_not_exists(pk) OR startedAtMs <= :startedAtMs',
  ExpressionAttributeValues: marshal({ ':startedAtMs': startedAtMs }),
});

/** Removes a link or key slot unless another maker has written it since. */
export const removeTrace = (key: Key, attempt: string): Deletion => ({
  key,
  ConditionExpression: 'attempt = :attempt',
  ExpressionAttributeValues: marshal({ ':attempt': attempt }),
});

/** `null` removes an attribute, or asks that there is none; undefined leaves it as it is. */
export type Fields = Readonly<Record<string, string | number | null | undefined>>;

/**
 * Changes attributes of a live record.
 * @param seen what they must be before, so that no other change is undone.
 */
export function changeFields(key: Key, fields: Fields, seen: Fields): Update {
  const names: Record<string, string> = {};
  const values: Record<string, string | number> = {};
  const entries = (of: Fields, mark: string) =>
    Object.entries(of).flatMap(([name, value]) => {
      if (value === undefined) return [];
      names[`#${name}`] = name;
      if (value !== null) values[`:${mark}${name}`] = value;
      return [{ name: `#${name}`, value: value === null ? undefined : `:${mark}${name}` }];
    });
  const changed = entries(fields, 'new_');
  const set = changed.flatMap(({ name, value }) => (value ? [`${name} = ${value}`] : []));
  const gone = changed.flatMap(({ name, value }) => (value ? [] : [name]));
  const asSeen = entries(seen, 'seen_').map(({ name, value }) =>
    value ? `${name} = ${value}` : `attribute_not_exists(${name})`,
  );
  return {
    key,
    UpdateExpression: `SET ${set.join(', ')}${gone.length > 0 ? ` REMOVE ${gone.join(', ')}` : ''}`,
    ConditionExpression: ['attribute_exists(pk)', 'attribute_not_exists(phase)', ...asSeen].join(' AND '),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: marshal(values),
    ReturnValues: 'ALL_NEW',
  };
}

export const setActive = (key: Key, isActive: boolean, updatedAt: string): Update => ({
  key,
  UpdateExpression: 'SET isActive = :isActive, updatedAt = :updatedAt',
  ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(phase)',
  ExpressionAttributeValues: marshal({ ':isActive': isActive, ':updatedAt': updatedAt }),
});

/** A page of live records in order of creation. */
export const searchListing = (kind: Kind | typeof DELETING, after: string, Limit: number): Search => ({
  IndexName: tableDefinition.listingIndex.name,
  // No record sorts before a space.
  KeyConditionExpression: 'listPk = :kind AND listSk > :after',
  ExpressionAttributeValues: marshal({ ':kind': kind, ':after': after || ' ' }),
  Limit,
});

/** The credentials linked to a consumer, in order of keyId, of which no character sorts before `!`. */
export const searchCredentialLinks = (consumer: Key, after: string, Limit: number): Search => ({
  KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
  ExpressionAttributeValues: marshal({ ':pk': consumer.pk, ':from': `cred#${after} `, ':to': 'cred#\x7f' }),
  ConsistentRead: true,
  Limit,
});

/** All links of one sort, a page at a time. @param start `LastEvaluatedKey` of the page before. */
export const searchLinks = (consumer: Key, prefix: 'app#' | 'cred#', start: Item | undefined): Search => ({
  KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
  ExpressionAttributeValues: marshal({ ':pk': consumer.pk, ':prefix': prefix }),
  ConsistentRead: true,
  Limit: 100,
  ...(start && { ExclusiveStartKey: start }),
});

/** The claims of an application name, one a user. */
export const searchApplicationClaims = (name: string, start: Item | undefined): Search => ({
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: marshal({ ':pk': `appname#${name}` }),
  ConsistentRead: true,
  ...(start && { ExclusiveStartKey: start }),
});
