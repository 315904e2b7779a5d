/** Configuration files as text: spellings of the same data, and texts that are hardly any. */
import { stringify } from 'yaml';
import type { Draw } from './draw.ts';
import type { Random } from './random.ts';

/** What a text must come to: what the data comes to, that or a refusal, or nothing that is known. */
export type Meaning = 'same' | 'same or refused' | 'any';

export interface ConfigText {
  readonly text: string;
  readonly meaning: Meaning;
}

const TAGS = [
  '!!map',
  '!!seq',
  '!!str',
  '!!set',
  '!!omap',
  '!!pairs',
  '!!binary',
  '!!timestamp',
  '!!int',
  '!env',
  '!',
  '!!js/function',
  '!<x>',
];

export function drawText(data: unknown, draw: Draw): ConfigText {
  let text = JSON.stringify(data);
  let meaning: Meaning = 'same';
  const atMost = (next: Meaning) => {
    if (meaning === 'same' || next === 'any') meaning = next;
  };
  let isTyped = false;
  draw.maybe('required claims of another type', 12, () => {
    const typed = typedClaims(data);
    if (typed === undefined) return;
    atMost('same or refused');
    text = text.replace(typed.plain, () => typed.text);
    isTyped = true;
  });
  draw.harmlessly('as YAML', 2, (random) => {
    if (isTyped) return;
    text = stringify(data, {
      ...{ aliasDuplicateObjects: false, lineWidth: random.pick([0, 80]) },
      ...{ collectionStyle: random.pick(['any', 'block', 'flow'] as const), indent: random.pick([1, 2, 4]) },
      ...{ defaultStringType: random.pick(['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'] as const) },
    });
  });
  draw.harmlessly('around it', 6, (random) => {
    text = random.pick([
      `---\n${text}`,
      `# a comment\n${text}`,
      `${text}\n...\n`,
      `\ufeff${text}`,
      `${text}\n# ${'x'.repeat(200)}`,
      `\n\n${text}\n\n`,
    ]);
  });
  draw.maybe('a tag', 8, (random) => {
    const tag = random.pick(TAGS);
    // A number with it is a text that looks like one, and meant as that.
    atMost(tag === '!!str' ? 'any' : 'same or refused');
    text = tagged(text, tag, random);
  });
  draw.maybe('a directive', 24, (random) => {
    atMost('same or refused');
    text = `${random.pick(['%YAML 1.1', '%YAML 1.2', '%YAML 1.3', '%YAML 2.0', '%TAG ! tag:x,2026:', '%FOO bar', '%TAG !! tag:y:'])}\n---\n${text}`;
  });
  draw.maybe('an anchor', 16, (random) => {
    atMost('same or refused');
    text = anchored(text, random);
  });
  draw.maybe('other characters', 6, (random) => {
    atMost('any');
    for (let i = random.below(4); i >= 0; i--) text = altered(text, random);
  });
  draw.maybe('a trap', 100, (random) => {
    atMost('any');
    text = trapped(text, random);
  });
  return { text, meaning };
}

/** A list of claims as YAML's set, a mapping as its ordered one. */
function typedClaims(data: unknown): { plain: string; text: string } | undefined {
  const { requiredClaims: claims } = (data as { jwt?: { requiredClaims?: unknown } } | null)?.jwt ?? {};
  if (typeof claims !== 'object' || claims === null || Object.keys(claims).length === 0) return undefined;
  const plain = JSON.stringify(claims);
  if (Array.isArray(claims)) return { plain, text: ` !!set {${plain.slice(1, -1)}}` };
  const entries = Object.entries(claims).map((entry) => entry.map((part) => JSON.stringify(part)).join(': '));
  return { plain, text: ` !!omap [${entries.join(', ')}]` };
}

/** Places where a value begins. */
const VALUE = /(: |- |\[|:)(?=["'{[A-Za-z0-9])/g;

function atValue(text: string, random: Random, inserted: string): string {
  const places = [...text.matchAll(VALUE)];
  if (places.length === 0) return `${inserted} ${text}`;
  const { index, 0: mark } = random.pick(places);
  const at = index + mark.length;
  return `${text.slice(0, at)}${mark.endsWith(' ') ? '' : ' '}${inserted} ${text.slice(at)}`;
}

const tagged = (text: string, tag: string, random: Random): string => {
  // Where a set would be taken for a mapping, and require nothing.
  const [before, after, more] = text.split(/("?requiredClaims"?: ?)/);
  if (after !== undefined && more !== undefined && random.oneIn(2)) return `${before}${after} ${tag} ${more}`;
  return atValue(text, random, tag);
};

function anchored(text: string, random: Random): string {
  const with1 = atValue(text, random, '&a');
  return random.oneIn(2) ? with1 : atValue(with1, random, random.pick(['&b', '&a', '&ä', '&']));
}

function altered(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const [before, after] = [text.slice(0, at), text.slice(at)];
  switch (random.below(9)) {
    case 0:
      return before;
    case 1:
      return `${before}${after.slice(1)}`;
    case 2:
      return `${before}${random.pick(['\n', '\t', ' ', ':', '-', '&', '*', '!', '|', '>', '%', '@', '`', '"', "'", '{', '}', '[', ']', ',', '#', '?', '~', '\0', '\r', '\\'])}${after}`;
    case 3:
      return `${before}${random.pick(['\n  ', '\n\t', '*a', '&a ', '<<: ', '? ', '--- ', '\n...\n', '!!set ', '.inf', '.nan', '0x10', '0o7', '1_000', 'yes', 'null', '\u2028', '\u0085', '\ufeff', '\ud800', '|+\n ', '>-\n '])}${after}`;
    case 4:
      return `${before}${text.slice(random.below(text.length + 1), random.below(text.length + 1))}${after}`;
    case 5:
      return text.replaceAll('\n', '\r\n');
    case 6:
      return text.replaceAll('  ', '\t');
    case 7:
      return `${text}\n${text}`;
    default:
      return `${before}${String.fromCharCode(random.below(0x10000))}${after}`;
  }
}

function trapped(text: string, random: Random): string {
  const depth = random.pick([50, 500, 5_000, 20_000]);
  const levels = random.pick([5, 9, 30]);
  const bomb = Array.from({ length: levels }, (_, i) =>
    i === 0
      ? 'a0: &a0 [x, x, x, x]'
      : `a${i}: &a${i} [${Array(8)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
  );
  const cyclic =
    '{jwt: {jwksUri: "https://id.example.com/jwks", issuer: a, audience: b, jwksSnapshot: {fetchedAt: "2026-11-22T00:00:00.000Z", keys: &k [*k]}}}';
  switch (random.below(10)) {
    case 0:
      return '['.repeat(depth);
    case 1:
      return `${'{a: '.repeat(depth)}1${'}'.repeat(depth)}`;
    case 2:
      return `jwt:\n${Array.from({ length: Math.min(depth, 1_000) }, (_, i) => `${' '.repeat(i + 1)}a:`).join('\n')}`;
    case 3:
      return `${'- '.repeat(depth)}a`;
    case 4:
      return `${bomb.join('\n')}\n${text.startsWith('{') ? `jwt: *a${levels - 1}` : text}`;
    case 5:
      return cyclic;
    case 6:
      return `jwt: &a {requiredClaims: *a}`;
    case 7:
      return `${'? '.repeat(Math.min(depth, 2_000))}a`;
    case 8:
      return `${text}\n${'#'.repeat(depth)}\n${'\n'.repeat(depth)}`;
    default:
      return `<<: [*a, *b]\n${text}`;
  }
}
