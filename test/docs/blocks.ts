/** The fenced blocks of a page, with what the line before says of them. */

export interface Block {
  /** The page's path from the root. */
  readonly page: string;
  /** Of the fence, from 1. */
  readonly line: number;
  /** The word behind the fence; empty without one. */
  readonly language: string;
  /** What the HTML comment before the fence says, without its dashes. */
  readonly marker: string | undefined;
  readonly text: string;
}

/** What is wrong, and where. */
export interface Problem {
  /** `docs/page.md:12` */
  readonly at: string;
  readonly code: string;
  readonly text: string;
}

export const placeOf = ({ page, line }: Pick<Block, 'page' | 'line'>): string => `${page}:${line}`;

const FENCE = /^( *)(`{3,}|~{3,})\s*([\w-]*)\s*$/;
const MARKER = /^\s*<!--\s*(.*?)\s*-->\s*$/;

/**
 * Reads what CommonMark calls fenced code blocks; those of a list item are moved to the left.
 * @throws Error for a fence without an end.
 * @see https://spec.commonmark.org/0.31.2/#fenced-code-blocks
 */
export function blocksIn(page: string, text: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  let before = '';
  for (let i = 0; i < lines.length; i += 1) {
    const [, indent = '', fence, language = ''] = FENCE.exec(lines[i] ?? '') ?? [];
    if (fence === undefined) {
      if (lines[i]?.trim()) before = lines[i] ?? '';
      continue;
    }
    const end = lines.findIndex((line, at) => at > i && line.trim() === fence);
    if (end < 0) throw new Error(`${page}:${i + 1}: this fence has no end`);
    const inside = lines
      .slice(i + 1, end)
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
    blocks.push({
      page,
      line: i + 1,
      language,
      marker: MARKER.exec(before)?.[1],
      text: `${inside.join('\n')}\n`,
    });
    [before, i] = ['', end];
  }
  return blocks;
}
