import { quote } from './quote.ts';

/**
 * The one grammar of paths: literal segments, `{param}` for one segment, and at the end `{proxy+}` for one
 * or more. A trailing `/*` is another spelling of `/{proxy+}`. Paths of API Gateway's resources and of our
 * rules are both such templates.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html
 */
export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'param'; readonly name: string }
  | { readonly kind: 'greedy'; readonly name: string };

/** What a rule's template means for the requests that a resource receives. */
export type Relation = 'covers' | 'partial' | 'disjoint';

const PARAM = /^\{([A-Za-z0-9._:-]+)\}$/;
const GREEDY = /^\{([A-Za-z0-9._:-]+)\+\}$/;
/** What API Gateway takes in a resource's path part, so that every declared path can be deployed. */
const LITERAL = /^[A-Za-z0-9._:$-]+$/;

/**
 * @param path a template such as `/orders/{id}`, `/files/*` or `/`.
 * @returns its segments (none for `/`), or a sentence saying what is wrong with it.
 */
export function parseTemplate(path: string): readonly Segment[] | string {
  if (!path.startsWith('/')) return 'a path starts with "/"';
  if (path === '/') return [];
  const texts = path.slice(1).split('/');
  const segments: Segment[] = [];
  for (const [index, text] of texts.entries()) {
    const segment = parseSegment(text, index === texts.length - 1);
    if (typeof segment === 'string') return segment;
    segments.push(segment);
  }
  return segments;
}

function parseSegment(text: string, isLast: boolean): Segment | string {
  const quoted = quote(text);
  if (text === '') return isLast ? 'leave out the "/" at the end' : 'leave out the empty segment "//"';
  if (text === '*') return isLast ? { kind: 'greedy', name: 'proxy' } : '"*" stands only at the end';
  const greedy = GREEDY.exec(text);
  if (greedy) return isLast ? { kind: 'greedy', name: greedy[1] ?? '' } : `${quoted} stands only at the end`;
  const param = PARAM.exec(text);
  if (param) return { kind: 'param', name: param[1] ?? '' };
  // Express Gateway's spelling; taken literally, the rule would protect nothing.
  if (text.startsWith(':')) return `${quoted} is written {${text.slice(1) || 'name'}} here`;
  if (!LITERAL.test(text))
    return `${quoted} is neither a plain segment of A-Z, a-z, 0-9 and ._:$-, nor {param} or {proxy+}`;
  if (isUnsafeSegment(text)) return `${quoted} has another spelling; write it plainly`;
  return { kind: 'literal', text };
}

/** The segments of a template that was checked before. @throws Error for one that was not. */
export function templateOf(path: string): readonly Segment[] {
  const segments = parseTemplate(path);
  if (typeof segments === 'string') throw new Error(`not a path template: ${segments}`);
  return segments;
}

/** One spelling for each template: `/*` becomes `/{proxy+}`. */
export function formatTemplate(segments: readonly Segment[]): string {
  return `/${segments.map(formatSegment).join('/')}`;
}

function formatSegment(segment: Segment): string {
  if (segment.kind === 'literal') return segment.text;
  return segment.kind === 'param' ? `{${segment.name}}` : `{${segment.name}+}`;
}

export function isGreedy(segments: readonly Segment[]): boolean {
  return segments.at(-1)?.kind === 'greedy';
}

/**
 * How the paths of `rule` lie to those of `resource`, on the templates alone: `covers` when every path of
 * the resource is one of the rule's, `disjoint` when none is. Between the two only the path itself can tell.
 */
export function relationOf(rule: readonly Segment[], resource: readonly Segment[]): Relation {
  let covers = true;
  for (let i = 0; ; i++) {
    const r = rule[i];
    const t = resource[i];
    if (r?.kind === 'greedy') return t === undefined ? 'disjoint' : covers ? 'covers' : 'partial';
    if (t?.kind === 'greedy') return r === undefined ? 'disjoint' : 'partial';
    if (r === undefined && t === undefined) return covers ? 'covers' : 'partial';
    if (r === undefined || t === undefined) return 'disjoint';
    if (r.kind === 'param') continue;
    if (t.kind === 'param') covers = false;
    else if (r.text !== t.text) return 'disjoint';
  }
}

/**
 * @param path a canonical request path.
 * @returns whether it is one of the template's, for some reader at least: literals are compared decoded
 * (`%3A` is `:`) and without the `;parameters` that servlets cut off.
 */
export function matchesPath(template: readonly Segment[], path: string): boolean {
  const texts = segmentsOfPath(path);
  for (const [i, segment] of template.entries()) {
    const text = texts[i];
    if (text === undefined) return false;
    if (segment.kind === 'greedy') return true;
    if (segment.kind !== 'literal') continue;
    // Without regard to case, as many upstreams read paths: it can only ask for more.
    const wanted = segment.text.toLowerCase();
    if (wanted !== text.toLowerCase() && wanted !== bareSegment(text).toLowerCase()) return false;
  }
  return texts.length === template.length;
}

function bareSegment(text: string): string {
  const decoded = text.replace(ESCAPE, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return decoded.replace(/;.*$/s, '');
}

function segmentsOfPath(path: string): string[] {
  if (path === '/') return [];
  return (path.endsWith('/') ? path.slice(1, -1) : path.slice(1)).split('/');
}

/**
 * Whether a request path has only one reading, for us, for API Gateway and for the upstream, which may each
 * decode it once more: no empty or dot segments, no backslash, no encoded slash, delimiter of the path
 * (`?`, `#`), control or unreserved character (RFC 3986 §6.2.2), nothing encoded twice. One trailing slash
 * is read as the same route.
 */
export function isCanonicalPath(path: string): boolean {
  return path.startsWith('/') && segmentsOfPath(path).every((text) => !isUnsafeSegment(text));
}

const ESCAPE = /%([0-9A-Fa-f]{2})/g;
const ENCODED_UNRESERVED = /%(?:2[DdEe]|3[0-9]|4[1-9A-Fa-f]|5[0-9AaFf]|6[1-9A-Fa-f]|7[0-9AaEe])/;
/** Slash, backslash, `?`, `#`, control characters, an escape of an escape, overlong UTF-8. */
const ENCODED_DELIMITER = /%(?:2[Ff]|5[Cc]|3[Ff]|23|[01][0-9A-Fa-f]|7[Ff]|25|[Cc][01])/;
/** Servlets cut `;parameters` off: `..;x` becomes a dot segment, `;x` an empty one. */
const EMPTY_OR_DOT_SEGMENT = /^(?:\.\.?)?(?:(?:;|%3[Bb]).*)?$/s;
const BAD_ESCAPE = /%(?![0-9A-Fa-f]{2})/;

/** True for a segment that some reader may take for another one. */
function isUnsafeSegment(text: string): boolean {
  return (
    EMPTY_OR_DOT_SEGMENT.test(text) ||
    text.includes('\\') ||
    ENCODED_UNRESERVED.test(text) ||
    ENCODED_DELIMITER.test(text) ||
    BAD_ESCAPE.test(text) ||
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    /[\u0000-\u0020\u007f-\uffff?#]/.test(text)
  );
}
