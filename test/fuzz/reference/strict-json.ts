import { isUtf8 } from 'node:buffer';

/**
 * JSON as every reader reads it alike, by a parser of its own: the grammar of RFC 8259 letter by letter, where the
 * authorizer lets `JSON.parse` read and counts. Objects are maps, so that no name means anything.
 */
export type Json = null | boolean | number | string | readonly Json[] | ReadonlyMap<string, Json>;

const MAXIMUM_DEPTH = 32;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none in texts
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' },
};
/** Such a name has to be escaped to be written. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ODD_NAME = /["\\\u0000-\u001f]/;

class NotStrict extends Error {}

/** @returns undefined for what is no object, or not read alike by all. */
export function readStrictObject(bytes: Uint8Array): ReadonlyMap<string, Json> | undefined {
  if (!isUtf8(bytes)) return undefined;
  try {
    const reader = new Reader(Buffer.from(bytes).toString());
    const value = reader.whole();
    return value instanceof Map ? value : undefined;
  } catch (error) {
    if (error instanceof NotStrict) return undefined;
    throw error;
  }
}

function fail(): never {
  throw new NotStrict();
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Json {
    const value = this.#value(1);
    return this.#at < this.#text.length ? fail() : value;
  }

  #space(): void {
    for (let mark = this.#text[this.#at]; mark === ' ' || mark === '\n' || mark === '\r' || mark === '\t'; ) {
      this.#at += 1;
      mark = this.#text[this.#at];
    }
  }

  #take(mark: string): boolean {
    if (!this.#text.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found = ''] = pattern.exec(this.#text) ?? [];
    this.#at += found.length;
    return found;
  }

  #string(): string {
    if (!this.#take('"')) fail();
    let value = '';
    while (true) {
      value += this.#match(PLAIN);
      if (this.#take('"')) return value;
      if (!this.#take('\\')) fail();
      if (this.#take('u')) {
        const hex = this.#text.slice(this.#at, this.#at + 4);
        if (!/^[0-9A-Fa-f]{4}$/.test(hex)) fail();
        value += String.fromCharCode(Number.parseInt(hex, 16));
        this.#at += 4;
      } else {
        value += ESCAPES[this.#text[this.#at] ?? ''] ?? fail();
        this.#at += 1;
      }
    }
  }

  #value(depth: number): Json {
    this.#space();
    const value = this.#bare(depth);
    this.#space();
    return value;
  }

  #bare(depth: number): Json {
    const mark = this.#text[this.#at];
    if (mark === '"') return this.#string();
    if (mark === '{' || mark === '[') {
      if (depth > MAXIMUM_DEPTH) fail();
      this.#at += 1;
      this.#space();
      return mark === '{' ? this.#object(depth) : this.#list(depth);
    }
    if (this.#take('true')) return true;
    if (this.#take('false')) return false;
    if (this.#take('null')) return null;
    const digits = this.#match(NUMBER);
    return digits === '' ? fail() : Number(digits);
  }

  #list(depth: number): readonly Json[] {
    const values: Json[] = [];
    if (this.#take(']')) return values;
    while (true) {
      values.push(this.#value(depth + 1));
      if (this.#take(']')) return values;
      if (!this.#take(',')) fail();
    }
  }

  #object(depth: number): ReadonlyMap<string, Json> {
    const members = new Map<string, Json>();
    if (this.#take('}')) return members;
    while (true) {
      this.#space();
      const name = this.#string();
      if (members.has(name) || ODD_NAME.test(name) || !isWellFormed(name)) fail();
      this.#space();
      if (!this.#take(':')) fail();
      members.set(name, this.#value(depth + 1));
      if (this.#take('}')) return members;
      if (!this.#take(',')) fail();
    }
  }
}

/** No half of a pair of surrogates. */
const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);
