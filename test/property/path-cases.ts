/** Generated paths: of a resource, or any; spelled plainly, or as another reader would not read them. */
import fc from 'fast-check';

/** Spellings of a segment that another reader takes for something else. */
const odd = fc.constantFrom(
  ...['A', '%61', '', '.', '..', '%2e', '%2E%2e', '.%2e', '..;', '.;v=1', '..%3B', ';v=1', 'a%2fb', 'a%2Fb'],
  ...['a\\b', 'a%5Cb', '%zz', 'a%', 'a%20b', '...', '*', '%3F', 'a%23', '%252e%252e', 'a%252Fb'],
  ...['%2561', '%25', '%00', 'a%7F', '$', '@'],
);

/** Mostly itself. */
const segment: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('a', 'b', 'c') },
  { weight: 1, arbitrary: odd },
);

/** A hole of a resource's template is filled with one of `fill`. */
export interface PathCase {
  readonly pick: number | 'any';
  readonly fill: readonly string[];
  readonly respelling: Respelling;
  readonly end: '' | '/';
}

interface Respelling {
  readonly how: 'as it is' | 'doubled slash' | 'capital' | 'escape' | 'dot' | 'two dots';
  readonly at: number;
}

export const pathCase: fc.Arbitrary<PathCase> = fc.record({
  pick: fc.oneof(fc.nat(9), fc.nat(9), fc.constant<'any'>('any')),
  fill: fc.array(segment, { maxLength: 4 }),
  respelling: fc.record({
    how: fc.oneof(
      { weight: 7, arbitrary: fc.constant<Respelling['how']>('as it is') },
      {
        weight: 3,
        arbitrary: fc.constantFrom<Respelling['how']>(
          ...(['doubled slash', 'capital', 'escape', 'dot', 'two dots'] as const),
        ),
      },
    ),
    at: fc.nat(3),
  }),
  end: fc.constantFrom('', '', '', '/'),
});

export function pathOf({ pick, fill, respelling, end }: PathCase, resources: readonly string[]): string {
  const resource = pick === 'any' ? '/{proxy+}' : (resources[pick % resources.length] ?? '/');
  const left = [...fill];
  const segments = resource
    .slice(1)
    .split('/')
    .flatMap((text) => {
      if (text.endsWith('+}')) return left.length > 0 ? left : ['c'];
      return text.startsWith('{') ? [left.shift() ?? 'c'] : [text];
    });
  const path = `/${respelled(segments, respelling).join('/')}`;
  return path === '/' ? path : path + end;
}

function respelled(segments: readonly string[], { how, at }: Respelling): readonly string[] {
  const i = at % segments.length;
  const [before, text, after] = [segments.slice(0, i), segments[i] ?? '', segments.slice(i + 1)];
  switch (how) {
    case 'as it is':
      return segments;
    case 'doubled slash':
      return [...before, '', text, ...after];
    case 'capital':
      return [...before, text.toUpperCase(), ...after];
    case 'escape':
      return [
        ...before,
        text.replace(/^[abc]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
        ...after,
      ];
    case 'dot':
      return [...before, '.', text, ...after];
    case 'two dots':
      return [...before, text, '..', text, ...after];
  }
}

/** What a path is spelled with, for the tally. */
export const SPELLINGS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['trailing slash', /[^/]\/$/],
  ['doubled slash', /\/\//],
  ['percent-encoding', /%[0-9a-f]{2}/i],
  ['capitals', /\/[^/%]*[A-Z]/],
  ['dot segment', /\/\.{1,2}(?:\/|$)/],
];
