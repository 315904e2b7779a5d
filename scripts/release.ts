// Whether what is here can be published as a tag says: `tsx scripts/release.ts v1.2.3`. Says all that is in the way, and publishes
// nothing; .github/workflows/release.yml asks it before it does.
import { readdirSync, readFileSync } from 'node:fs';
import { isOnMain } from './on-main.ts';
import { releaseProblems } from './release-problems.ts';

const problems = releaseProblems({
  tag: process.argv[2] ?? '',
  manifest: JSON.parse(readFileSync('package.json', 'utf8')),
  changelog: readFileSync('CHANGELOG.md', 'utf8'),
  notes: readdirSync('.changeset'),
  isOnMain: isOnMain('.'),
});
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
