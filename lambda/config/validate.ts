import * as v from 'valibot';
import { joinPath } from './path.ts';
import type { Problem } from './problem.ts';
import { quote } from './quote.ts';
import { isRecord } from './record.ts';
import { removalAt } from './retired-options.ts';

/** Options whose values are never quoted in a message. */
const SECRET = /secret|key|password|token/i;

/**
 * Validates an object all of whose options may be absent. Keys that the schema does not name are problems.
 * @param at its path in the file, such as `jwt[0]`; empty for the file itself.
 * @param elsewhere keys that are known, but in another place.
 * @returns every problem, and the value: what is left of it when the options with problems are taken out, so
 * that the remaining ones can be judged in the same report; undefined when it is no object at all.
 */
export function validate<S extends ObjectSchema>(
  schema: S,
  value: unknown,
  at: string,
  elsewhere?: Elsewhere,
): Validated<S> {
  // The schema library takes a list for an object.
  const result = v.safeParse(schema, Array.isArray(value) ? undefined : value);
  const issues = (result.issues ?? []).map((issue) => toProblem(issue, at));
  if (Array.isArray(value))
    return { value: undefined, problems: issues.map((problem) => ({ ...problem, message: 'got a list' })) };
  if (!isRecord(value)) return { value: undefined, problems: issues };
  const problems = [...unknownKeys(value, schema, { at, elsewhere }), ...issues];
  return { value: result.success ? result.output : soundPart(schema, value), problems };
}

/** Own keys, so that neither `constructor` nor `__proto__` passes as known. */
function unknownKeys(
  value: Readonly<Record<string, unknown>>,
  schema: ObjectSchema,
  { at, elsewhere }: { readonly at: string; readonly elsewhere: Elsewhere | undefined },
): Problem[] {
  return Object.keys(value)
    .filter((key) => !Object.hasOwn(schema.entries, key))
    .map((key) => ({
      code: 'unknown_key',
      path: joinPath(at, [key]),
      message: removalAt(joinPath(at, [key])) ?? unknownKey(key, schema, elsewhere),
    }));
}

const unknownKey = (key: string, schema: ObjectSchema, elsewhere: Elsewhere | undefined): string =>
  elsewhere !== undefined && Object.hasOwn(elsewhere.entries, key)
    ? `unknown key here; ${elsewhere.says}`
    : `unknown key${suggestionFor(key, schema)}`;

type ObjectSchema = v.GenericSchema & { readonly entries: Readonly<Record<string, v.GenericSchema>> };

/** A schema that somebody may have taken this one for, and what to do then. */
export interface Elsewhere {
  readonly entries: Readonly<Record<string, unknown>>;
  readonly says: string;
}

interface Validated<S extends v.GenericSchema> {
  readonly value: v.InferOutput<S> | undefined;
  readonly problems: readonly Problem[];
}

function soundPart<S extends ObjectSchema>(
  schema: S,
  value: Readonly<Record<string, unknown>>,
): v.InferOutput<S> {
  const sound = Object.entries(schema.entries).filter(([key, entry]) => v.is(entry, value[key]));
  return Object.fromEntries(sound.map(([key]) => [key, value[key]]));
}

function toProblem(issue: v.BaseIssue<unknown>, at: string): Problem {
  const keys = (issue.path ?? []).map((item) => item.key);
  const path = joinPath(at, keys);
  const expected = issue.message;
  if (issue.input === undefined) return { code: 'value_invalid', path, message: `missing; give ${expected}` };
  // What stands in the place of a policy or of the whole file may be its secret.
  const isSecret = keys.length === 0 || keys.some((part) => SECRET.test(String(part)));
  return { code: 'value_invalid', path, message: `got ${quote(issue.input, isSecret)}; give ${expected}` };
}

function suggestionFor(key: string, schema: ObjectSchema): string {
  const known = Object.keys(schema.entries);
  const most = Math.max(1, Math.floor(key.length / 4));
  const [closest] = known
    // Not so far as to compare a key of thousands of characters with each option.
    .filter((name) => Math.abs(name.length - key.length) <= most)
    .map((name) => ({ name, distance: editDistance(name.toLowerCase(), key.toLowerCase()) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance);
  if (closest) return `; did you mean ${closest.name}?`;
  return known.length <= 12
    ? `; known here: ${known.join(', ')}`
    : '; every option is listed in docs/options.md';
}

/** Levenshtein's distance, for suggestions. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((row[j - 1] ?? 0) + 1, (previous[j] ?? 0) + 1, substitution));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
