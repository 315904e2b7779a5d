/**
 * What behaviour.md says of a request, as plainly as it can be said: rules by brute force over a small
 * alphabet, no cache, no policy document, nothing of the code under test.
 */
import type { RouteRule } from '../../lambda/config/types.ts';
import type { Identity } from './model-callers.ts';

export type Outcome = 'authenticated' | 'anonymous' | '401' | '403';

export interface ModelApi {
  readonly routes: readonly RouteRule[];
  readonly onDenial: 'unauthorized' | 'policy';
}

export interface ModelRequest {
  readonly method: string;
  readonly path: string;
  /** The one that the API's router chose. */
  readonly resource: string;
  readonly identity: Identity;
}

export function expectedOutcome(api: ModelApi, request: ModelRequest): Outcome {
  const { identity } = request;
  switch (identity.kind) {
    case 'caller':
      return mayUse(api, request, identity.scopes) ? 'authenticated' : '403';
    case 'anonymous':
      return mayUse(api, request, []) ? 'anonymous' : '403';
    case 'denied':
      return identity.isLasting && api.onDenial === 'policy' ? '403' : '401';
  }
}

function mayUse(
  { routes }: ModelApi,
  { method, path, resource }: ModelRequest,
  scopes: readonly string[],
): boolean {
  const rules = routes.filter((rule) => rule.scopes.length > 0);
  if (rules.length > 0 && resource.includes('{') && couldEscape(path)) return false;
  for (const rule of rules.filter((candidate) => holdsFor(candidate, method))) {
    for (const template of rule.paths) {
      const share = shareOf(template, resource);
      if (share === 'some' && !isCanonical(path)) return false;
      const matches = share === 'all' || (share === 'some' && belongs(lettersOf(path), template));
      if (matches && !rule.scopes.every((scope) => scopes.includes(scope))) return false;
    }
  }
  return true;
}

/** A rule for GET holds for HEAD. */
function holdsFor({ methods }: RouteRule, method: string): boolean {
  return methods === undefined || methods.includes(method) || (method === 'HEAD' && methods.includes('GET'));
}

/** `c` stands for every text that no template names. */
const ALPHABET = ['a', 'b', 'c'];
const LONGEST = 5;
const WORDS: readonly (readonly string[])[] = words(LONGEST);
const shares = new Map<string, 'all' | 'some' | 'none'>();

/** How many of a resource's paths are a rule's: all of them are tried. */
function shareOf(template: string, resource: string): 'all' | 'some' | 'none' {
  const id = `${template} ${resource}`;
  const known = shares.get(id);
  if (known !== undefined) return known;
  const received = WORDS.filter((word) => belongs(word, resource));
  const matching = received.filter((word) => belongs(word, template));
  const share = matching.length === 0 ? 'none' : matching.length === received.length ? 'all' : 'some';
  shares.set(id, share);
  return share;
}

function words(length: number): string[][] {
  if (length === 0) return [[]];
  const shorter = words(length - 1);
  const longest = shorter.filter((word) => word.length === length - 1);
  return [...shorter, ...longest.flatMap((word) => ALPHABET.map((letter) => [...word, letter]))];
}

function belongs(segments: readonly string[], template: string): boolean {
  const parts = template === '/' ? [] : template.slice(1).split('/');
  const isGreedy = parts.at(-1)?.endsWith('+}') === true;
  if (isGreedy ? segments.length < parts.length : segments.length !== parts.length) return false;
  return parts.every((part, i) => part.startsWith('{') || part === segments[i]);
}

function segmentsOf(path: string): readonly string[] {
  const segments = path.slice(1).split('/');
  return segments.at(-1) === '' ? segments.slice(0, -1) : segments;
}

/** Inside a greedy resource letters are not told apart in case: the backend may not tell them either. */
function lettersOf(path: string): readonly string[] {
  return segmentsOf(path).map((segment) => segment.toLowerCase());
}

/** One reading only: see "Right under caching". */
function isCanonical(path: string): boolean {
  return segmentsOf(path).every((segment) => {
    const isPlain = !isEmptyOrDots(segment) && !segment.includes('\\');
    const isCutOff = /%(?![0-9a-f]{2})/i.test(segment);
    return isPlain && !isCutOff && escapesIn(segment).every(hasOneReading);
  });
}

/** Nothing that decodes to an unreserved character, to one that ends a segment or a path, or to an escape. */
function hasOneReading(written: string): boolean {
  const character = String.fromCharCode(Number.parseInt(written.slice(1, 3), 16));
  const isControl = character < ' ' || character === '\x7f';
  return !isControl && !/[A-Za-z0-9\-._~/\\?#%\xc0\xc1]/.test(character) && written.length === 3;
}

/** `%2F`, and `%252F` as one. */
function escapesIn(text: string): readonly string[] {
  return text.match(/%25[0-9a-f]{2}|%[0-9a-f]{2}/gi) ?? [];
}

/** Spellings that some upstream resolves to a path outside the resource that received them. */
function couldEscape(path: string): boolean {
  const isStructural = /\/\/|[;\\]|%(?:[01]|2e|2f|5c|3b|3f|23|25|7f|c0|c1|u|%|.%)/i.test(path);
  return isStructural || /\/\.\.?(?:\/|$)/.test(path);
}

/** A servlet cuts `;parameters` off. */
function isEmptyOrDots(segment: string): boolean {
  return ['', '.', '..'].includes(segment.split(/;|%3b/i)[0] ?? '');
}
