import type { AuthorizerResult } from './authorizer-result.ts';

/**
 * The authorizer cache of a stage: answers of the function, never its errors. The policy is kept, not the
 * verdict, since it holds for other methods than the one it was asked for.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
export interface AuthorizerCache {
  get(key: string): AuthorizerResult | undefined;
  /**
   * Call it *before* the function is invoked, and the returned function with its answer: an answer that was
   * asked for before a flush may rest on what the flush was for, and is then not kept.
   * @param seconds how long to keep it, from the moment of the answer; at 0 nothing is kept.
   */
  reserve(key: string, seconds: number): (result: AuthorizerResult) => void;
  /** As `FlushStageAuthorizersCache` does. */
  flush(): void;
}

export interface AuthorizerCacheOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The oldest answers make room for new ones. @default 10,000 */
  readonly maxEntries?: number;
}

export function createAuthorizerCache({ now, maxEntries = 10_000 }: AuthorizerCacheOptions): AuthorizerCache {
  const entries = new Map<string, { readonly result: AuthorizerResult; readonly expiresAt: number }>();
  let generation = 0;
  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      if (now() < entry.expiresAt) return entry.result;
      entries.delete(key);
      return undefined;
    },
    reserve(key, seconds) {
      const reservedIn = generation;
      return (result) => {
        if (seconds <= 0 || reservedIn !== generation) return;
        entries.delete(key);
        entries.set(key, { result, expiresAt: now() + seconds * 1000 });
        const [oldest] = entries.keys();
        if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
      };
    },
    flush() {
      generation++;
      entries.clear();
    },
  };
}
