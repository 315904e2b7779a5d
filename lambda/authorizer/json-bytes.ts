/** Quotes, colon and comma of an entry. */
const ENTRY_BYTES = 6;
/** A unit of UTF-16 as JSON: an escape, where it is a control or a lone surrogate; else three bytes at most. */
export const LONGEST_UNIT_BYTES = 6;

/**
 * How long an object of texts is as JSON, in UTF-8. Where it is sure to be within `limit`, a bound of it: to write it
 * only to measure it costs more than the rest of the decision.
 * @param limit bytes. @param unitBytesOf of a text by its name, where its units are known to take less.
 * @returns bytes; exact where they are above `limit`.
 */
export function jsonBytes(
  entries: Readonly<Record<string, unknown>>,
  limit: number,
  unitBytesOf = (_name: string): number => LONGEST_UNIT_BYTES,
): number {
  let bound = 2;
  for (const name of Object.keys(entries)) {
    const value = entries[name];
    const units = typeof value === 'string' ? value.length : Number.POSITIVE_INFINITY;
    bound += ENTRY_BYTES + LONGEST_UNIT_BYTES * name.length + unitBytesOf(name) * units;
  }
  return bound <= limit ? bound : Buffer.byteLength(JSON.stringify(entries));
}
