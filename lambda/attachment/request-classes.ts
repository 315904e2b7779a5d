import type { Segment } from '../config/route-template.ts';

type Template = readonly Segment[];

/** Paths that none of the given templates tells apart. */
export interface RequestClass {
  /** One of them, as it would be sent. `~` stands for what is no template's literal. */
  readonly path: string;
  /** Which templates take it, by their position. */
  readonly taken: readonly number[];
}

/** No path part that API Gateway accepts has it. */
const ANYTHING_ELSE = '~';

/**
 * All kinds of paths that templates can tell apart, so that what holds for one path of each holds for every path that
 * any of them takes. A parameter takes one segment, which is not empty; `{proxy+}` takes the rest, empty segments too
 * (`/a//b`), as API Gateway's resources do.
 */
export function requestClasses(templates: readonly Template[]): readonly RequestClass[] {
  const classes: RequestClass[] = [];
  const seen = new Set<string>();
  const visit = (alive: readonly Alive[], above: readonly string[]) => {
    const depth = above.length;
    const open = alive.filter(({ isFull }) => !isFull);
    // Once only catch-alls are left, further segments change nothing.
    const key = `${open.length > 0 ? depth : '*'} ${alive.map(({ index, isFull }) => `${index}${isFull ? '+' : ''}`)}`;
    if (seen.has(key)) return;
    seen.add(key);
    const taken = alive.filter(({ template, isFull }) => isFull || template.length === depth);
    if (taken.length > 0) classes.push({ path: pathOf(above), taken: taken.map(({ index }) => index) });
    if (open.length === 0) return;
    const literals = open.flatMap(({ template: { [depth]: segment } }) =>
      segment?.kind === 'literal' ? segment.text : [],
    );
    for (const text of new Set([...literals, ANYTHING_ELSE, '']))
      visit(
        alive.flatMap((one) => follow(one, depth, text) ?? []),
        [...above, text],
      );
  };
  visit(
    templates.map((template, index) => ({ index, template, isFull: false })),
    [],
  );
  return classes;
}

/** A template that took the segments so far. */
interface Alive {
  readonly index: number;
  readonly template: Template;
  /** Its catch-all takes all that comes. */
  readonly isFull: boolean;
}

function follow(one: Alive, depth: number, text: string): Alive | undefined {
  if (one.isFull) return one;
  const segment = one.template[depth];
  if (segment === undefined) return undefined;
  if (segment.kind === 'greedy') return { ...one, isFull: true };
  const isTaken = segment.kind === 'param' ? text !== '' : segment.text === text;
  return isTaken ? one : undefined;
}

/** One slash at the end does not count, so an empty segment there takes another. */
function pathOf(segments: readonly string[]): string {
  return `/${segments.join('/')}${segments.at(-1) === '' ? '/' : ''}`;
}

const RANKS = { literal: 0, param: 1, greedy: 2 } as const;

/** Of two templates that take a path: negative when the one is more specific, and so is API Gateway's choice. */
export function compareSpecificity(one: Template, other: Template): number {
  for (const [i, segment] of one.entries()) {
    const facing = other[i];
    if (facing === undefined) return 0;
    const difference = RANKS[segment.kind] - RANKS[facing.kind];
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The template of a resource, whatever API Gateway took as its path. */
export function templateOfResource(path: string): Template {
  if (path === '/') return [];
  return path
    .slice(1)
    .split('/')
    .map((text): Segment => {
      const name = /^\{(.*?)(\+?)\}$/.exec(text);
      if (name === null) return { kind: 'literal', text };
      return { kind: name[2] === '+' ? 'greedy' : 'param', name: name[1] ?? '' };
    });
}
