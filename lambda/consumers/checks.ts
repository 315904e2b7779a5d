/** Checks of single values: what is wrong with one, or undefined. Never quotes it: it may be a secret. */
import { isKeyId } from './items.ts';
import { secretProblem } from './key-material.ts';

export type Check = (value: unknown) => string | undefined;

const MAX_NAME = 256;
const MAX_PROPERTIES_BYTES = 65_536;

/** Control characters would forge lines of logs and headers; lone surrogates do not survive UTF-8. */
const UNSAFE = /[\p{Cc}\p{Cs}]/u;

export const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined ? undefined : check(value);

export const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');

export const text =
  (max: number): Check =>
  (value) => {
    if (typeof value !== 'string') return 'must be a text';
    if (value.length > max) return `must have at most ${max} characters`;
    return UNSAFE.test(value) ? 'must not contain control characters' : undefined;
  };

export const filledText =
  (max: number): Check =>
  (value) =>
    value === '' ? 'must not be empty' : text(max)(value);

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Lower case, as they are made: ids are compared letter by letter. */
export const recordId: Check = (value) =>
  typeof value === 'string' && UUID.test(value) && value === value.toLowerCase()
    ? undefined
    : 'must be a UUID in lower case';

/**
 * Space around a name would make two that look the same; one that looks like an id could be somebody else's,
 * and an id goes before a name.
 */
export const name: Check = (value) => {
  if (typeof value !== 'string') return 'must be a text';
  if (UUID.test(value)) return 'must not look like an id';
  const isTrimmed = value.trim() === value;
  return filledText(MAX_NAME)(value) ?? (isTrimmed ? undefined : 'must not start or end in space');
};

export const keyId: Check = (value) =>
  isKeyId(value) ? undefined : 'must be 1 to 256 printable ASCII characters without spaces';

export const secret =
  (max: number): Check =>
  (value) => {
    if (typeof value !== 'string' || value === '') return 'must be a text that is not empty';
    if (value.length > max) return `must have at most ${max} characters`;
    return secretProblem(value);
  };

export const pem =
  (max: number): Check =>
  (value) =>
    typeof value === 'string' && value.length <= max
      ? undefined
      : `must be a PEM of at most ${max} characters`;

/** Of the year 9999: what comes after has no ISO date, and is milliseconds by mistake. */
export const LAST_SECOND = 253_402_300_799;

export const epochSeconds: Check = (value) =>
  Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= LAST_SECOND
    ? undefined
    : 'must be whole seconds since 1970, before the year 10000';

/** A scope travels in lists separated by spaces (RFC 6749 §3.3). */
export const scopeList =
  (min: number, max: number): Check =>
  (value) => {
    if (!Array.isArray(value)) return 'must be a list of scopes';
    if (value.length < min || value.length > max) return `must hold ${min} to ${max} scopes`;
    return value.some((scope) => keyId(scope) !== undefined)
      ? 'must hold names of 1 to 256 printable ASCII characters without spaces'
      : undefined;
  };

/**
 * @param reserved names that mean something else on this record: a free `isActive` would contradict the real
 * one, and a secret among the free properties would be shown by every read.
 */
export const freeProperties =
  (reserved: ReadonlySet<string>): Check =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'must be an object';
    const clash = Object.keys(value).find((key) => reserved.has(key));
    if (clash !== undefined) return `must not contain ${clash}`;
    const json = jsonOf(value);
    if (json === undefined) return 'must be JSON';
    return Buffer.byteLength(json) > MAX_PROPERTIES_BYTES
      ? `must have at most ${MAX_PROPERTIES_BYTES} bytes`
      : undefined;
  };

function jsonOf(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // Circular, or a BigInt.
    return undefined;
  }
}
