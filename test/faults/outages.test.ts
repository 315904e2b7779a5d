/**
 * Each dependency of the authorizer, failing in each way, in front of the built function: never an Allow that was not
 * looked up, never a 401 for what is ours, an answer in time, one line that says why, and service again without a restart.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { FUNCTION_TIMEOUT_SECONDS } from '../../lambda/config/function-timeout.ts';
import { isRecord } from '../../lambda/config/record.ts';
import { selfSigned } from '../support/certificate.ts';
import { closeAtEnd } from '../support/gateway.ts';
import { DEPENDENCIES, type Dependency, type Opened } from './dependencies.ts';
import type { FaultCase } from './faults.ts';
import { type Lane, openLane, type Seen } from './lane.ts';

/** The function's own time limit leaves API Gateway with no reason, and the log without a line. */
const IN_TIME_MS = FUNCTION_TIMEOUT_SECONDS * 1000 * 0.7;
const SLOW_IN_A_LANE = 3;

/** Ours are trusted as an authority's. */
const certificate = selfSigned();
const folder = mkdtempSync(join(tmpdir(), 'faults-'));
const authority = join(folder, 'authority.pem');
writeFileSync(authority, certificate.cert);
const tls = { certificate, environment: { NODE_EXTRA_CA_CERTS: authority } };
closeAtEnd({ close: async () => rmSync(folder, { recursive: true }) });

/** Faults that take seconds go side by side, each few in a process of their own. */
function lanesOf(faults: readonly FaultCase[]): readonly (readonly FaultCase[])[] {
  const slow = faults.filter(({ isSlow }) => isSlow);
  const lanes = [faults.filter(({ isSlow }) => !isSlow)];
  for (let i = 0; i < slow.length; i += SLOW_IN_A_LANE) lanes.push(slow.slice(i, i + SLOW_IN_A_LANE));
  return lanes;
}

interface Shown extends Seen {
  readonly secrets: readonly string[];
}

async function runLane(lane: Lane, faults: readonly FaultCase[], seen: Map<string, Shown | unknown>) {
  for (const fault of faults) {
    const shown = await lane.run(fault).then(
      (one): Shown => ({ ...one, secrets: lane.secrets }),
      (error: unknown) => error,
    );
    seen.set(fault.name, shown);
  }
}

async function runAll(dependency: Dependency, opened: Opened): Promise<ReadonlyMap<string, Shown | unknown>> {
  const seen = new Map<string, Shown | unknown>();
  await Promise.all(
    lanesOf(dependency.faults).map(async (faults) => {
      const lane = await openLane(dependency, opened, dependency.isTls ? tls : {});
      await runLane(lane, faults, seen);
    }),
  );
  return seen;
}

const shown = new Map<string, ReadonlyMap<string, Shown | unknown>>();
beforeAll(async () => {
  const opened: [Dependency, Opened][] = [];
  for (const one of DEPENDENCIES) opened.push([one, await one.open()]);
  await Promise.all(opened.map(async ([one, at]) => void shown.set(one.name, await runAll(one, at))));
}, 120_000);

const count = (lines: readonly Record<string, unknown>[], name: string) =>
  lines.reduce((sum, line) => sum + (typeof line[name] === 'number' ? line[name] : 0), 0);

function check(dependency: Dependency, fault: FaultCase, seen: Shown) {
  const { before, withKeys, during, after, log, secrets } = seen;
  const isServed = fault.expects === 'served';
  if (process.env['SHOW_TIMES'])
    process.stderr.write(
      `${[dependency.name, fault.name, withKeys?.tookMs.toFixed(), ...Object.values(during).flatMap((one) => [one.verdict, one.tookMs.toFixed()])].join(' | ')}\n`,
    );

  expect(before.verdict).toBe('allow');
  if (withKeys) expect(withKeys.verdict).toBe('allow');
  expect(during.valid.verdict).toBe(isServed ? 'allow' : 'unavailable');
  expect(isServed ? ['unauthorized'] : dependency.during.forged).toContain(during.forged.verdict);
  expect(isServed ? ['unauthorized'] : dependency.during.expired).toContain(during.expired.verdict);
  for (const { tookMs } of [withKeys ?? before, ...Object.values(during)])
    expect(tookMs).toBeLessThan(IN_TIME_MS);

  const lines = log.map((line): Record<string, unknown> => {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : {};
  });
  const outages = lines.filter(({ message }) => message === 'unavailable');
  const failed = Object.values(during).filter(({ verdict }) => verdict === 'unavailable').length;
  const reason = dependency.kind === 'keys' ? 'KeyUnavailable' : 'StoreUnavailable';
  expect(outages).toHaveLength(failed);
  for (const line of outages)
    expect(line).toMatchObject({ level: 'error', reason, detail: expect.stringMatching(/./) });
  expect(count(lines, `Unavailable_${reason}`)).toBe(failed);
  for (const secret of secrets) expect(log.join('\n')).not.toContain(secret);

  expect(Object.values(after).map(({ verdict }) => verdict)).toEqual([
    'allow',
    'unauthorized',
    'unauthorized',
  ]);
}

describe.each(DEPENDENCIES)('$name', (dependency) => {
  test.each(dependency.faults)('$name', (fault) => {
    const seen = shown.get(dependency.name)?.get(fault.name);
    if (!isShown(seen)) throw seen;
    check(dependency, fault, seen);
  });
});

const isShown = (value: unknown): value is Shown => isRecord(value) && 'during' in value;
