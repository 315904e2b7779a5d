import type { IdentitySource } from '../../lambda/config/keying.ts';
import type { TokenPlace } from '../../lambda/config/types.ts';
import { jsonText } from '../commands/terminal.ts';
import { describeTime } from '../commands/token-description.ts';

const LONGEST = 120;

/** A value that somebody else wrote: on one line, without control characters, and not long. */
export function show(value: unknown): string {
  if (value === undefined) return 'none';
  const text = typeof value === 'string' && isPlain(value) ? value : jsonText(value, 0);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
}

/** A word that nobody takes for something else. */
const isPlain = (text: string): boolean =>
  /^[\w.:/@+-]*[a-z][\w.:/@+-]*$/i.test(text) && !/^(?:none|null|true|false)$/i.test(text);

/** As it goes over the wire. */
export const showPath = (path: string): string => (/^\/[\w.:/@+-]*$/.test(path) ? path : show(path));

export const list = (values: readonly string[], none = 'none'): string =>
  values.length === 0 ? none : values.join(', ');

/** @param nowMs milliseconds since 1970. */
export const showTime = (seconds: unknown, nowMs: number): string =>
  typeof seconds === 'number' && Number.isFinite(seconds)
    ? describeTime(seconds, nowMs / 1000)
    : show(seconds);

export function showPlace(place: TokenPlace): string {
  if (place.in === 'header')
    return place.scheme === undefined ? `header ${place.name}` : `${place.name}: ${place.scheme} …`;
  return place.in === 'query' ? `query parameter ${place.name}` : `cookie ${place.name}`;
}

/** As API Gateway spells it. */
export function identitySourceName(source: IdentitySource): string {
  if (source.in === 'context') return `context.${source.name}`;
  return `method.request.${source.in === 'query' ? 'querystring' : 'header'}.${source.name}`;
}
