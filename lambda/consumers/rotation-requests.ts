/** The requests of a rotation, built and not sent. Their order is argued in rotate-credential.ts. */
import { marshal } from './attributes.ts';
import { recordKey } from './items.ts';
import type { Update } from './requests.ts';

const LIVE_AND_SAME = 'attribute_not_exists(phase) AND attempt = :attempt';

/** Higher than the version of any key so far, also of a former credential with that keyId. */
export const drawKeyVersion = (
  keyId: string,
  { attempt, nowMs }: { readonly attempt: string; readonly nowMs: number },
): Update => ({
  key: recordKey('cred', keyId),
  UpdateExpression: 'SET keyVersion = if_not_exists(keyVersion, :now) + :one',
  ConditionExpression: LIVE_AND_SAME,
  ExpressionAttributeValues: marshal({ ':attempt': attempt, ':now': nowMs, ':one': 1 }),
  ReturnValues: 'ALL_NEW',
});

/** Fails when a later rotation has drawn its version, or the credential is gone. */
export const commitKey = (
  keyId: string,
  to: {
    readonly attempt: string;
    readonly version: number;
    readonly slot: 1 | 2;
    readonly previousUntilSeconds: number;
    readonly updatedAt: string;
  },
): Update => ({
  key: recordKey('cred', keyId),
  UpdateExpression: 'SET keySlot = :slot, previousKeyUntilSeconds = :until, updatedAt = :updatedAt',
  ConditionExpression: `${LIVE_AND_SAME} AND keyVersion = :version`,
  ExpressionAttributeValues: marshal({
    ':attempt': to.attempt,
    ':version': to.version,
    ':slot': to.slot,
    ':until': to.previousUntilSeconds,
    ':updatedAt': to.updatedAt,
  }),
  ReturnValues: 'ALL_NEW',
});
