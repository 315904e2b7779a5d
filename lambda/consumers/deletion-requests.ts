/** The requests of deletions, built and not sent. Their order is argued in clean-up.ts. */
import { marshal } from './attributes.ts';
import { DELETING, type Key, type Kind, recordKey } from './items.ts';
import type { Deletion, Update } from './requests.ts';

/** The one write that deletes: from then on the record counts no more, and the clean-up finds it. */
export const markDeleting = (kind: Kind, id: string, deletion: string): Update => ({
  ...marking(kind, id, deletion),
  ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(phase) OR deletion = :deletion)',
});

/** The same for one whose consumer does not count any more; fails when the keyId was made anew since. */
export const markOrphan = (keyId: string, attempt: string, deletion: string): Update => {
  const request = marking('cred', keyId, deletion);
  return {
    ...request,
    ConditionExpression: 'attempt = :attempt',
    ExpressionAttributeValues: { ...request.ExpressionAttributeValues, ...marshal({ ':attempt': attempt }) },
  };
};

/** The same for what hangs on something deleted, also while it is being made: its commit then fails. */
export const markAlongWith = (kind: Kind, id: string, deletion: string): Update => ({
  ...marking(kind, id, deletion),
  ConditionExpression: 'attribute_exists(pk)',
});

function marking(kind: Kind, id: string, deletion: string): Update {
  return {
    key: recordKey(kind, id),
    UpdateExpression:
      'SET phase = :phase, deletion = :deletion, listPk = :phase, listSk = :listSk REMOVE pendingSinceMs, purgeAtSeconds',
    ExpressionAttributeValues: marshal({
      ':phase': DELETING,
      ':deletion': deletion,
      ':listSk': `${kind}#${id}`,
    }),
    ReturnValues: 'ALL_NEW',
  };
}

/** Removes a record of that maker, in whatever phase. */
export const removeRecord = (key: Key, attempt: string): Deletion => ({
  key,
  ConditionExpression: 'attempt = :attempt',
  ExpressionAttributeValues: marshal({ ':attempt': attempt }),
});
