import { createRandom, type Random } from './random.ts';

/**
 * What is drawn for one case: something right, and what is done to it. Each thing that is done has random numbers of its
 * own, so that it can be left out and the rest stays: a case that fails is made smaller that way.
 */
export interface Draw {
  readonly random: Random;
  /** The names of what was done, in order. */
  readonly done: readonly string[];
  /** Whether all of what was done leaves a right token or file a right one. */
  readonly isRight: () => boolean;
  /** Once in so many times, something that may make it wrong. */
  maybe(name: string, oneIn: number, change: (random: Random) => void): void;
  /** The same with what means the same. */
  harmlessly(name: string, oneIn: number, change: (random: Random) => void): void;
  /** What was done to it before, and cannot be left out. */
  was(done: readonly string[]): void;
}

/** @param without positions in `done` that are left out. @param calm how many times less is done than usual. */
export function createDraw(
  random: Random,
  { without = NOTHING, calm = 1 }: { without?: ReadonlySet<number>; calm?: number } = {},
): Draw {
  const done: string[] = [];
  let position = 0;
  let isRight = true;
  const perhaps = (name: string, oneIn: number, change: (random: Random) => void): boolean => {
    if (!random.oneIn(oneIn * calm)) return false;
    const own = createRandom(random.next(), position);
    if (without.has(position++)) return false;
    change(own);
    done.push(name);
    return true;
  };
  return {
    random,
    done,
    isRight: () => isRight,
    maybe(name, oneIn, change) {
      if (perhaps(name, oneIn, change)) isRight = false;
    },
    harmlessly(name, oneIn, change) {
      perhaps(name, oneIn, change);
    },
    was(before) {
      isRight = false;
      position += 1;
      done.push(`before: ${before.join(', ')}`);
    },
  };
}

const NOTHING: ReadonlySet<number> = new Set();
