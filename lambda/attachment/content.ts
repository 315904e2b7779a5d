/** What a deployment is to hold, in a word: so that a resumed run can tell whether one that is there does. */
import { createHash } from 'node:crypto';
import { authorizersUsed, differencesOf } from './differences.ts';
import type { Snapshot, SnapshotMethod, Spelled } from './snapshot.ts';

/**
 * - `all`: everything that a snapshot tells, so that nobody's edit goes live unseen.
 * - `protections`: what stands before each method. For those who let others' edits go live: nothing else matters then.
 */
export type Grade = 'all' | 'protections';

/** @returns the grade and a digest. */
export function contentOf(snapshot: Snapshot, grade: Grade): string {
  const text = JSON.stringify(partsOf(snapshot, grade));
  return `${grade}:${createHash('sha256').update(text).digest('hex')}`;
}

/** Whether a snapshot is what `content` stands for. */
export const holds = (snapshot: Snapshot, content: string): boolean =>
  contentOf(snapshot, content.startsWith('all:') ? 'all' : 'protections') === content;

/** @returns the methods (`GET /orders`) and the authorizers' names in which two snapshots differ; `API` for the rest. */
export const differences = (one: Snapshot, other: Snapshot, grade: Grade): string[] =>
  differencesOf(one, other)
    .filter(({ settings }) => grade === 'all' || settings.some((setting) => PROTECTING.includes(setting)))
    .map(({ name }) => (name === '' ? 'API' : name));

const PROTECTING = ['added', 'removed', 'protection', 'authorizationScopes', 'apiKeyRequired'];

function partsOf(snapshot: Snapshot, grade: Grade): unknown {
  const { methods, authorizers, api } = snapshot;
  const parts = sorted(methods).map(([route, method]) => [route, ...told(method, grade)]);
  if (grade === 'protections') return parts;
  // A working copy may hold authorizers that no method uses: an export does not tell them.
  const used = authorizersUsed(snapshot);
  const definitions = sorted(authorizers).filter(([name]) => used.has(name));
  return [parts, definitions.map(([name, properties]) => [name, pairs(properties)]), pairs(api)];
}

function told(method: SnapshotMethod, grade: Grade): readonly unknown[] {
  const { authorizationType, authorizerName, authorizationScopes, apiKeyRequired, rest } = method;
  // An export tells scopes beside an authorizer only.
  const authorizer = authorizerName === undefined ? [] : [authorizerName, authorizationScopes];
  return [authorizationType, authorizer, apiKeyRequired, ...(grade === 'all' ? [pairs(rest)] : [])];
}

const pairs = (spelled: Spelled) => sorted(new Map(Object.entries(spelled)));

const sorted = <T>(map: ReadonlyMap<string, T>): [string, T][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));
