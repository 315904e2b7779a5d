/** The requests that keep names unique, built and not sent. The order in which they go: claim-name.ts. */
import { marshal } from './attributes.ts';
import { keyItem } from './dynamodb-get.ts';
import { type Key, type Kind, recordKey } from './items.ts';
import { type Deletion, PENDING_TIMEOUT_MS, type Put, type Update } from './requests.ts';

/** Who holds a claim. `attempt` is that of a rename; a record that was made with the name has none. */
export interface Claimed {
  readonly recordId: string;
  readonly attempt?: string | undefined;
}

/** @param held the stale claim to take over, as it was read; undefined when nobody claimed the name yet. */
export function putClaim(claim: Key, { recordId, attempt }: Claimed, held?: Claimed): Put {
  return {
    item: { ...keyItem(claim), ...marshal({ recordId, attempt }) },
    ConditionExpression: `recordId = :id OR ${held === undefined ? 'attribute_not_exists(pk)' : `(${asRead(held)})`}`,
    ExpressionAttributeValues: marshal({
      ':id': recordId,
      ':heldBy': held?.recordId,
      ':heldAttempt': held?.attempt,
    }),
  };
}

/** Fails when the claim is no longer as it was read: its record may have been given that name again. */
export const removeClaim = (claim: Key, held: Claimed): Deletion => ({
  key: claim,
  ConditionExpression: asRead(held),
  ExpressionAttributeValues: marshal({ ':heldBy': held.recordId, ':heldAttempt': held.attempt }),
});

/** Whatever its attempt: for a record that is going. */
export const removeClaimOf = (claim: Key, recordId: string): Deletion => ({
  key: claim,
  ConditionExpression: 'recordId = :id',
  ExpressionAttributeValues: marshal({ ':id': recordId }),
});

const asRead = ({ attempt }: Claimed): string =>
  `recordId = :heldBy AND ${attempt === undefined ? 'attribute_not_exists(attempt)' : 'attempt = :heldAttempt'}`;

export interface Rename {
  readonly id: string;
  readonly name: string;
  /** Random: tells this rename's writes from those of another one of the same application. */
  readonly attempt: string;
  readonly startedAtMs: number;
}

/** Says which name an application is about to claim. A later rename of the same one overtakes it. */
export const beginRename = ({ id, name, attempt, startedAtMs }: Rename): Update => ({
  key: recordKey('app', id),
  UpdateExpression: 'SET renamingTo = :name, renameAttempt = :attempt, renamingSinceMs = :since',
  ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(phase)',
  ExpressionAttributeValues: marshal({ ':name': name, ':attempt': attempt, ':since': startedAtMs }),
});

/** Takes back one's own rename. */
export const abandonRename = ({ id, attempt }: Rename): Update => ({
  key: recordKey('app', id),
  UpdateExpression: 'REMOVE renamingTo, renameAttempt, renamingSinceMs',
  ConditionExpression: 'renameAttempt = :attempt AND attribute_exists(renamingTo)',
  ExpressionAttributeValues: marshal({ ':attempt': attempt }),
});

/** Gives up another's rename; fails when it was completed meanwhile, so that only one of the two wins. */
export const releaseRename = (
  kind: Kind,
  id: string,
  { name, nowMs }: { name: string; nowMs: number },
): Update => ({
  key: recordKey(kind, id),
  UpdateExpression: 'REMOVE renamingTo, renameAttempt, renamingSinceMs',
  ConditionExpression: 'renamingTo = :name AND renamingSinceMs < :cutoff',
  ExpressionAttributeValues: marshal({ ':name': name, ':cutoff': nowMs - PENDING_TIMEOUT_MS }),
});
