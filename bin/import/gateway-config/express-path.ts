import { parseTemplate } from '../../../lambda/config/route-template.ts';

/** Templates that hold for every request that a path of Express holds for. */
export interface Translation {
  readonly templates: readonly string[];
  /** Whether they hold for no others. */
  readonly isExact: boolean;
}

/** Characters that stand for themselves in a path of Express. */
const PLAIN = "[A-Za-z0-9._~!@%,=&;'-]";
const LITERAL = /^[A-Za-z0-9._-]+$/;
/** Of what is in brackets, what surely means one segment: `(\d+)`, `([0-9a-f]{24})`, `(json|csv)`. */
const ONE_SEGMENT = String.raw`\((?:\\[dw]\+?|\[(?!\^)[\w-]+\](?:\+|\{[1-9]\d*\})?|[\w|-]+)\)`;
const PARAM = new RegExp(String.raw`^:(\w+)(${ONE_SEGMENT})?(\?)?$`);
const PARAM_AND_BELOW = /^:\w+\*(\??)$/;
/** A segment with more to it than a parameter, but never empty: `:from-:to`, `report.:format?`. */
const MIXED = new RegExp(String.raw`^(?:(?!\.:)${PLAIN}|:\w+(?!\w|\?))(?:${PLAIN}|:\w+(?!\w)\??)*$`);

const MOST_VARIANTS = 16;
const MOST_CHARACTERS = 2000;

/**
 * A path as Express 4 takes it (path-to-regexp 0.1, which reads a good part of it as a regular expression) in
 * our grammar. Where that has no such thing, the templates hold for more: rules that ask for more scopes than
 * they did are a nuisance, and rules that ask for fewer a hole.
 * @returns undefined where only a rule for every path would be enough, or the path says nothing certain.
 */
export function translatePath(path: string): Translation | undefined {
  if (/^\/?\*$/.test(path)) return { templates: ['/', '/*'], isExact: true };
  if (!path.startsWith('/') || path.length > MOST_CHARACTERS) return undefined;
  // One slash at the end is optional, whether it is written or not.
  const segments = path
    .replace(/\/\??$/, '')
    .split('/')
    .slice(1);
  let variants: readonly (readonly string[])[] = [[]];
  let isExact = true;
  for (const [i, segment] of segments.entries()) {
    const isLast = i === segments.length - 1;
    const read = readSegment(segment, { isLast, path });
    if (read === undefined) return undefined;
    if (!read.isExact) isExact = false;
    variants = variants.flatMap((above) => read.endings.map((ending) => [...above, ...ending]));
    if (variants.length > MOST_VARIANTS) return undefined;
    if (read.isRest) break;
  }
  const templates = [...new Set(variants.map((variant) => `/${variant.join('/')}`))];
  const isEverything = templates.includes('/*');
  return isEverything || templates.some((template) => typeof parseTemplate(template) === 'string')
    ? undefined
    : { templates, isExact };
}

/** What may follow the segments above: none, one segment, or a `*` for everything below. */
interface SegmentReading {
  readonly endings: readonly (readonly string[])[];
  readonly isExact: boolean;
  /** Whether the segments after it are within. */
  readonly isRest?: boolean;
}

function readSegment(
  segment: string,
  { isLast, path }: { isLast: boolean; path: string },
): SegmentReading | undefined {
  if (LITERAL.test(segment)) return { endings: [[segment]], isExact: true };
  const [isParam, name, capture, optional] = PARAM.exec(segment) ?? [];
  if (isParam !== undefined) {
    const param = [`{${name}}`];
    return { endings: optional ? [[], param] : [param], isExact: capture === undefined };
  }
  if (MIXED.test(segment)) return { endings: [[mixedName(segment)]], isExact: false };
  if (isLast && segment === '*') return { endings: [[], ['*']], isExact: true };
  const below = PARAM_AND_BELOW.exec(segment);
  if (isLast && below) return { endings: below[1] ? [[], ['*']] : [['*']], isExact: true };
  // An alternative may be the whole path, and what is optional takes the slash before it away.
  if (path.includes('|') || /^(?:[?{]|\.?:.*[?{])/.test(segment)) return undefined;
  return { endings: [[], ['*']], isExact: false, isRest: true };
}

function mixedName(segment: string): string {
  const names = [...segment.matchAll(/:(\w+)/g)].map(([, name]) => name);
  return `{${names.join('-') || 'segment'}}`;
}
