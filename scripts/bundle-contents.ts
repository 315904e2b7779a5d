// Writes which packages are in each bundle (docs/bundles.json) and their licences (THIRD-PARTY-NOTICES.txt). With
// --check: fails when they are stale, so that a package that is new in a bundle is looked at before it ships, and in
// both when a licence is not one of those below, or has no text.
import { type BundledPackage, bundledPackages, idOf } from './bundled-packages.ts';
import { writeOrCheck } from './generated.ts';

/** Those that ask for no more than their text. */
const ALLOWED = new Set(['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD']);

/** Packages that name their licence and come without its text: of the same repository, one that has it. */
const TEXT_OF: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-http': '@aws-sdk/core',
  '@aws-sdk/credential-provider-login': '@aws-sdk/core',
  '@aws-sdk/nested-clients': '@aws-sdk/core',
};

const bundles = bundledPackages();
const packages = [...new Map([...bundles.values()].flat().map((one) => [idOf(one), one])).values()].sort(
  (one, other) => (idOf(one) < idOf(other) ? -1 : 1),
);

const problems = packages.flatMap((one) => [
  ...(ALLOWED.has(one.licence) ? [] : [`${idOf(one)}: ${one.licence} is no licence that was agreed to`]),
  ...(textsOf(one).length > 0 ? [] : [`${idOf(one)}: has no text of its licence`]),
]);
// A run that saw nothing proves nothing.
if (bundles.size < 6 || packages.length < 10)
  problems.push(`only ${packages.length} packages in ${bundles.size} bundles`);

const contents = `${JSON.stringify(
  Object.fromEntries([...bundles].map(([folder, ones]) => [folder, ones.map(idOf)])),
  null,
  2,
)}\n`;
const remedy = 'npx tsx scripts/bundle-contents.ts, once you have looked at what is new';
writeOrCheck('docs/bundles.json', contents, remedy);
writeOrCheck('THIRD-PARTY-NOTICES.txt', notices(), remedy);

for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;

function textsOf({ name, texts }: BundledPackage): readonly string[] {
  if (texts.length > 0) return texts;
  return packages.find((other) => other.name === TEXT_OF[name])?.texts ?? [];
}

/** Each text once, below the packages that it is for. */
function notices(): string {
  const holders = new Map<string, string[]>();
  for (const one of packages) {
    const text = textsOf(one).join('\n\n');
    holders.set(text, [...(holders.get(text) ?? []), `${idOf(one)} (${one.licence})`]);
  }
  const sections = [...holders].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  return `What dist/ has of other packages, with their licences.\n\n${sections.join(`\n${'-'.repeat(78)}\n\n`)}`;
}
