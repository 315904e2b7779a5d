/** A secret for HS256 has at least as many characters; whatever is as long is not shown, wherever it stands. */
const SHORTEST_SECRET = 32;

/** What was got, for a message: the value, or only its type where it is a secret or may be one. */
export function quote(value: unknown, isSecret = false): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (isSecret) return `a ${typeof value}`;
  if (typeof value === 'string' && value.length >= SHORTEST_SECRET)
    return `a string of ${value.length} characters`;
  return JSON.stringify(value) ?? String(value);
}
