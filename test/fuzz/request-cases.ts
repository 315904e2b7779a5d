/** One case: a world, a token for it, and the event that carries it; all from a seed and a number. */
import { createDraw, type Draw } from './draw.ts';
import { drawEvent } from './event-cases.ts';
import { createRandom } from './random.ts';
import { drawToken } from './token-cases.ts';
import type { World } from './worlds.ts';

/** What is mostly altered: the token, or the event around a token that mostly is right. */
export type RequestTarget = 'tokens' | 'events';

export interface RequestCase {
  readonly world: World;
  readonly event: unknown;
  /** What was done to it. */
  readonly done: readonly string[];
  /** Nothing that was done makes it wrong. */
  readonly isRight: boolean;
  /** It is asked again, as often as it takes to be remembered. */
  readonly isRepeated: boolean;
}

export interface CaseOf {
  readonly seed: number;
  readonly number: number;
  readonly worlds: readonly World[];
  /** Positions of what was done that are left out. */
  readonly without?: ReadonlySet<number>;
}

export function requestCase(target: RequestTarget, { seed, number, worlds, without }: CaseOf): RequestCase {
  const random = createRandom(seed, number * 3 + (target === 'tokens' ? 0 : 1));
  const world = pickWorld(worlds, random.next() / 2 ** 32);
  const which = random.below(world.verifiers.length);
  const options = without === undefined ? {} : { without };
  const calm = (times: number): Draw => createDraw(random, { ...options, calm: times });
  // Of three in four, only the one or the other is altered, and of half of those little: else hardly any would get far.
  const pace = random.pick([0.25, 0.5, 1, 2]);
  const inToken = calm(target === 'tokens' ? pace : 24);
  const token = drawToken(world, which, inToken);
  const offset = inToken.done.length;
  const shifted = without && new Set([...without].map((position) => position - offset));
  const inEvent = createDraw(random, {
    calm: target === 'events' ? pace : 24,
    ...(shifted && { without: shifted }),
  });
  const event = drawEvent(world, which, token, inEvent);
  const isRepeated = random.oneIn(4);
  const isRight = inToken.isRight() && inEvent.isRight();
  return { world, event, done: [...inToken.done, ...inEvent.done], isRight, isRepeated };
}

const sums = new Map<readonly World[], number>();

function pickWorld(worlds: readonly World[], share: number): World {
  const sum = sums.get(worlds) ?? worlds.reduce((total, { weight }) => total + weight, 0);
  sums.set(worlds, sum);
  let left = share * sum;
  for (const world of worlds) {
    left -= world.weight;
    if (left < 0) return world;
  }
  return worlds[0] as World;
}
