import fc from 'fast-check';
import { formatTemplate, type Segment } from '../../lambda/config/route-template.ts';

/** Few names, so that generated templates meet. */
const LITERALS = ['a', 'b'];

const literal = fc.constantFrom(...LITERALS).map((text): Segment => ({ kind: 'literal', text }));
const param = fc.constantFrom('id', 'p').map((name): Segment => ({ kind: 'param', name }));
const greedy = fc.constantFrom('proxy', 'rest').map((name): Segment => ({ kind: 'greedy', name }));

/** Templates of up to four segments, the root included. */
export const template: fc.Arbitrary<readonly Segment[]> = fc
  .tuple(fc.array(fc.oneof(literal, param), { maxLength: 3 }), fc.option(greedy, { nil: undefined }))
  .map(([segments, last]) => (last === undefined ? segments : [...segments, last]));

export const templatePath = template.map(formatTemplate);

/**
 * Every path of up to five segments over the literals and one more text: enough to tell templates of up to
 * four segments apart.
 */
export const PATHS: readonly string[] = ['/', ...pathsOf(5)];

function pathsOf(depth: number): string[] {
  if (depth === 0) return [];
  const deeper = pathsOf(depth - 1);
  return [...LITERALS, 'c'].flatMap((text) => [`/${text}`, ...deeper.map((rest) => `/${text}${rest}`)]);
}

/** The plainest reading of a template there is. */
export function regExpOf(segments: readonly Segment[]): RegExp {
  const parts = segments.map((segment) => {
    if (segment.kind === 'literal') return `/${segment.text.replace(/[.$]/g, '\\$&')}`;
    return segment.kind === 'param' ? '/[^/]+' : '(?:/[^/]+)+';
  });
  return new RegExp(`^${parts.join('') || '/'}$`);
}
