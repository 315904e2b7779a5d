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
}

/** @returns why it cannot be published, as sentences with what to do; none where it can. */
export function releaseProblems({ tag, manifest, changelog, notes }: Release): readonly string[] {
  const { version, repository } = manifest;
  const pending = notes.filter((name) => name.endsWith('.md') && name !== 'README.md');
  return [
    ...(tag === `v${version}` ? [] : [`the tag is ${tag}, and package.json has ${version}: tag v${version}`]),
    ...(notesOf(version, changelog) === '' ? [`CHANGELOG.md says nothing of ${version}`] : []),
    ...(pending.length === 0
      ? []
      : [`not in CHANGELOG.md yet: ${pending.join(', ')}; npm run release:version, and commit`]),
    ...(repository?.url
      ? []
      : [
          'package.json has no repository.url, without which npm takes no provenance: npm pkg set repository.url=…',
        ]),
  ];
}

/** What CHANGELOG.md says of a version, without its heading; empty where it says nothing. */
function notesOf(version: string, changelog: string): string {
  const parts = changelog.split(/^## /m);
  const part = parts.find((text) => text.split('\n')[0]?.trim() === version) ?? '';
  return part.slice(part.indexOf('\n') + 1).trim();
}
