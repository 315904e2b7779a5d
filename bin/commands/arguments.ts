import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { parseMoment } from '../../lambda/admin/moment.ts';
import { algorithmsOfKey, importKey } from '../../lambda/config/key-material.ts';
import { CommandFailure } from '../consumers/failure.ts';

export type Properties = Readonly<Record<string, unknown>>;

/** `-p key=value`, repeated: all of them. `isActive` is true or false, `scopes` a list; others are texts. */
export function property(text: string, previous: Properties = {}): Properties {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('give NAME=VALUE');
  const [name, value] = [text.slice(0, at), text.slice(at + 1)];
  if (name === '__proto__') throw new InvalidArgumentError('that name cannot be used');
  return { ...previous, [name]: propertyValue(name, value) };
}

function propertyValue(name: string, value: string): unknown {
  if (name === 'scopes') return value.split(/[\s,]+/).filter((scope) => scope !== '');
  if (name !== 'isActive') return value;
  if (value !== 'true' && value !== 'false') throw new InvalidArgumentError('isActive is true or false');
  return value === 'true';
}

/** An option that is repeated. */
export const several = (text: string, previous: readonly string[] = []): readonly string[] => [
  ...previous,
  text,
];

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** `90d`, `1h`, `-5m`, seconds without a unit. @returns seconds. */
export function duration(text: string): number {
  const [, count = '', unit = 's'] = /^(-?\d{1,9})([smhdwy]?)$/.exec(text) ?? [];
  if (count === '') throw new InvalidArgumentError('give a number with s, m, h, d, w or y, such as 90d');
  return Number(count) * (UNIT_SECONDS[unit || 's'] ?? 1);
}

/** As {@link duration}, for a time that is still to come. */
export function futureDuration(text: string): number {
  const seconds = duration(text);
  if (seconds <= 0) throw new InvalidArgumentError('give a time that is still to come, such as 90d');
  return seconds;
}

/** `now`, an ISO 8601 time, or seconds since 1970. @returns milliseconds since 1970. */
export function momentMs(text: string): number {
  if (text === 'now') return Date.now();
  if (/^\d{1,11}(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  const ms = parseMoment(text);
  if (ms === undefined)
    throw new InvalidArgumentError('give now, a time such as 2026-11-22T10:00:00Z, or seconds since 1970');
  return ms;
}

/** The same. @returns seconds since 1970; a part of one counts as a whole. */
export const moment = (text: string): number => Math.ceil(momentMs(text) / 1000);

/** A {@link moment} that has passed; a minute's difference between clocks does not count. */
export function pastMoment(text: string): number {
  const seconds = moment(text);
  if (seconds > Date.now() / 1000 + 60)
    throw new InvalidArgumentError('it is still to come; give now, or a time that has passed');
  return seconds;
}

/** @throws CommandFailure */
export function readFile(path: string): Buffer {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new CommandFailure(`${path} cannot be read (${reason})`);
  }
}

/**
 * What the options say of a credential's key.
 * @returns the fields of the Admin API; none when the credential is to have a secret.
 * @throws CommandFailure for a file that holds no public key.
 */
export function publicKeyFields(options: { readonly publicKey?: string; readonly algorithm?: string }): {
  readonly publicKey?: string;
  readonly algorithm?: string;
} {
  const { publicKey: path, algorithm } = options;
  if (path === undefined) {
    if (algorithm === undefined) return {};
    throw new CommandFailure('--algorithm says what a --public-key verifies; give both');
  }
  const pem = readFile(path);
  const imported = importKey(pem);
  if (!imported.ok) throw new CommandFailure(`${path}: ${imported.message}`);
  if (imported.key.type !== 'public') {
    throw new CommandFailure(`${path} holds no PEM public key; make one with openssl pkey -pubout`);
  }
  const [usual] = algorithmsOfKey(imported.key);
  const fields = { publicKey: pem.toString('utf8') };
  const chosen = algorithm ?? usual;
  return chosen === undefined ? fields : { ...fields, algorithm: chosen };
}
