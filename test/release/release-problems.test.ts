import { describe, expect, it } from 'vitest';
import { releaseProblems } from '../../scripts/release-problems.ts';

const CHANGELOG =
  '# Changelog\n\n## 1.2.3\n\n### Patch Changes\n\n- abc: mended\n\n## 1.2.30\n\n## 1.2.2\n\n- first\n';
const READY = {
  tag: 'v1.2.3',
  manifest: { version: '1.2.3', repository: { url: 'git+https://example.com/a/b.git' } },
  changelog: CHANGELOG,
  notes: ['README.md', 'config.json'],
  isOnMain: true,
};

describe('a release', () => {
  it('can be made of what belongs together', () => {
    expect(releaseProblems(READY)).toEqual([]);
  });

  it.each([
    ['the tag of another version', { tag: 'v1.2.4' }],
    ['a tag without its v', { tag: '1.2.3' }],
    ['no tag', { tag: '' }],
    ['a changelog that does not know it', { changelog: CHANGELOG.replace('## 1.2.3\n', '## 1.2.33\n') }],
    [
      'a changelog that says nothing of it',
      { changelog: '# Changelog\n\n## 1.2.3\n\n## 1.2.2\n\n- first\n' },
    ],
    [
      'a changelog that has headings of it alone',
      { changelog: CHANGELOG.replace('- abc: mended', '### Minor Changes\n\n<!-- to do -->\n\n-') },
    ],
    ['a commit that is not on main', { isOnMain: false }],
    ['a commit of which nobody knows whether it is', { isOnMain: undefined }],
    ['pre-releases ahead', { notes: [...READY.notes, 'pre.json'] }],
    ['a note that changesets does not see', { notes: [...READY.notes, 'brave-lions-sing.MD'] }],
    ['a note that no version has', { notes: [...READY.notes, 'brave-lions-sing.md'] }],
    ['no repository', { manifest: { version: '1.2.3' } }],
    ['an empty repository', { manifest: { version: '1.2.3', repository: { url: '' } } }],
  ])('is not made with %s', (_, change) => {
    expect(releaseProblems({ ...READY, ...change })).toHaveLength(1);
  });

  it('is told of all that is in the way', () => {
    const wrong = {
      tag: 'v1',
      manifest: { version: '9.9.9' },
      changelog: '',
      notes: ['a.md', 'pre.json'],
      isOnMain: false,
    };
    expect(releaseProblems(wrong)).toHaveLength(6);
  });
});
