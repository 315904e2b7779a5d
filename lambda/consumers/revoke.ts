/**
 * Revokes tokens before they expire. First the item that says until when single tokens are revoked, then the
 * token's own: whoever knows the second has the first to make them look.
 */
import { LONGEST_CLOCK_TOLERANCE_SECONDS } from '../config/clock-tolerance.ts';
import { marshal, readOptionalNumber } from './attributes.ts';
import { type Check, epochSeconds, filledText, LAST_SECOND, maybe } from './checks.ts';
import { getItem, keyItem } from './dynamodb-get.ts';
import type { Table } from './dynamodb-send.ts';
import { put, update } from './dynamodb-write.ts';
import { collect, invalid } from './input.ts';
import { consumerKey, isLive, type Key, revocationsKey, revokedJtiKey, revokedTokenKey } from './items.ts';
import { isReference } from './lookup.ts';
import type { ConsumerType } from './model.ts';
import type { Update } from './requests.ts';
import type { ConsumerStore, TokenRevocation } from './store.ts';
import { isTokenHash, jtiHashOf } from './token-names.ts';

/** Of a moment that is to come, all tokens until then would be refused, those of the next login too. */
const CLOCK_SKEW_SECONDS = 60;
/** A header has 8 kB, and a token is in it. */
const MAX_CLAIM = 8_192;

const hash: Check = (value) =>
  typeof value === 'string' && isTokenHash(value)
    ? undefined
    : 'must be the SHA-256 of header.payload in base64url, 43 characters';

export async function revokeToken(
  table: Table,
  token: TokenRevocation,
  nowMs: number,
): ReturnType<ConsumerStore['revokeToken']> {
  const name =
    'tokenHash' in token
      ? { tokenHash: hash }
      : { jti: filledText(MAX_CLAIM), issuer: maybe(filledText(MAX_CLAIM)) };
  // What no clock takes any more would be revoked to no effect, and a mistaken time would look like a revocation.
  const end: Check = (value) =>
    epochSeconds(value) ??
    (Number(value) + LONGEST_CLOCK_TOLERANCE_SECONDS <= nowMs / 1000
      ? 'has passed: it is denied as it is'
      : undefined);
  const problems = collect({ ...token }, { ...name, expiresAtSeconds: maybe(end) });
  if (problems.length > 0) return invalid(problems);
  const { expiresAtSeconds } = token;
  const untilSeconds = Math.min(
    (expiresAtSeconds ?? LAST_SECOND) + LONGEST_CLOCK_TOLERANCE_SECONDS,
    LAST_SECOND,
  );
  await update(table, raise(revocationsKey, 'tokensUntilSeconds', untilSeconds));
  const key =
    'tokenHash' in token
      ? revokedTokenKey(token.tokenHash)
      : revokedJtiKey(jtiHashOf(token.jti, token.issuer));
  await put(table, lasting(key, expiresAtSeconds === undefined ? undefined : untilSeconds));
  return { ok: true, value: undefined };
}

/** Never ends sooner than one that is there. */
function lasting(key: Key, purgeAtSeconds: number | undefined) {
  if (purgeAtSeconds === undefined) return { item: keyItem(key) };
  return {
    item: { ...keyItem(key), ...marshal({ purgeAtSeconds }) },
    ConditionExpression: 'attribute_not_exists(pk) OR purgeAtSeconds < :purgeAtSeconds',
    ExpressionAttributeValues: marshal({ ':purgeAtSeconds': purgeAtSeconds }),
  };
}

export async function revokeIssuedBefore(
  table: Table,
  whose: { readonly type: ConsumerType; readonly id: string } | 'all',
  { issuedBeforeSeconds, nowMs }: { readonly issuedBeforeSeconds: number; readonly nowMs: number },
): ReturnType<ConsumerStore['revokeIssuedBefore']> {
  const moment: Check = (value) =>
    epochSeconds(value) ??
    (Number(value) > nowMs / 1000 + CLOCK_SKEW_SECONDS ? 'must not be to come' : undefined);
  const problems = collect({ issuedBeforeSeconds }, { issuedBeforeSeconds: moment });
  if (problems.length > 0) return invalid(problems);
  if (whose !== 'all' && !isReference(whose.id)) return { ok: false, code: 'consumer_not_found' };
  const key = whose === 'all' ? revocationsKey : consumerKey(whose.type, whose.id);
  const raising = whose === 'all' ? raise : raiseOfRecord;
  const raised = await update(table, raising(key, 'issuedBeforeSeconds', issuedBeforeSeconds));
  if (raised !== undefined) return { ok: true, value: issuedBeforeSeconds };
  const item = await getItem(table, key);
  if (whose !== 'all' && (item === undefined || !isLive(item)))
    return { ok: false, code: 'consumer_not_found' };
  const there = item && readOptionalNumber(item, 'issuedBeforeSeconds');
  return { ok: true, value: there ?? issuedBeforeSeconds };
}

/** Fails where the number is there and as high. */
const raise = (key: Key, name: string, value: number): Update => ({
  key,
  UpdateExpression: 'SET #name = :value',
  ConditionExpression: 'attribute_not_exists(#name) OR #name < :value',
  ExpressionAttributeNames: { '#name': name },
  ExpressionAttributeValues: marshal({ ':value': value }),
});

/** The same on a record that counts. AND goes before OR. */
const raiseOfRecord: typeof raise = (...change) => ({
  ...raise(...change),
  ConditionExpression:
    'attribute_exists(pk) AND attribute_not_exists(phase) AND attribute_not_exists(#name) OR attribute_exists(pk) AND attribute_not_exists(phase) AND #name < :value',
});
