import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { heapAfter } from './memory.ts';

const folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('reads the heap before, on the way and after', async () => {
  const { rows } = await heapAfter(
    { node: process.execPath, folder },
    { tokens: 80, credentials: 40, folder },
  );
  const of = (id: string): number => rows.find((row) => row.id === id)?.values[0] ?? Number.NaN;
  expect(of('growth')).toBeCloseTo(of('all') - of('warm'));
  expect(of('warm')).toBeGreaterThan(1);
}, 120_000);
