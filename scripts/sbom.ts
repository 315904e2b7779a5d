// Writes dist/sbom.cdx.json: what ships, as `npm sbom` tells it (CycloneDX), without what only builds and tests. The
// same lock file gives the same bytes: no time, and a serial number that is made of the contents.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { idOf } from './bundled-packages.ts';
import { shippedPackages } from './shipped.ts';

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
}

interface Bom {
  readonly metadata: { readonly timestamp?: string; readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const text = execFileSync(
  'npm',
  ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--loglevel=error'],
  {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  },
);
const { metadata, components, dependencies, ...bom } = JSON.parse(text) as Bom;
const { timestamp: _, ...reproducible } = metadata;
const { name, version } = JSON.parse(
  execFileSync('npm', ['pkg', 'get', 'name', 'version'], { encoding: 'utf8' }),
);

const shipped = new Set(shippedPackages().map(idOf));
const kept = components.filter((one) => shipped.has(idOf(one)));
if (new Set(kept.map(idOf)).size !== shipped.size)
  throw new Error(`npm sbom tells ${kept.length} of the ${shipped.size} packages that ship`);
const root = metadata.component['bom-ref'];
const refs = new Set([root, ...kept.map((one) => one['bom-ref'])]);
const contents = {
  ...bom,
  // npm names the root after its folder.
  metadata: { ...reproducible, component: { ...metadata.component, name, version } },
  components: kept,
  dependencies: dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) })),
};
writeFileSync(
  'dist/sbom.cdx.json',
  `${JSON.stringify({ ...contents, serialNumber: serialOf(contents) }, null, 2)}\n`,
);
process.stdout.write(`dist/sbom.cdx.json: ${kept.length} packages\n`);

/** RFC 9562 §5.8: a version 8 UUID, of what the document says. */
function serialOf(document: object): string {
  const hex = createHash('sha256')
    .update(JSON.stringify({ ...document, serialNumber: '' }))
    .digest('hex');
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
  ];
  return `urn:uuid:${[...parts, hex.slice(20, 32)].join('-')}`;
}
