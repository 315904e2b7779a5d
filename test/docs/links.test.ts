import { describe, expect, it, test } from 'vitest';
import { anchorsOf, linkedPages, linkProblems } from './links.ts';
import { pages, readPage } from './pages.ts';

test.each([...pages(), 'CHANGELOG.md'])('%s links to what there is', (page) => {
  expect(linkProblems(page, readPage(page))).toEqual([]);
});

test('every page is found from the README', () => {
  const found = new Set(['README.md']);
  // What is added while it goes is gone through too.
  for (const page of found) for (const linked of linkedPages(page, readPage(page))) found.add(linked);
  expect(pages().filter((page) => !found.has(page))).toEqual([]);
});

describe('a link', () => {
  const page = 'docs/page.md';
  const codes = (text: string) => linkProblems(page, text).map(({ at, code }) => `${at} ${code}`);

  it.each([
    ['[a](nowhere.md)', 'docs/page.md:1 no such file'],
    ['text\n![a](console/nothing.png)', 'docs/page.md:2 no such file'],
    ['[a](../../etc/passwd)', 'docs/page.md:1 outside'],
    ['[a](keys.md#nothing)', 'docs/page.md:1 no such heading'],
    ['[a](../LICENSE#nothing)', 'docs/page.md:1 no anchors there'],
    ['[a]: nowhere.md', 'docs/page.md:1 no such file'],
  ])('%s is found', (text, wanted) => {
    expect(codes(text)).toEqual([wanted]);
  });

  it.each([
    '[a](keys.md#when-a-source-is-down)',
    '[a](../LICENSE)',
    '[a](decisions)',
    '[a](https://example.com/nowhere.md)',
    '`[a](nowhere.md)`',
    '```sh\n[a](nowhere.md)\n```',
  ])('%s is good', (text) => {
    expect(codes(text)).toEqual([]);
  });
});

test('headings have the anchors that GitHub gives them', () => {
  const text =
    '# `init`: the first\n## A, b & C?\n## Again\n```\n# no heading\n```\n### Again\n## [Link](x.md) it\n';
  expect([...anchorsOf(text)]).toEqual(['init-the-first', 'a-b--c', 'again', 'again-1', 'link-it']);
});
