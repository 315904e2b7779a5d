/** Links from page to page, and within one. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Problem } from './blocks.ts';
import { ROOT } from './pages.ts';

/** Inline links, pictures and references; not the text of code. */
const LINK = /\]\(([^)\s]+)(?: "[^"]*")?\)|^\[[^\]]+\]:\s*(\S+)/gm;

/** @returns links to files and headings that there are not. Other sites are not asked. */
export function linkProblems(page: string, text: string): readonly Problem[] {
  const prose = withoutCode(text);
  return [...prose.matchAll(LINK)].flatMap((match) => {
    const target = match[1] ?? match[2] ?? '';
    if (/^[a-z]+:/.test(target)) return [];
    const at = `${page}:${prose.slice(0, match.index).split('\n').length}`;
    const why = problemOf(page, target);
    return why ? [{ at, code: why, text: target }] : [];
  });
}

/** @returns the pages that a page links to. */
export const linkedPages = (page: string, text: string): readonly string[] =>
  [...withoutCode(text).matchAll(LINK)].flatMap((match) => {
    const [path = ''] = (match[1] ?? match[2] ?? '').split('#');
    return path.endsWith('.md') && !/^[a-z]+:/.test(path) ? [normalize(join(dirname(page), path))] : [];
  });

function problemOf(page: string, target: string): string | undefined {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), path));
  if (file.startsWith('..')) return 'outside';
  if (!existsSync(join(ROOT, file))) return 'no such file';
  if (anchor === undefined) return undefined;
  if (!file.endsWith('.md') || statSync(join(ROOT, file)).isDirectory()) return 'no anchors there';
  return anchorsOf(readFileSync(join(ROOT, file), 'utf8')).has(anchor) ? undefined : 'no such heading';
}

/** Lines stay where they are. */
const withoutCode = (text: string): string =>
  text
    .replace(/^( *)(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1\2 *$/gm, (block) => block.replace(/[^\n]/g, ''))
    .replace(/`[^`\n]+`/g, (code) => ' '.repeat(code.length));

/** As GitHub makes them: lower case, without signs, spaces as dashes; the second of a name gets -1. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  const bare = text.replace(/^( *)(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1\2 *$/gm, '');
  for (const [, heading = ''] of bare.matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const shown = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const slug = shown
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    let [name, times] = [slug, 0];
    while (anchors.has(name)) name = `${slug}-${++times}`;
    anchors.add(name);
  }
  for (const [, name = ''] of bare.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(name);
  return anchors;
}
