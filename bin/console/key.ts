import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** 256 random bits, for an address. */
export const newKey = (): string => randomBytes(32).toString('base64url');

/** What a browser loads before it has the key; there is nothing in it that is anybody's. */
const OPEN = new Set([
  '/console',
  '/console/',
  '/console/console.css',
  '/console/console.js',
  '/console/icon.svg',
]);

/**
 * Loopback keeps other machines out, and the rules for hosts and origins the pages of this one's browsers; not other
 * programs, which may be another user's. So whoever asks a server that acts with somebody's AWS credentials shows the key
 * that was printed for that somebody alone. A header: no page of another origin can send it unasked, and no log has it.
 */
export function showsKey(headers: IncomingHttpHeaders, url: string | undefined, key: string): boolean {
  const [path = ''] = (url ?? '').split('?', 1);
  if (OPEN.has(path)) return true;
  const given = headers['x-console-key'];
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(key));
}

/** Of one length, whatever was given. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
