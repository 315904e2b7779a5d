import { isRecord } from '../config/record.ts';

/** A JSON object as a token holds it. */
export type JsonObject = Readonly<Record<string, unknown>>;

const MAXIMUM_DEPTH = 32;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a JSON object that every reader reads alike: valid UTF-8, no duplicate members (RFC 8725 §2.4,
 * RFC 8259 §4: "implementations differ"), not deeper than 32.
 * @returns undefined for anything else.
 */
export function parseStrictObject(bytes: Uint8Array): JsonObject | undefined {
  let text: string;
  let value: unknown;
  try {
    text = utf8.decode(bytes);
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isRecord(value) && isUnambiguous(text) ? value : undefined;
}

/** @param json text that `JSON.parse` accepts, so that quotes, braces and commas are where they belong. */
function isUnambiguous(json: string): boolean {
  /** The member names seen in each object that is open; undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  let expectsName = false;
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === '"') {
      const end = endOfString(json, i);
      if (expectsName && !addName(open.at(-1), json.slice(i, end + 1))) return false;
      expectsName = false;
      i = end;
    } else if (character === '{' || character === '[') {
      if (open.length === MAXIMUM_DEPTH) return false;
      open.push(character === '{' ? new Set() : undefined);
      expectsName = character === '{';
    } else if (character === '}' || character === ']') {
      open.pop();
      expectsName = false;
    } else if (character === ',') {
      expectsName = open.at(-1) !== undefined;
    }
  }
  return true;
}

/** The index of the quote that closes the string opened at `start`. */
function endOfString(json: string, start: number): number {
  let i = start + 1;
  while (json[i] !== '"') i += json[i] === '\\' ? 2 : 1;
  return i;
}

/** @returns false when the object already has a member of that name, whatever its escapes. */
function addName(names: Set<string> | undefined, literal: string): boolean {
  const name = literal.includes('\\') ? String(JSON.parse(literal)) : literal.slice(1, -1);
  if (names === undefined || names.has(name)) return false;
  names.add(name);
  return true;
}
