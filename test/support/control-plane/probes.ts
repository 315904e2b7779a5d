import { type Segment, templateOf } from '../../../lambda/config/route-template.ts';

/**
 * Paths that tell resources apart: one for each resource, with values that are no other resource's literals, and one
 * for each pair of resources that could both take a path, such as `/a/b` for `/a/{x}` and `/{y}/b`. (Paths that take
 * three resources to tell apart are left out.)
 *
 * @param resources paths of resources, repetitions allowed.
 */
export function probesOf(resources: readonly string[]): readonly string[] {
  const templates = [...new Set(resources)].map(templateOf);
  const probes = new Set<string>();
  for (const [i, one] of templates.entries()) {
    probes.add(pathOf(one));
    if (one.every(({ kind }) => kind === 'literal')) continue;
    for (const [j, other] of templates.entries()) {
      const both = i === j ? undefined : meet(one, other);
      if (both !== undefined) probes.add(pathOf(both));
    }
  }
  return [...probes];
}

const pathOf = (template: readonly Segment[]): string => `/${template.map(probeOf).join('/')}`;

/** `~` is in no path part that API Gateway accepts, so such a value is no literal. */
const probeOf = (segment: Segment): string =>
  segment.kind === 'literal'
    ? segment.text
    : segment.kind === 'param'
      ? `~${segment.name}`
      : `~${segment.name}/~`;

/** What both take, as a template; undefined: nothing. */
function meet(one: readonly Segment[], other: readonly Segment[]): readonly Segment[] | undefined {
  const [a, ...afterA] = one;
  const [b, ...afterB] = other;
  if (a === undefined || b === undefined) return a === b ? [] : undefined;
  if (a.kind === 'greedy') return other;
  if (b.kind === 'greedy') return one;
  if (a.kind === 'literal' && b.kind === 'literal' && a.text !== b.text) return undefined;
  const rest = meet(afterA, afterB);
  return rest && [a.kind === 'literal' ? a : b, ...rest];
}
