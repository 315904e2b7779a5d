/** The workflows of GitHub Actions, as data: what they may, whose code they run, and in which order a release is made. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly id?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Readonly<
    Record<
      string,
      {
        uses?: string;
        needs?: string;
        permissions?: unknown;
        outputs?: Readonly<Record<string, string>>;
        'timeout-minutes'?: number;
        steps?: Step[];
      }
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

describe('a job with an identity', () => {
  const withIdentity = files.flatMap((file) =>
    Object.entries(read(file).jobs).flatMap(([name, job]) =>
      JSON.stringify(job.permissions ?? {}).includes('id-token') ? [{ file, name, job }] : [],
    ),
  );

  it('is the one that publishes, and no other', () => {
    expect(withIdentity.map(({ file, name }) => `${file} ${name}`)).toEqual(['release.yml publish']);
    expect(withIdentity[0]?.job.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
  });

  it.each(withIdentity)('runs no code of the repository or its dependencies: $file $name', ({ job }) => {
    expect(job.uses).toBeUndefined();
    const used = (job.steps ?? []).flatMap(({ uses }) => uses?.split('@')[0] ?? []);
    expect(used).toEqual(['actions/setup-node', 'actions/download-artifact']);
    const programs = (job.steps ?? []).flatMap(({ run }) => run?.trim().split(/\s*(?:\||&&|;|\n)\s*/) ?? []);
    expect(programs.map((program) => program.split(' ').slice(0, 2).join(' '))).toEqual([
      'test "$(ls',
      'cd artifact',
      'echo "$SHA256',
      'sha256sum --check',
      'npm publish',
    ]);
  });
});

describe('a release', () => {
  const { jobs } = read('release.yml');
  const stepsOf = (job: string) => jobs[job]?.steps ?? [];
  const runsOf = (job: string) => stepsOf(job).flatMap(({ run }) => run ?? []);
  const orderIn = (job: string, texts: readonly string[]) =>
    texts.map((text) => runsOf(job).findIndex((run) => run.includes(text)));

  it('is made and published only after all that CI runs', () => {
    expect(jobs['pack']?.needs).toBe('check');
    expect(jobs['publish']?.needs).toBe('pack');
    expect(jobs['check']?.uses).toBe('./.github/workflows/ci.yml');
    const ci = Object.values(read('ci.yml').jobs).flatMap((job) => job.steps ?? []);
    expect(ci.some(({ run }) => run === 'bash .ci/run')).toBe(true);
  });

  it('says where it was made, is checked, built, packed and hashed', () => {
    const order = [
      'npm install',
      'repository.url=',
      'scripts/release.ts',
      'npm run build',
      'npm pack',
      'sha256sum',
    ];
    expect(orderIn('pack', order)).toEqual([...order.keys()]);
    expect(runsOf('pack')).toHaveLength(order.length);
  });

  it('has the history that tells whether the tag is on main', () => {
    const checkout = stepsOf('pack').find(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkout?.with?.['fetch-depth']).toBe(0);
  });

  it('is published last, as the very file that was packed', () => {
    const order = ['sha256sum --check', 'npm publish ./artifact/package.tgz --provenance'];
    expect(orderIn('publish', order)).toEqual([...order.keys()]);
    expect(jobs['pack']?.outputs?.['sha256']).toMatch(/^\$\{\{ steps\.tarball\.outputs\.sha256 \}\}$/);
    expect(stepsOf('pack').find(({ id }) => id === 'tarball')?.run).toContain('GITHUB_OUTPUT');
    const check = stepsOf('publish').find(({ run }) => run?.includes('--check'));
    expect(check?.env?.['SHA256']).toMatch(/^\$\{\{ needs\.pack\.outputs\.sha256 \}\}$/);
  });
});

describe('the check of what was packed', () => {
  const { jobs } = read('release.yml');
  const stepOf = (job: string, text: string) => jobs[job]?.steps?.find(({ run }) => run?.includes(text))?.run;

  it.each([
    ['the same file', { 'package.tgz': 'packed' }, 0],
    ['another one', { 'package.tgz': 'something else' }, 1],
    ['the same with what npm would obey', { 'package.tgz': 'packed', '.npmrc': 'strict-ssl=false' }, 1],
    ['none', {}, 1],
  ])('of %s ends with its code', (_, found, status) => {
    const folder = mkdtempSync(join(tmpdir(), 'release-'));
    try {
      const output = join(folder, 'output');
      const run = (script: string | undefined, env: NodeJS.ProcessEnv) =>
        spawnSync('bash', ['-e', '-o', 'pipefail', '-c', script ?? 'exit 9'], {
          cwd: folder,
          env: { ...process.env, ...env },
        });
      writeFileSync(join(folder, 'package.tgz'), 'packed');
      expect(run(stepOf('pack', 'GITHUB_OUTPUT'), { GITHUB_OUTPUT: output }).status).toBe(0);
      const SHA256 = /^sha256=([0-9a-f]{64})\n$/.exec(readFileSync(output, 'utf8'))?.[1];
      expect(SHA256).toBeDefined();
      mkdirSync(join(folder, 'artifact'));
      for (const [name, text] of Object.entries(found)) writeFileSync(join(folder, 'artifact', name), text);
      expect(run(stepOf('publish', '--check'), { SHA256 }).status).toBe(status);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
