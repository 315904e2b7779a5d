import type { TokenPlace } from '../config/types.ts';
import { type Denial, deny } from './denial.ts';
import type { AuthorizationRequest } from './request.ts';

/** A token as received: nothing in it can be relied upon. */
export type UnverifiedToken = string & { readonly __brand: 'UnverifiedToken' };

/** Headers of a request have 10,240 bytes together; no issuer's token comes near this. */
const MAXIMUM_TOKEN_BYTES = 8192;

/**
 * The token at the place that a policy names.
 * @returns a denial when there is none, more than one, or more than 8,192 bytes.
 */
export function extract(request: AuthorizationRequest, place: TokenPlace): UnverifiedToken | Denial {
  const given = valuesAt(request, place);
  const values = given.includes('') ? given.filter((value) => value !== '') : given;
  const [value] = values;
  if (value === undefined) return deny('token_missing');
  if (values.length > 1) return deny('token_ambiguous');
  const hasScheme = place.in === 'header' && place.scheme !== undefined;
  const token = hasScheme ? afterScheme(value, place.scheme) : (value as UnverifiedToken);
  return typeof token === 'string' && isTooLarge(token) ? deny('token_too_large') : token;
}

/** A unit of UTF-16 takes three bytes at most, so that few tokens have to be counted. */
const isTooLarge = (token: string): boolean =>
  token.length * 3 > MAXIMUM_TOKEN_BYTES && Buffer.byteLength(token) > MAXIMUM_TOKEN_BYTES;

function valuesAt(request: AuthorizationRequest, place: TokenPlace): readonly string[] {
  if (place.in === 'query') return request.queryValues(place.name);
  if (place.in === 'header') return request.headerValues(place.name);
  return request.headerValues('cookie').flatMap((header) => cookieValues(header, place.name));
}

/**
 * `Bearer <token>`: the scheme without regard to case (RFC 9110 §11.1), spaces or one tab, one token.
 * Express Gateway lets text follow the token; here that is a denial.
 */
function afterScheme(value: string, scheme: string): UnverifiedToken | Denial {
  const given = value.slice(0, endOfFirstWord(value));
  const isGiven = given === scheme || given.toLowerCase() === scheme.toLowerCase();
  if (!isGiven) return deny('token_missing');
  let start = given.length;
  if (value[start] === '\t') start += 1;
  else while (value[start] === ' ') start += 1;
  const token = value.slice(start);
  const isOne = start > given.length && token !== '' && !ENDS_OF_TOKEN.some((end) => token.includes(end));
  return isOne ? (token as UnverifiedToken) : deny('token_malformed');
}

function endOfFirstWord(value: string): number {
  let end = 0;
  while (end < value.length && value.charCodeAt(end) !== SPACE && value.charCodeAt(end) !== TAB) end += 1;
  return end;
}

const SPACE = 0x20;
const TAB = 0x09;

/** Whatever else may follow a token in a header makes it one that cannot be decoded. */
const ENDS_OF_TOKEN = [' ', '\t', '\n', ','];

/** The values of every cookie of that name (RFC 6265 §4.2.1; names are case-sensitive). */
function cookieValues(header: string, name: string): string[] {
  return header.split(';').flatMap((pair) => {
    const equals = pair.indexOf('=');
    return equals > 0 && pair.slice(0, equals).trim() === name ? [pair.slice(equals + 1).trim()] : [];
  });
}
