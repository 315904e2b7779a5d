import type { Terminal } from './terminal.ts';

/** How lines for a person are marked. */
export interface Style {
  readonly isUnicode: boolean;
  readonly hasColours: boolean;
}

/** `good` as it should be, `bad` not, `careful` fine so far, `open` nobody knows, `quiet` nothing was asked. */
export type Tone = 'good' | 'bad' | 'careful' | 'open' | 'quiet';

const MARKS: Readonly<Record<Tone, readonly [unicode: string, plain: string, colour: Colour]>> = {
  good: ['✓', 'ok', 'green'],
  bad: ['✗', 'NO', 'red'],
  careful: ['!', '! ', 'yellow'],
  open: ['?', '? ', 'yellow'],
  quiet: ['·', '- ', 'dim'],
};

/** One column wide in Unicode, two without. */
export function markOf(tone: Tone, { isUnicode, hasColours }: Style): string {
  const [unicode, plain, colour] = MARKS[tone];
  return paint(isUnicode ? unicode : plain, colour, hasColours);
}

/** SGR parameters (ECMA-48 §8.3.117), and what ends each. */
const COLOURS = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;
export type Colour = keyof typeof COLOURS;

export function paint(text: string, colour: Colour, hasColours: boolean): string {
  const [begin, end] = COLOURS[colour];
  return hasColours ? `\u001b[${begin}m${text}\u001b[${end}m` : text;
}

/** Of what a terminal's `out` writes. */
export const styleOf = ({ isOutWatched = false, locale = '', hasColours = false }: Terminal): Style => ({
  isUnicode: isOutWatched && /utf-?8/i.test(locale),
  hasColours,
});

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Whether colours are wanted: on a screen, unless the environment says otherwise; `NO_COLOR` wins.
 * @see https://no-color.org
 */
export function wantsColours(isScreen: boolean, environment: Environment): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isScreen && TERM !== 'dumb';
}
