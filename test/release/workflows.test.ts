/** The workflows of GitHub Actions, as data: what they may, whose code they run, and in which order a release is made. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Readonly<
    Record<
      string,
      { uses?: string; needs?: string; permissions?: unknown; 'timeout-minutes'?: number; steps?: Step[] }
    >
  >;
}

const FOLDER = '.github/workflows';
const files = readdirSync(FOLDER);
const read = (file: string) => parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as Workflow;

describe.each(files)('%s', (file) => {
  const { permissions, jobs } = read(file);
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);

  it('may read, and no more, unless a job says so', () => {
    expect(permissions).toEqual({ contents: 'read' });
  });

  it('runs nobody else’s code but by the hash of its commit', () => {
    const uses = [...steps, ...Object.values(jobs)].flatMap((one) => one.uses ?? []);
    expect(uses.length).toBeGreaterThan(0);
    for (const one of uses) expect(one).toMatch(/^\.\/|^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });

  it('keeps no credential where a step could find it, and ends in time', () => {
    for (const { uses, with: settings } of steps)
      if (uses?.startsWith('actions/checkout@')) expect(settings?.['persist-credentials']).toBe(false);
    for (const job of Object.values(jobs))
      if (job.steps !== undefined) expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
  });

  it('puts nothing into a script that who starts it has written', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });
});

describe('a release', () => {
  const { jobs } = read('release.yml');
  const runs = (jobs['publish']?.steps ?? []).flatMap(({ run }) => run ?? []);
  const at = (text: string) => runs.findIndex((run) => run.includes(text));

  it('is published only after all that CI runs', () => {
    expect(jobs['publish']?.needs).toBe('check');
    expect(jobs['check']?.uses).toBe('./.github/workflows/ci.yml');
    const ci = Object.values(read('ci.yml').jobs).flatMap((job) => job.steps ?? []);
    expect(ci.some(({ run }) => run === 'bash .ci/run')).toBe(true);
  });

  it('says where it was made, is checked, built, and published last', () => {
    const order = [
      'npm install',
      'repository.url=',
      'scripts/release.ts',
      'npm run build',
      'npm publish --provenance',
    ];
    expect(order.map(at)).toEqual([...order.keys()]);
    expect(runs).toHaveLength(order.length);
  });

  it('alone may ask for a token of the job’s identity, which is what npm trusts', () => {
    expect(jobs['publish']?.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
  });
});
