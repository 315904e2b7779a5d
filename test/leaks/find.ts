/**
 * Many needles in much text. Twelve characters of text at every fourth place are asked of a Bloom filter of every
 * twelve characters of the needles; what it says yes to is looked up exactly, and made as long as it matches.
 * Whatever 15 characters in a row a text has of a needle are found.
 */
import { isDistinct, type Needle, PAYLOAD_START, shortestMatch } from './needles.ts';

const WIDTH = 12;
const STRIDE = 4;
const BLOOM_BITS = 1 << 27;

export interface Found<T> {
  readonly needle: Needle;
  readonly at: T;
  /** How many characters in a row. */
  readonly length: number;
}

export interface Haystack<T> {
  readonly at: T;
  readonly views: readonly string[];
}

interface Candidate<T> {
  readonly at: T;
  readonly view: string;
  readonly place: number;
}

export function findNeedles<T>(needles: readonly Needle[], haystacks: Iterable<Haystack<T>>): Found<T>[] {
  const bloom = new Uint32Array(BLOOM_BITS >>> 5);
  for (const { text } of needles) {
    for (let i = 0; i + WIDTH <= text.length; i += 1) {
      if (!isDistinct(text.slice(i, i + WIDTH))) continue;
      const bit = hash(text, i);
      bloom[bit >>> 5] = (bloom[bit >>> 5] ?? 0) | (1 << (bit & 31));
    }
  }
  const candidates = new Map<string, Candidate<T>[]>();
  for (const { at, views } of haystacks) {
    for (const view of views) {
      for (let place = 0; place + WIDTH <= view.length; place += STRIDE) {
        const bit = hash(view, place);
        if (((bloom[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) continue;
        const piece = view.slice(place, place + WIDTH);
        if (!isDistinct(piece)) continue;
        const same = candidates.get(piece);
        if (same === undefined) candidates.set(piece, [{ at, view, place }]);
        else same.push({ at, view, place });
      }
    }
  }
  return candidates.size === 0 ? [] : confirmed(needles, candidates);
}

/** The longest match for each needle and place. */
function confirmed<T>(
  needles: readonly Needle[],
  candidates: ReadonlyMap<string, readonly Candidate<T>[]>,
): Found<T>[] {
  const found = new Map<T, Map<Needle, number>>();
  for (const needle of needles) {
    const shortest = shortestMatch(needle);
    for (let i = 0; i + WIDTH <= needle.text.length; i += 1) {
      for (const { at, view, place } of candidates.get(needle.text.slice(i, i + WIDTH)) ?? []) {
        const length = matchLength(needle.text, i, view, place);
        if (length < shortest) continue;
        const lengths = found.get(at) ?? new Map<Needle, number>();
        lengths.set(needle, Math.max(length, lengths.get(needle) ?? 0));
        found.set(at, lengths);
      }
    }
  }
  return [...found].flatMap(([at, lengths]) =>
    [...lengths].map(([needle, length]) => ({ needle, at, length })),
  );
}

/** Whether a text has enough of a needle, for one of each. */
export function isIn(text: string, needle: Needle): boolean {
  const shortest = shortestMatch(needle);
  for (let i = 0; i + WIDTH <= needle.text.length; i += 1) {
    const piece = needle.text.slice(i, i + WIDTH);
    for (let j = text.indexOf(piece); j !== -1; j = text.indexOf(piece, j + 1))
      if (matchLength(needle.text, i, text, j) >= shortest) return true;
  }
  return false;
}

/** How far they are the same around these places. */
function matchLength(one: string, i: number, other: string, j: number): number {
  let [before, after] = [0, 0];
  while (i - before > 0 && j - before > 0 && one[i - before - 1] === other[j - before - 1]) before += 1;
  while (i + after < one.length && j + after < other.length && one[i + after] === other[j + after])
    after += 1;
  return before + after;
}

/** FNV-1a, as far as the filter has bits. */
function hash(text: string, from: number): number {
  let value = 0x811c9dc5;
  for (let i = from; i < from + WIDTH; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value ^ (value >>> 15)) & (BLOOM_BITS - 1);
}

const PAYLOAD = new RegExp(`eyJ[\\w-]{${PAYLOAD_START - 3},}`, 'g');

/** A payload as tokens have it; what stands decoded is claims. */
export function findPayload<T>(
  starts: ReadonlySet<string>,
  { at, views }: Haystack<T>,
): Found<T> | undefined {
  const runs = views.flatMap((view) => view.match(PAYLOAD) ?? []);
  const run = runs.find((one) => starts.has(one.slice(0, PAYLOAD_START)));
  return run === undefined ? undefined : { needle: { kind: 'payload', text: run }, at, length: run.length };
}
