/**
 * Ten million cases (FUZZ_CASES) from FUZZ_SEED, another every time, in a process for each core; then a hundredth of them
 * on the built bundle. A seed that is given again gives the same cases. Shorter on every `npm test`: test/fuzz.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const CASES = Number(process.env['FUZZ_CASES'] ?? 10_000_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const PROCESSES = Number(process.env['FUZZ_PROCESSES'] ?? 2);
const AT_MOST_MS = 6 * 3_600_000;
const PROGRAM = fileURLToPath(new URL('../fuzz/run.ts', import.meta.url));
/** Of one process, when all is over. */
const MEMORY_AT_MOST_MB = 600;

async function fuzz(...more: string[]): Promise<readonly number[]> {
  const args = [
    '--import',
    'tsx',
    PROGRAM,
    '--seed',
    String(SEED),
    '--processes',
    String(PROCESSES),
    ...more,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let memory: readonly number[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text.replace(/^(?=.)/gm, '    '));
    const [, told] = /^memory at most: (.*)$/m.exec(text) ?? [];
    if (told !== undefined) memory = told.split(', ').map(Number.parseFloat);
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  return memory;
}

it(
  `${CASES} cases, seed ${SEED}`,
  async () => {
    for (const mb of await fuzz('--cases', String(CASES))) expect(mb).toBeLessThan(MEMORY_AT_MOST_MB);
  },
  AT_MOST_MS,
);

it(
  `${CASES / 100} cases on the built bundle, seed ${SEED}`,
  () => fuzz('--cases', String(CASES / 100), '--only', 'tokens,events', '--bundle').then(() => undefined),
  AT_MOST_MS,
);
