/** Quotes, colon and comma of an entry. */
const ENTRY_BYTES = 6;
/** A unit of UTF-16 as JSON: an escape, where it is a control or a lone surrogate; else three bytes at most. */
const LONGEST_UNIT_BYTES = 6;

/**
 * How long an object of texts is as JSON, in UTF-8. Where it is sure to be within `limit`, a bound of it: to write it
 * only to measure it costs more than the rest of the decision.
 * @param limit bytes. @param unitBytes of a text whose units are known to take less, by its name.
 * @returns bytes; exact where they are above `limit`.
 */
export function jsonBytes(
  entries: Readonly<Record<string, unknown>>,
  limit: number,
  unitBytes: Readonly<Record<string, number>> = {},
): number {
  let bound = 2;
  for (const name of Object.keys(entries)) {
    const value = entries[name];
    const units = typeof value === 'string' ? value.length : Number.POSITIVE_INFINITY;
    bound += ENTRY_BYTES + LONGEST_UNIT_BYTES * name.length + (unitBytes[name] ?? LONGEST_UNIT_BYTES) * units;
  }
  return bound <= limit ? bound : Buffer.byteLength(JSON.stringify(entries));
}
