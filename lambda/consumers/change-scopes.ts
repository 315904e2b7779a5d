/** Changes the scopes of a credential. Each change is all or none; a later one overtakes it. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { readOptionalText, readTextSet } from './attributes.ts';
import { getItem } from './dynamodb-get.ts';
import type { Table } from './dynamodb-send.ts';
import { update } from './dynamodb-write.ts';
import { invalid } from './input.ts';
import { scopeChangeProblems } from './input-changes.ts';
import { scopesKey } from './items.ts';
import { findCredential } from './lookup.ts';
import { StoreUnavailable } from './model.ts';
import { parseCredential } from './records.ts';
import { commitScopes, proposeScopes } from './scope-requests.ts';
import type { ConsumerStore, ScopeChange } from './store.ts';

const ATTEMPTS = 10;
const LONGEST_PAUSE_MS = 50;

/**
 * The steps: name the new scopes where they do not count yet → look whether all exist → make them count.
 * Another change of the same credential, or the deletion of one of the scopes, makes the last step fail.
 * @param nowMs milliseconds since 1970.
 * @throws StoreUnavailable also when others keep changing the same credential.
 */
export async function changeScopes(
  table: Table,
  keyId: string,
  { change, nowMs }: { readonly change: ScopeChange; readonly nowMs: number },
): ReturnType<ConsumerStore['changeScopes']> {
  const given = scopeChangeProblems(change);
  if (given.length > 0) return invalid(given);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) await sleep(Math.random() * LONGEST_PAUSE_MS);
    const found = await findCredential(table, keyId);
    if (found === undefined) return { ok: false, code: 'credential_not_found' };
    const before = found.credential.scopes;
    const scopes = applied(change, before);
    const problems = scopeChangeProblems({ set: scopes });
    if (problems.length > 0) return invalid(problems);
    const seen = readOptionalText(found.item, 'scopesAttempt');
    const rescoping = { keyId, scopes, attempt: randomUUID(), seen };
    if (!(await update(table, proposeScopes(rescoping)))) continue;
    const added = scopes.filter((scope) => !before.includes(scope));
    const unknown = added.length > 0 ? await unknownScopes(table, added) : [];
    if (unknown.length > 0) return { ok: false, code: 'scope_unknown', scopes: unknown };
    const after = await update(table, commitScopes(rescoping, new Date(nowMs).toISOString()));
    if (after !== undefined) return { ok: true, value: parseCredential(after) };
  }
  throw new StoreUnavailable('credentials table: the scopes are being changed by others');
}

function applied(change: ScopeChange, before: readonly string[]): readonly string[] {
  if ('set' in change) return [...new Set(change.set)].sort();
  if ('add' in change) return [...new Set([...before, ...change.add])].sort();
  return before.filter((scope) => !change.remove.includes(scope));
}

async function unknownScopes(table: Table, scopes: readonly string[]): Promise<readonly string[]> {
  const item = await getItem(table, scopesKey);
  const known = new Set(item && readTextSet(item, 'scopeNames'));
  return scopes.filter((scope) => !known.has(scope));
}
