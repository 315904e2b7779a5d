/**
 * Which records of the table's stream reach the function at all: Lambda drops the others, and counts no
 * invocation for them. So no key slot, whose images hold a secret, and nothing of an import: making a
 * record is an INSERT, and then a MODIFY of one that is not in the listing yet.
 *
 * Only equality and prefix are asked for, on leaves that are there. (`exists: false` on an attribute would be
 * on a leaf below a node that is missing, which AWS's page leaves open.)
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html
 */
import type { Kind } from '../consumers/items.ts';

const RECORD_KINDS: Readonly<Record<Kind, true>> = { user: true, app: true, cred: true };

/** Where revocations lie: `revoked#jti#…`, `revoked#token#…`, `revoked#all`. */
export const REVOKED_PREFIX = 'revoked#';

/** Patterns of an event source mapping, any of which may match; five are allowed by default. */
export const STREAM_FILTERS = [
  /** What happens to a record that counts: live ones are in the listing, under their kind. */
  { dynamodb: { OldImage: { sk: { S: ['record'] }, listPk: { S: Object.keys(RECORD_KINDS) } } } },
  /** A revocation that is made or changed; not its removal, which gives back. */
  { dynamodb: { NewImage: { pk: { S: [{ prefix: REVOKED_PREFIX }] } } } },
];
