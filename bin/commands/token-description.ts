/** What a token says, for a person: decoded, with what would strike somebody who knows RFC 7519. */
import { isRecord } from '../../lambda/config/record.ts';
import { ALGORITHMS } from '../../lambda/config/types.ts';

type JsonObject = Readonly<Record<string, unknown>>;

export interface TokenDescription {
  /** Absent where the part cannot be decoded. */
  readonly header?: JsonObject;
  readonly claims?: JsonObject;
  /** Times as dates, relative to now. */
  readonly times: Readonly<Record<string, string>>;
  readonly state: 'valid_now' | 'expired' | 'not_yet_valid' | 'no_expiry' | 'unreadable';
  /** Why the authorizer would deny it whatever its key; empty: nothing is known against it. */
  readonly problems: readonly string[];
}

const MAX_TOKEN_BYTES = 8_192;
const TIMES = ['iat', 'nbf', 'exp', 'auth_time'];
const TEXTS = ['iss', 'sub', 'jti'];
/** The last moment that a Date can hold. */
const MAX_SECONDS = 8_640_000_000_000;

/** Takes anything. @param nowMs milliseconds since 1970. */
export function describeToken(token: string, nowMs: number): TokenDescription {
  const parts = token.split('.');
  const header = decodePart(parts[0]);
  const claims = decodePart(parts[1]);
  const nowSeconds = nowMs / 1000;
  return {
    ...(header !== undefined && { header }),
    ...(claims !== undefined && { claims }),
    times: timesOf(claims ?? {}, nowSeconds),
    state: stateOf(claims, nowSeconds),
    problems: [
      ...formProblems(token, parts),
      ...(header === undefined ? ['the header is no JSON object in base64url'] : headerProblems(header)),
      ...(claims === undefined ? ['the payload is no JSON object in base64url'] : claimProblems(claims)),
    ],
  };
}

function decodePart(part: string | undefined): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    // What is nested too deep to be written again is thrown here, too.
    JSON.stringify(value);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function formProblems(token: string, parts: readonly string[]): readonly string[] {
  const problems: string[] = [];
  if (Buffer.byteLength(token) > MAX_TOKEN_BYTES) problems.push('it is longer than 8,192 bytes');
  if (parts.length === 5) problems.push('five parts: it is encrypted (JWE), which is not supported');
  else if (parts.length !== 3) problems.push(`a token has three parts, this has ${parts.length}`);
  else if (parts[2] === '') problems.push('it has no signature');
  if (!/^[\w.-]*$/.test(token)) problems.push('it has characters that are not base64url');
  return problems;
}

function headerProblems(header: JsonObject): readonly string[] {
  const { alg } = header;
  const problems: string[] = [];
  if (typeof alg !== 'string') problems.push('the header has no alg');
  else if (alg.toLowerCase() === 'none') problems.push('alg none: it is not signed');
  else if (!ALGORITHMS.some((known) => known === alg)) problems.push('its alg is not supported');
  if ('crit' in header) problems.push('crit: it needs extensions that are not supported');
  return problems;
}

function claimProblems(claims: JsonObject): readonly string[] {
  const has = (name: string) => Object.hasOwn(claims, name);
  return [
    ...(has('exp') ? [] : ['it has no exp: it never expires, and is denied unless requireExp is false']),
    ...TIMES.filter((name) => has(name) && !Number.isFinite(claims[name])).map(
      (name) => `${name} must be a number of seconds`,
    ),
    ...TEXTS.filter((name) => has(name) && typeof claims[name] !== 'string').map(
      (name) => `${name} must be a text`,
    ),
  ];
}

function stateOf(claims: JsonObject | undefined, nowSeconds: number): TokenDescription['state'] {
  if (claims === undefined) return 'unreadable';
  const { exp, nbf } = claims;
  if (typeof exp === 'number' && exp <= nowSeconds) return 'expired';
  if (typeof nbf === 'number' && nbf > nowSeconds) return 'not_yet_valid';
  return typeof exp === 'number' ? 'valid_now' : 'no_expiry';
}

function timesOf(claims: JsonObject, nowSeconds: number): Readonly<Record<string, string>> {
  const entries = TIMES.flatMap((name) => {
    const seconds = Object.hasOwn(claims, name) ? claims[name] : undefined;
    return typeof seconds === 'number' ? [[name, describeTime(seconds, nowSeconds)]] : [];
  });
  return Object.fromEntries(entries);
}

/** `2026-11-22T08:00:00.000Z (in 5 minutes)`. */
export function describeTime(seconds: number, nowSeconds: number): string {
  if (Math.abs(seconds) > MAX_SECONDS) return 'no date (milliseconds instead of seconds?)';
  const distance = span(Math.abs(seconds - nowSeconds));
  const date = new Date(seconds * 1000).toISOString();
  return `${date} (${seconds > nowSeconds ? `in ${distance}` : `${distance} ago`})`;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['year', 31_536_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** The largest unit that it fills. @param seconds not negative. */
function span(seconds: number): string {
  const [name, size] = UNITS.find(([, unit]) => seconds >= unit) ?? ['second', 1];
  const count = Math.floor(seconds / size);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
