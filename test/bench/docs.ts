/**
 * `npm run bench:docs`: the tables of docs/performance.md and its chart, from docs/performance.json and the guard's baseline.
 * With `--check`: fails when they are stale.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fill, writeOrCheck } from '../../scripts/generated.ts';
import { chartOf } from './chart.ts';
import { guardTable, headline, resultTables, targetTable } from './page.ts';
import type { Baseline } from './regression.ts';
import type { Report } from './report.ts';
import { ROOT } from './tools.ts';

const PAGE = join(ROOT, 'docs/performance.md');
const REMEDY = 'npm run bench:docs';
const read = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));

const report: Report = read('docs/performance.json');
const baseline: Baseline = read('test/bench/baseline.json');
const sections = {
  measured: headline(report),
  targets: targetTable(report),
  results: resultTables(report),
  guard: guardTable(baseline),
};
const page = Object.entries(sections).reduce(
  (text, [section, content]) => fill(text, section, content),
  readFileSync(PAGE, 'utf8'),
);
writeOrCheck(PAGE, page, REMEDY);
writeOrCheck(join(ROOT, 'docs/performance.svg'), chartOf(report), REMEDY);
