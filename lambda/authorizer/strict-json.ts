import { isUtf8 } from 'node:buffer';
import { isRecord } from '../config/record.ts';

/** A JSON object as a token holds it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A JSON object, and how it was spelled. */
export interface SpelledObject {
  readonly object: JsonObject;
  readonly text: string;
}

const MAXIMUM_DEPTH = 32;

/**
 * Reads a JSON object that every reader reads alike: valid UTF-8, no duplicate members (RFC 7515 §4, RFC 7519 §4;
 * RFC 8259 §4 on how readers differ), not deeper than 32, no member whose name must be escaped.
 * @returns undefined for anything else.
 */
export function parseStrictObject(bytes: Buffer): JsonObject | undefined {
  return parseSpelledObject(bytes)?.object;
}

/** As `parseStrictObject`, and with the text that was read. */
export function parseSpelledObject(bytes: Buffer): SpelledObject | undefined {
  const text = bytes.toString();
  // What is no UTF-8 was read as U+FFFD.
  if (text.includes('\ufffd') && !isUtf8(bytes)) return undefined;
  const value = parse(text);
  if (!isRecord(value)) return undefined;
  const plain = text.includes('\\') ? withPlainNames(text) : text;
  const read = plain === undefined || plain === text ? value : parse(plain);
  // Of members with one name the parser keeps the last: then there are fewer than the text has.
  const isOne = plain !== undefined && isRecord(read) && membersOf(read, 1) === colonsOf(plain);
  return isOne ? { object: read, text } : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Each name as it is spelled without escapes. V8 takes an escaped name for another one, where it has read an object
 * before whose name in that place ended with a backslash (seen with Node.js 24.21: `{"q":0,"\\\\":0}`, and of
 * `{"q":0,"\\u0061":0}` it then makes a backslash too); anybody can send such a token.
 * @param json text that the parser accepts.
 * @returns undefined where a name has a quote, a backslash or a control character, which cannot be spelled so.
 */
function withPlainNames(json: string): string | undefined {
  let plain = '';
  let copied = 0;
  for (let i = 0; i < json.length; i++) {
    if (json.charCodeAt(i) !== QUOTE) continue;
    const end = endOfString(json, i);
    const literal = json.slice(i, end + 1);
    if (literal.includes('\\') && /^\s*:/.test(json.slice(end + 1))) {
      const name = JSON.stringify(JSON.parse(literal));
      if (name.includes('\\')) return undefined;
      plain += json.slice(copied, i) + name;
      copied = end + 1;
    }
    i = end;
  }
  return copied === 0 ? json : plain + json.slice(copied);
}

/** @returns how many members it and all within it have; NaN, which equals nothing, where it is nested too deep. */
function membersOf(value: object, depth: number): number {
  if (depth > MAXIMUM_DEPTH) return Number.NaN;
  const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  let members = Array.isArray(value) ? 0 : inner.length;
  for (const one of inner) if (typeof one === 'object' && one !== null) members += membersOf(one, depth + 1);
  return members;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** One for each member. @param json text that `JSON.parse` accepts, so that quotes and colons are where they belong. */
function colonsOf(json: string): number {
  let colons = 0;
  for (let i = 0; i < json.length; i++) {
    const unit = json.charCodeAt(i);
    if (unit === QUOTE) i = endOfString(json, i);
    else if (unit === COLON) colons += 1;
  }
  return colons;
}

/** The index of the quote that closes the string opened at `start`. */
function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end;
}

function isEscaped(json: string, quote: number): boolean {
  let i = quote;
  while (json.charCodeAt(i - 1) === BACKSLASH) i -= 1;
  return (quote - i) % 2 === 1;
}
