import { type CST, Parser } from 'yaml';

/**
 * Whether a YAML text has more levels than that. The library reads them by recursion: some 10,000 brackets end the process
 * (V8 has no memory left for a regular expression then, which nothing catches), and 200 keys within keys (`? ? ?`) take
 * minutes. Its tokenizer has neither, so that is asked first.
 */
export function hasMoreLevels(text: string, most: number): boolean {
  let level: readonly CST.Token[] = [...new Parser().parse(text)];
  for (let depth = 0; depth <= most && level.length > 0; depth++) level = level.flatMap(tokensIn);
  return level.length > 0;
}

function tokensIn(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat());
}

/** Whether a value has more levels. One that holds itself has no last. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => isDeeper(one, levels - 1));
}
