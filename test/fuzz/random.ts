/** Numbers that look random and come from a seed alone, so that any case can be made again by its number. */
export interface Random {
  /** A whole number of 32 bits, from 0. */
  next(): number;
  /** A whole number from 0 to n − 1. */
  below(n: number): number;
  /** True once in so many times. */
  oneIn(n: number): boolean;
  pick<T>(list: readonly T[]): T;
}

/**
 * Chris Doty-Humphrey's sfc32: fast, and good enough by PractRand to not favour some cases.
 * @param seed of a run, 32 bits of it. @param stream the number of a case: each has numbers of its own.
 */
export function createRandom(seed: number, stream: number): Random {
  let a = seed | 0;
  let b = stream | 0;
  let c = Math.floor(stream / 2 ** 32) ^ 0x9e3779b9;
  let d = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  const below = (n: number): number => Math.floor((next() / 2 ** 32) * n);
  return {
    next,
    below,
    oneIn: (n) => below(n) === 0,
    pick<T>(list: readonly T[]): T {
      // Never called with an empty list.
      return list[below(list.length)] as T;
    },
  };
}
