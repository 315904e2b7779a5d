/**
 * Gives a credential a new key while the old one goes on for a while. The record says which slot holds its key
 * (`keySlot`, 1 when absent) and until when the other one's counts (`previousKeyUntilSeconds`), so that one
 * write makes the new key count:
 *
 *   draw a version (a counter on the record) → put the key in the other slot → commit
 *
 * A later rotation draws a higher version, after which the earlier one neither overwrites its slot nor
 * commits. After a crash before the commit nothing has changed but that an older key in that slot is gone.
 */
import { type Item, marshal, optional, readOptionalNumber, readText } from './attributes.ts';
import { getItem } from './dynamodb-get.ts';
import type { Table } from './dynamodb-send.ts';
import { put, update } from './dynamodb-write.ts';
import { invalid } from './input.ts';
import { newKeyProblems } from './input-changes.ts';
import { keySlotKey } from './items.ts';
import { generateKeySecret } from './key-material.ts';
import { currentSlot } from './key-slots.ts';
import { findCredential } from './lookup.ts';
import { StoreUnavailable } from './model.ts';
import { parseCredential } from './records.ts';
import { putKeySlot } from './requests.ts';
import { commitKey, drawKeyVersion } from './rotation-requests.ts';
import type { ConsumerStore, NewKey } from './store.ts';

const DEFAULT_OVERLAP_SECONDS = 86_400;

/** @param nowMs milliseconds since 1970. */
export async function rotateCredential(
  table: Table,
  keyId: string,
  { key: input, nowMs }: { readonly key: NewKey; readonly nowMs: number },
): ReturnType<ConsumerStore['rotateCredential']> {
  const problems = newKeyProblems(input);
  if (problems.length > 0) return invalid(problems);
  const found = await findCredential(table, keyId);
  if (found === undefined) return { ok: false, code: 'credential_not_found' };
  const attempt = readText(found.item, 'attempt');
  const drawn = await update(table, drawKeyVersion(keyId, { attempt, nowMs }));
  if (drawn === undefined) return { ok: false, code: 'credential_not_found' };
  const old = currentSlot(drawn);
  const hasPublicKey = (await getItem(table, keySlotKey(keyId, old)))?.['publicKey'] !== undefined;
  if (hasPublicKey && input.publicKey === undefined) {
    return invalid([{ field: 'publicKey', problem: 'is needed: the credential has a public key' }]);
  }
  const key = newKey(input);
  const slot = old === 1 ? 2 : 1;
  const version = readOptionalNumber(drawn, 'keyVersion') ?? 0;
  const request = putKeySlot(keySlotKey(keyId, slot), marshal(key), { attempt, startedAtMs: version });
  if (!(await put(table, request))) throw overtaken();
  const { overlapSeconds = DEFAULT_OVERLAP_SECONDS } = input;
  const previousUntilSeconds = Math.floor(nowMs / 1000) + overlapSeconds;
  const after: Item | undefined = await update(
    table,
    commitKey(keyId, {
      attempt,
      version,
      slot,
      previousUntilSeconds,
      updatedAt: new Date(nowMs).toISOString(),
    }),
  );
  if (after === undefined) throw overtaken();
  return { ok: true, value: { credential: parseCredential(after), ...optional('keySecret', key.keySecret) } };
}

export function newKey({ publicKey, algorithm, keySecret }: NewKey): {
  keySecret?: string;
  publicKey?: string;
  algorithm?: string;
} {
  if (publicKey === undefined) return { keySecret: keySecret ?? generateKeySecret() };
  return { publicKey, ...optional('algorithm', algorithm) };
}

const overtaken = () =>
  new StoreUnavailable('credentials table: another rotation, or a deletion, came between');
