/**
 * What may be anything, as a text for maps and messages. Never fails: `String` does, for an object that names its
 * own `toString`.
 */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) return '(a list)';
  return typeof value === 'object' && value !== null ? '(an object)' : String(value);
}
