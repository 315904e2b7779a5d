/**
 * The part of Lambda's filter grammar that is asked for: nested names, and at a leaf a list of which one must
 * match: a value that is equal, or `{ prefix }`. Anything else throws, so that no pattern is taken for more than it says.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export function matches(pattern: unknown, value: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.some((wanted) => isEqual(wanted, value));
  if (!isRecord(pattern)) throw new Error('a pattern is made of names and lists');
  if (Object.keys(pattern).length === 0) throw new Error('an empty pattern says nothing');
  return isRecord(value) && Object.entries(pattern).every(([name, part]) => matches(part, value[name]));
}

function isEqual(wanted: unknown, value: unknown): boolean {
  if (typeof wanted === 'string') return wanted === value;
  const names = isRecord(wanted) ? Object.keys(wanted) : [];
  const prefix = isRecord(wanted) ? wanted['prefix'] : undefined;
  if (names.length !== 1 || typeof prefix !== 'string') throw new Error('not in this grammar');
  return typeof value === 'string' && value.startsWith(prefix);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
