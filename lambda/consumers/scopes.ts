/**
 * Scopes: made, looked up, deleted. A deletion is one write, after which the scope does not exist and cannot
 * be bound; then it leaves every credential. Whoever binds a scope names it in a record first and looks
 * whether it exists after, so it either sees the deletion or is found by it.
 */
import { randomUUID } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { type Item, readText, readTextSet } from './attributes.ts';
import { getItem } from './dynamodb-get.ts';
import { sending, type Table } from './dynamodb-send.ts';
import { update } from './dynamodb-write.ts';
import { invalid, scopesProblems } from './input.ts';
import { isKeyId, scopesKey } from './items.ts';
import { StoreUnavailable } from './model.ts';
import {
  addScopes,
  beginScopeDeletion,
  endScopeDeletion,
  scanForScope,
  unbindScope,
} from './scope-requests.ts';
import type { ConsumerStore } from './store.ts';
import { whetherDone } from './whether-done.ts';

const CREATE_ATTEMPTS = 4;

export async function createScopes(
  table: Table,
  input: readonly string[],
): ReturnType<ConsumerStore['createScopes']> {
  const problems = scopesProblems(input);
  if (problems.length > 0) return invalid(problems);
  const scopes = [...new Set(input)];
  for (let attempt = 0; attempt < CREATE_ATTEMPTS; attempt += 1) {
    if (await update(table, addScopes(scopes, randomUUID()))) return { ok: true, value: scopes };
    const { names, deleting } = await readScopes(table);
    const existing = scopes.filter((scope) => names.has(scope));
    if (existing.length > 0) return { ok: false, code: 'scope_exists', scopes: existing };
    // Else a credential that still carries a deleted scope would have it again.
    for (const scope of deleting) await unbindEverywhere(table, scope);
  }
  throw new StoreUnavailable('credentials table: scopes are being deleted meanwhile');
}

export async function listScopes(table: Table): Promise<readonly string[]> {
  return [...(await readScopes(table)).names];
}

export async function hasScope(table: Table, scope: string): Promise<boolean> {
  return (await readScopes(table)).names.has(scope);
}

export async function deleteScope(table: Table, scope: string): ReturnType<ConsumerStore['deleteScope']> {
  const notFound = { ok: false, code: 'scope_not_found' } as const;
  if (!isKeyId(scope) || (await update(table, beginScopeDeletion(scope))) === undefined) return notFound;
  return { ok: true, value: { cleanedUp: await whetherDone(() => unbindEverywhere(table, scope)) } };
}

/** @returns how many deletions of scopes were finished. */
export async function resumeScopeDeletions(table: Table): Promise<number> {
  const { deleting } = await readScopes(table);
  for (const scope of deleting) await unbindEverywhere(table, scope);
  return deleting.length;
}

async function unbindEverywhere(table: Table, scope: string): Promise<void> {
  let start: Item | undefined;
  do {
    // Another one may have finished the same deletion, and the scope may have been made anew.
    if (!(await readScopes(table)).deleting.includes(scope)) return;
    const page = await scan(table, scope, start);
    for (const item of page.items) {
      const key = { pk: readText(item, 'pk'), sk: readText(item, 'sk') };
      await update(table, unbindScope(key, scope, randomUUID()));
    }
    start = page.next;
  } while (start !== undefined);
  await update(table, endScopeDeletion(scope));
}

async function scan(table: Table, scope: string, start: Item | undefined) {
  const command = new ScanCommand({ TableName: table.tableName, ...scanForScope(scope, start) });
  const { Items: items = [], LastEvaluatedKey: next } = await sending('Scan', () =>
    table.client.send(command),
  );
  return { items, next };
}

async function readScopes(table: Table) {
  const item = (await getItem(table, scopesKey)) ?? {};
  return { names: new Set(readTextSet(item, 'scopeNames')), deleting: readTextSet(item, 'deletingScopes') };
}
