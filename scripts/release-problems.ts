/** What a release is made of. */
export interface Release {
  /** Such as `v1.2.3`. */
  readonly tag: string;
  /** package.json. */
  readonly manifest: { readonly version: string; readonly repository?: { readonly url?: string } };
  /** CHANGELOG.md. */
  readonly changelog: string;
  /** The names of the files in `.changeset`. */
  readonly notes: readonly string[];
  /** Whether the commit is one of origin/main's; undefined: that could not be told. */
  readonly isOnMain: boolean | undefined;
}

/** @returns why it cannot be published, as sentences with what to do; none where it can. */
export function releaseProblems({ tag, manifest, changelog, notes, isOnMain }: Release): readonly string[] {
  const { version, repository } = manifest;
  const problems: readonly (string | false)[] = [
    tag !== `v${version}` && `the tag is ${tag}, and package.json has ${version}: tag v${version}`,
    isOnMain === undefined &&
      'nobody can tell whether the commit is on main: fetch origin/main with its history',
    isOnMain === false && 'the commit is not on origin/main: merge it, and tag what is there',
    !saysSomething(partOf(version, changelog)) && `CHANGELOG.md says nothing of ${version}`,
    ...pendingIn(notes),
    notes.includes('pre.json') &&
      '.changeset/pre.json: the next version is a pre-release: npx changeset pre exit',
    !repository?.url &&
      'package.json has no repository.url, without which npm takes no provenance: npm pkg set repository.url=…',
  ];
  return problems.filter((problem) => problem !== false);
}

/** Changesets reads no other ending than `.md`, and would leave a note with one behind. */
function pendingIn(notes: readonly string[]): readonly string[] {
  const pending = notes.filter((name) => /\.md$/i.test(name) && name !== 'README.md');
  if (pending.length === 0) return [];
  return [
    `not in CHANGELOG.md yet: ${pending.join(', ')}; npm run release:version, and commit (it takes names in .md alone)`,
  ];
}

/** What CHANGELOG.md has of a version, without its heading; empty where it has nothing. */
function partOf(version: string, changelog: string): string {
  const parts = changelog.split(/^## /m);
  const part = parts.find((text) => text.split('\n')[0]?.trim() === version) ?? '';
  return part.slice(part.indexOf('\n') + 1);
}

/** Headings, comments and bullets with nothing behind them say nothing. */
const saysSomething = (part: string): boolean =>
  part
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .split('\n')
    .some((line) => !/^\s*#/.test(line) && /[\p{L}\p{N}]/u.test(line));
