/** Changes users and applications; a rename keeps names unique as claim-name.ts argues. */
import { randomUUID } from 'node:crypto';
import { type Item, optional, readOptionalText } from './attributes.ts';
import { claimName, readClaim } from './claim-name.ts';
import { abandonRename, beginRename, type Rename, removeClaim } from './claim-requests.ts';
import { getLiveItem } from './dynamodb-get.ts';
import type { Table } from './dynamodb-send.ts';
import { remove, update } from './dynamodb-write.ts';
import { invalid } from './input.ts';
import { applicationChangesProblems, propertiesProblems, userChangesProblems } from './input-changes.ts';
import { applicationClaimKey, recordKey } from './items.ts';
import { isReference } from './lookup.ts';
import { type Application, StoreUnavailable } from './model.ts';
import { parseApplication, parseUser, propertiesText } from './records.ts';
import { changeFields, type Fields } from './requests.ts';
import type { ApplicationChanges, ConsumerStore, UserChanges } from './store.ts';
import { taken } from './taken.ts';
import { whetherDone } from './whether-done.ts';

/** How often a change is made again on what others have changed meanwhile. */
const ATTEMPTS = 5;

export async function updateUser(
  table: Table,
  id: string,
  { changes, nowMs }: { readonly changes: UserChanges; readonly nowMs: number },
): ReturnType<ConsumerStore['updateUser']> {
  const given = userChangesProblems(changes);
  if (given.length > 0) return invalid(given);
  const { firstname, lastname, email, redirectUri } = changes;
  return whileOthersChange(async () => {
    const item = isReference(id) ? await getLiveItem(table, recordKey('user', id)) : undefined;
    if (item === undefined) return { ok: false, code: 'user_not_found' } as const;
    const merged = mergeProperties(parseUser(item).properties, changes.properties);
    const problems = propertiesProblems(merged);
    if (problems.length > 0) return invalid(problems);
    const fields = { firstname, lastname, email, redirectUri, ...common(changes, merged, nowMs) };
    const after = await update(table, changeFields(recordKey('user', id), fields, seenIn(item, changes)));
    return after && ({ ok: true, value: parseUser(after) } as const);
  });
}

export async function updateApplication(
  table: Table,
  id: string,
  { changes, nowMs }: { readonly changes: ApplicationChanges; readonly nowMs: number },
): ReturnType<ConsumerStore['updateApplication']> {
  const given = applicationChangesProblems(changes);
  if (given.length > 0) return invalid(given);
  const { name, redirectUri } = changes;
  return whileOthersChange(async () => {
    const item = isReference(id) ? await getLiveItem(table, recordKey('app', id)) : undefined;
    if (item === undefined) return { ok: false, code: 'application_not_found' } as const;
    const before = parseApplication(item);
    const merged = mergeProperties(before.properties, changes.properties);
    const problems = propertiesProblems(merged);
    if (problems.length > 0) return invalid(problems);
    const fields = { redirectUri, ...common(changes, merged, nowMs) };
    const seen = seenIn(item, changes);
    const key = recordKey('app', id);
    if (name === undefined || name === before.name) {
      const after = await update(table, changeFields(key, fields, seen));
      return after && ({ ok: true, value: parseApplication(after) } as const);
    }
    const rename: Rename = { id, name, attempt: randomUUID(), startedAtMs: nowMs };
    return renaming(table, { rename, before }, (renameAttempt) =>
      update(
        table,
        changeFields(
          key,
          { ...fields, name, renamingTo: null, renamingSinceMs: null },
          { ...seen, renameAttempt },
        ),
      ),
    );
  });
}

/**
 * @param commit gives the record its name, unless another rename has begun since; returns it as it then is.
 * @returns undefined when the commit failed.
 */
async function renaming(
  table: Table,
  { rename, before }: { readonly rename: Rename; readonly before: Application },
  commit: (attempt: string) => Promise<Item | undefined>,
) {
  const { id, name, attempt, startedAtMs: nowMs } = rename;
  const oldClaim = applicationClaimKey(before.name, before.userId);
  // Before the rename begins: one that gives the application its old name back writes the claim anew.
  const oldHeld = await readClaim(table, oldClaim);
  if (!(await update(table, beginRename(rename)))) return undefined;
  try {
    const claimant = { kind: 'app', recordId: id, attempt, name, nowMs } as const;
    const held = await claimName(table, applicationClaimKey(name, before.userId), claimant);
    if (held !== undefined) {
      await update(table, abandonRename(rename));
      return taken('application_name_taken', held === 'being_made');
    }
    const after = await commit(attempt);
    if (after === undefined) return undefined;
    // What is left of it is stale, and nobody's obstacle.
    if (oldHeld?.recordId === id) await whetherDone(() => remove(table, removeClaim(oldClaim, oldHeld)));
    return { ok: true, value: parseApplication(after) } as const;
  } catch (error) {
    await update(table, abandonRename(rename)).catch(() => undefined);
    throw error;
  }
}

/** @param change returns undefined when it has to be made again. */
async function whileOthersChange<T>(change: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const outcome = await change();
    if (outcome !== undefined) return outcome;
  }
  throw new StoreUnavailable('credentials table: the record is being changed by others');
}

function mergeProperties(
  before: Readonly<Record<string, unknown>>,
  changes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null));
}

const common = (changes: UserChanges, merged: Readonly<Record<string, unknown>>, nowMs: number): Fields => ({
  ...(changes.properties && { properties: propertiesText(merged) ?? null }),
  updatedAt: new Date(nowMs).toISOString(),
});

/** Free properties are one text: a change of some must not undo another's. */
const seenIn = (item: Item, { properties }: UserChanges): Fields =>
  properties === undefined ? {} : { ...optional('properties', readOptionalText(item, 'properties') ?? null) };
