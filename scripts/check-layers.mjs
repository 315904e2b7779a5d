// Holds the imports against .dependency-cruiser.cjs. It also fails when it saw too little: with a TypeScript
// that dependency-cruiser cannot use, "no violations" only means that nothing was read.
import { execFileSync } from 'node:child_process';

const folders = ['lambda', 'lib', 'bin'];
const output = execFileSync(
  process.execPath,
  [
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    ...folders,
    '--config',
    '--output-type',
    'json',
  ],
  { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
);
const { modules, summary } = JSON.parse(output);
const own = modules.filter(({ source }) => folders.some((folder) => source.startsWith(`${folder}/`)));
for (const { rule, from, to } of summary.violations)
  process.stderr.write(`${rule.severity} ${rule.name}: ${from} → ${to}\n`);
const withImports = own.filter(({ dependencies }) => dependencies.length > 0);
if (own.length < 50 || withImports.length < 40) {
  process.stderr.write(
    `only ${own.length} modules seen, ${withImports.length} with imports: this run proves nothing\n`,
  );
  process.exit(1);
}
process.stdout.write(`${own.length} modules, ${summary.error} violations\n`);
process.exit(summary.error === 0 ? 0 : 1);
