/** The requests on the scopes and on the scopes of credentials, built and not sent. */
import type { ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { type Item, marshal } from './attributes.ts';
import { type Key, recordKey, scopesKey } from './items.ts';
import type { Update } from './requests.ts';

/** All or none. Fails when one exists, or while the deletion of any is not cleaned up. */
export function addScopes(scopes: readonly string[], attempt: string): Update {
  const names = scopes.map((scope, index) => [`:scope${index}`, scope] as const);
  const isNew = names.map(([name]) => `NOT contains(scopeNames, ${name})`).join(' AND ');
  return {
    key: scopesKey,
    UpdateExpression: 'ADD scopeNames :scopes SET lastAttempt = :attempt',
    ConditionExpression: `lastAttempt = :attempt OR (attribute_not_exists(deletingScopes) AND ${isNew})`,
    ExpressionAttributeValues: marshal({
      ...Object.fromEntries(names),
      ':scopes': scopes,
      ':attempt': attempt,
    }),
  };
}

/** From this write on the scope does not exist. Holds too for one whose deletion is not cleaned up. */
export const beginScopeDeletion = (scope: string): Update => ({
  key: scopesKey,
  UpdateExpression: 'ADD deletingScopes :scopes DELETE scopeNames :scopes',
  ConditionExpression: 'contains(scopeNames, :scope) OR contains(deletingScopes, :scope)',
  ExpressionAttributeValues: marshal({ ':scopes': [scope], ':scope': scope }),
});

export const endScopeDeletion = (scope: string): Update => ({
  key: scopesKey,
  UpdateExpression: 'DELETE deletingScopes :scopes',
  ConditionExpression: 'contains(deletingScopes, :scope)',
  ExpressionAttributeValues: marshal({ ':scopes': [scope], ':scope': scope }),
});

/** The whole table, consistently: the index may not show yet what was bound just before. */
export const scanForScope = (
  scope: string,
  start: Item | undefined,
): Omit<ScanCommandInput, 'TableName'> => ({
  FilterExpression: 'contains(#scopes, :scope) OR contains(pendingScopes, :scope)',
  ProjectionExpression: 'pk, sk',
  ExpressionAttributeNames: { '#scopes': 'scopes' },
  ExpressionAttributeValues: marshal({ ':scope': scope }),
  ConsistentRead: true,
  ...(start && { ExclusiveStartKey: start }),
});

/** Takes a scope from a credential in any phase, and makes a change of its scopes fail that is under way. */
export const unbindScope = (key: Key, scope: string, attempt: string): Update => ({
  key,
  UpdateExpression: 'DELETE #scopes :scopes, pendingScopes :scopes SET scopesAttempt = :attempt',
  ConditionExpression: 'contains(#scopes, :scope) OR contains(pendingScopes, :scope)',
  ExpressionAttributeNames: { '#scopes': 'scopes' },
  ExpressionAttributeValues: marshal({ ':scopes': [scope], ':scope': scope, ':attempt': attempt }),
});

/** A change of a credential's scopes: `seen` is the change before, as it was read. */
export interface Rescoping {
  readonly keyId: string;
  readonly scopes: readonly string[];
  readonly attempt: string;
  readonly seen: string | undefined;
}

/** Names the scopes where they do not count yet, but where the deletion of one finds them. */
export const proposeScopes = ({ keyId, scopes, attempt, seen }: Rescoping): Update => ({
  key: recordKey('cred', keyId),
  UpdateExpression: `SET scopesAttempt = :attempt${scopes.length > 0 ? ', pendingScopes = :scopes' : ''}`,
  ConditionExpression: `attribute_exists(pk) AND attribute_not_exists(phase) AND (scopesAttempt = :attempt OR ${
    seen === undefined ? 'attribute_not_exists(scopesAttempt)' : 'scopesAttempt = :seen'
  })`,
  ExpressionAttributeValues: marshal({ ':attempt': attempt, ':scopes': scopes, ':seen': seen }),
});

/**
 * Makes them count; fails when one was deleted, or another change begun, meanwhile. The attempt changes once
 * more, so that a change that read the record between the two steps starts anew.
 */
export const commitScopes = ({ keyId, scopes, attempt }: Rescoping, updatedAt: string): Update => ({
  key: recordKey('cred', keyId),
  UpdateExpression:
    scopes.length > 0
      ? 'SET #scopes = :scopes, updatedAt = :updatedAt, scopesAttempt = :done REMOVE pendingScopes'
      : 'SET updatedAt = :updatedAt, scopesAttempt = :done REMOVE #scopes, pendingScopes',
  ConditionExpression: 'attribute_not_exists(phase) AND (scopesAttempt = :attempt OR scopesAttempt = :done)',
  ExpressionAttributeNames: { '#scopes': 'scopes' },
  ExpressionAttributeValues: marshal({
    ':scopes': scopes,
    ':attempt': attempt,
    ':done': `${attempt} done`,
    ':updatedAt': updatedAt,
  }),
  ReturnValues: 'ALL_NEW',
});
