/**
 * The few attribute types that the table uses, to and from plain values. Reading is strict: an attribute
 * of another type than we write means that the item cannot be trusted, and rejects as an outage would.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { RecordUnreadable } from './model.ts';

export type Item = Record<string, AttributeValue>;

type Plain = string | number | boolean | readonly string[] | undefined;

/**
 * @param fields strings become S, numbers N, booleans BOOL, lists of strings SS.
 * @returns the item; undefined and empty lists (DynamoDB has no empty sets) are left out.
 */
export function marshal(fields: Readonly<Record<string, Plain>>): Item {
  const item: Item = {};
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') item[name] = { S: value };
    else if (typeof value === 'number') item[name] = { N: String(value) };
    else if (typeof value === 'boolean') item[name] = { BOOL: value };
    else if (value !== undefined && value.length > 0) item[name] = { SS: [...new Set(value)] };
  }
  return item;
}

/** @throws StoreUnavailable when the attribute is missing or no string. */
export function readText(item: Item, name: string): string {
  return readOptionalText(item, name) ?? malformed(name);
}

/** @throws StoreUnavailable when the attribute is there and no string. */
export function readOptionalText(item: Item, name: string): string | undefined {
  const value = item[name];
  return value === undefined ? undefined : (value.S ?? malformed(name));
}

/** @throws StoreUnavailable when the attribute is missing or no boolean. */
export function readFlag(item: Item, name: string): boolean {
  return item[name]?.BOOL ?? malformed(name);
}

/** @throws StoreUnavailable when the attribute is there and no finite number. */
export function readOptionalNumber(item: Item, name: string): number | undefined {
  const value = item[name];
  if (value === undefined) return undefined;
  const number = value.N === undefined ? Number.NaN : Number(value.N);
  return Number.isFinite(number) ? number : malformed(name);
}

/** @returns the set in a stable order; empty when absent. @throws StoreUnavailable when it is no string set. */
export function readTextSet(item: Item, name: string): readonly string[] {
  const value = item[name];
  return value === undefined ? [] : [...(value.SS ?? malformed(name))].sort();
}

/** @returns the object kept as JSON text; empty when absent. @throws StoreUnavailable when it is no JSON object. */
export function readJsonObject(item: Item, name: string): Readonly<Record<string, unknown>> {
  const text = readOptionalText(item, name);
  if (text === undefined) return {};
  const value = parseJson(text) ?? malformed(name);
  if (typeof value !== 'object' || Array.isArray(value)) return malformed(name);
  return value as Readonly<Record<string, unknown>>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** For a property that may be absent: `{ ...optional('email', value) }` adds it only when it has a value. */
export function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}

// Names the attribute, never its value: an item may hold a secret.
function malformed(name: string): never {
  throw new RecordUnreadable(`credentials table: attribute ${name} is missing or of another type`);
}
