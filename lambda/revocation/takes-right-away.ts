import { REVOKED_PREFIX } from './stream-filter.ts';

/** An item as a stream carries it: each attribute as `{ S: 'text' }`, `{ SS: ['a'] }`, … */
export type Image = Readonly<Record<string, unknown>>;

/** What a stream says of one change. Either image is missing where there was, or is, no such item. */
export interface Change {
  readonly before?: Image | undefined;
  readonly after?: Image | undefined;
}

/** Of a record: attributes that no decision reads. What a later version adds counts until it is named here. */
const SAYS_NOTHING = new Set([
  ...['createdAt', 'updatedAt', 'properties', 'name', 'firstname', 'lastname', 'email', 'redirectUri'],
  // Of changes that are under way: they count with another write.
  ...['pendingScopes', 'scopesAttempt', 'renamingTo', 'renamingSinceMs', 'renameAttempt'],
  // Of the listing: for people.
  'listSk',
]);

/** Attributes that can be changed in a way that only gives. */
const ONLY_GIVES: ReadonlyMap<string, (before: unknown, after: unknown) => boolean> = new Map([
  ['isActive', (_: unknown, after: unknown) => booleanOf(after) === true],
  ['scopes', (before, after) => isWithin(setOf(before), setOf(after))],
  // None: it never expires.
  ['expiresAtSeconds', (before, after) => after === undefined || isRaised(before, after)],
  ['issuedBeforeSeconds', (before, after) => after === undefined || isRaised(after, before)],
]);

/**
 * Whether an answer that was given before may be more than one that is given now, so that what is cached must go.
 * What it does not understand counts as such.
 */
export function takesRightAway({ before, after }: Change): boolean {
  if (after === undefined) return !isRevocation(before);
  if (isRevocation(after)) return true;
  if (before === undefined) return true;
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].some((name) => {
    if (SAYS_NOTHING.has(name) || isSame(before[name], after[name])) return false;
    return !ONLY_GIVES.get(name)?.(before[name], after[name]);
  });
}

function isRevocation(image: Image | undefined): boolean {
  return textOf(image?.['pk'])?.startsWith(REVOKED_PREFIX) === true;
}

function isSame(before: unknown, after: unknown): boolean {
  const [one, other] = [setOf(before), setOf(after)];
  // A set has no order.
  if (before !== undefined && after !== undefined && one !== undefined && other !== undefined)
    return isWithin(one, other) && isWithin(other, one);
  return JSON.stringify(before) === JSON.stringify(after);
}

const isWithin = (part: ReadonlySet<string> | undefined, whole: ReadonlySet<string> | undefined): boolean =>
  part !== undefined && whole !== undefined && [...part].every((one) => whole.has(one));

/** @returns whether both are numbers, and `higher` is at least `lower`. */
function isRaised(lower: unknown, higher: unknown): boolean {
  const [from, to] = [numberOf(lower), numberOf(higher)];
  return from !== undefined && to !== undefined && to >= from;
}

function valueIn(attribute: unknown, type: string): unknown {
  if (typeof attribute !== 'object' || attribute === null) return undefined;
  return (attribute as Readonly<Record<string, unknown>>)[type];
}

function textOf(attribute: unknown): string | undefined {
  const value = valueIn(attribute, 'S');
  return typeof value === 'string' ? value : undefined;
}

function booleanOf(attribute: unknown): boolean | undefined {
  const value = valueIn(attribute, 'BOOL');
  return typeof value === 'boolean' ? value : undefined;
}

function numberOf(attribute: unknown): number | undefined {
  const value = valueIn(attribute, 'N');
  const number = typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** @returns the empty set for an attribute that is not there: DynamoDB has no empty sets. */
function setOf(attribute: unknown): ReadonlySet<string> | undefined {
  if (attribute === undefined) return new Set();
  const value = valueIn(attribute, 'SS');
  return Array.isArray(value) ? new Set(value.map(String)) : undefined;
}
