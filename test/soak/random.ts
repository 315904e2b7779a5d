/** Chances that come again with their seed. */

export interface Random {
  /** From 0 to 1, without 1. */
  next(): number;
  below(count: number): number;
  pick<T>(list: readonly T[]): T;
  /** Of things with weights. */
  weighted<T>(list: readonly (readonly [weight: number, value: T])[]): T;
}

/** mulberry32. @param seed an integer. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(next() * count);
  const pick = <T>(list: readonly T[]): T => {
    if (list.length === 0) throw new Error('nothing to choose from');
    return list[below(list.length)] as T;
  };
  return {
    next,
    below,
    pick,
    weighted(list) {
      let left = next() * list.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, value] of list) {
        left -= weight;
        if (left < 0) return value;
      }
      return pick(list)[1];
    },
  };
}
