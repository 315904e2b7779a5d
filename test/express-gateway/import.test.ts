/** A real Express Gateway's consumers, taken over: what it decides, we decide. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { configFile, runCommand, start, temporaryFolder } from '../e2e/command.ts';
import { builtPackage } from '../support/gateway.ts';
import type { ExpressGateway } from './gateway.ts';
import { SHARED_SECRET, startOriginal, statusOf, tokenFor } from './original.ts';
import { type Population, populate, type Row } from './population.ts';

const CONFIG = {
  jwt: { secretOrPublicKey: SHARED_SECRET, requireExp: false },
  authorizerCacheSeconds: 0,
  credentialCacheSeconds: 0,
};

let original: ExpressGateway;
let population: Population;
/** The original's decisions, by keyId. */
let decisions: Readonly<Record<string, number>>;
let data = '';

beforeAll(async () => {
  original = await startOriginal();
  population = await populate(original.adminUrl);
  decisions = await decide(original.url);
  data = join(await temporaryFolder(), 'data');
});

const importInto = (folder: string, ...more: readonly string[]) =>
  runCommand('import', 'express-gateway', '--admin-url', original.adminUrl, '--data', folder, ...more);

/** What a gateway answers to a token of each credential. */
async function decide(url: string): Promise<Readonly<Record<string, number>>> {
  const answers: Record<string, number> = {};
  for (const keyId of [...population.keyIds, ...population.ofDeleted]) {
    answers[keyId] = await statusOf(`${url}/any`, tokenFor(keyId));
  }
  return answers;
}

/** The same of our gateway on a data folder. */
async function decideHere(folder: string): Promise<Readonly<Record<string, number>>> {
  const gateway = await start(['--config', await configFile(CONFIG), '--data', folder]);
  try {
    return await decide(gateway.url);
  } finally {
    await gateway.stop();
  }
}

/** All that is in a data folder, without times. */
async function recordsIn(folder: string): Promise<readonly Row[]> {
  const listed: Row[] = [];
  for (const group of ['users', 'apps', 'credentials']) {
    const { stdout } = await runCommand(group, 'list', '--json', '--data', folder);
    for (const { createdAt: _, updatedAt: __, ...row } of JSON.parse(stdout) as Row[]) listed.push(row);
  }
  return listed.sort((a, b) => String(a['id']).localeCompare(String(b['id'])));
}

/** The original's decisions, but for what we deny on purpose. */
const expected = () => ({
  ...decisions,
  ...Object.fromEntries(population.ofActiveAppsOfInactiveUsers.map((keyId) => [keyId, 401])),
});

describe('the original', () => {
  it('decides both ways, and lets in active apps of inactive users', () => {
    const all = Object.values(decisions);
    expect(new Set(all)).toEqual(new Set([200, 401]));
    expect(all.filter((status) => status === 200).length).toBeGreaterThan(100);
    expect(all.filter((status) => status === 401).length).toBeGreaterThan(50);
    for (const keyId of population.ofDeleted) expect(decisions[keyId]).toBe(401);
    expect(population.ofActiveAppsOfInactiveUsers.length).toBeGreaterThan(0);
    const lettingIn = population.ofActiveAppsOfInactiveUsers.filter((keyId) => decisions[keyId] === 200);
    expect(lettingIn.length).toBeGreaterThan(0);
  });

  it('ends its lists early: why one page is asked for', async () => {
    const seen = new Set<unknown>();
    let start: unknown = 0;
    do {
      const response = await fetch(`${original.adminUrl}/apps?start=${String(start)}&count=50`);
      const { apps, nextKey } = (await response.json()) as { apps: Row[]; nextKey: unknown };
      for (const { id } of apps) seen.add(id);
      start = nextKey;
    } while (start !== 0);
    expect(seen.size).toBeLessThan(50);
  });
});

describe('import express-gateway', () => {
  it('shows first what it would do', async () => {
    const { code, stdout } = await importInto(data, '--dry-run', '--json');
    expect({ code, report: JSON.parse(stdout) }).toMatchObject({
      code: 0,
      report: { dryRun: true, users: { created: 200 }, apps: { created: 50 }, credentials: { created: 300 } },
    });
  });

  it('takes over 200 users, 50 apps and 300 credentials', async () => {
    const { code, stdout, stderr } = await importInto(data, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      scopes: { created: 3 },
      ...{ users: { created: 200, failed: 0 }, apps: { created: 50, failed: 0 } },
      ...{ credentials: { created: 300, failed: 0 }, differing: [], failed: [] },
      leftOut: { otherTypes: { 'key-auth': population.otherTypes } },
    });
    const codes = report.warnings.map(({ code: warning }: { code: string }) => warning);
    expect(codes).toEqual([
      ...['short_secrets', 'apps_of_inactive_users', 'scopes_now_enforced', 'exp_now_required'],
    ]);
    expect(stdout).not.toContain('secret-0-');
    expect(await recordsIn(data)).toHaveLength(550);
  });

  it('keeps ids, states, scopes and properties', async () => {
    const here = new Map((await recordsIn(data)).map((row) => [row['id'], row]));
    for (const list of ['users', 'apps']) {
      const response = await fetch(`${original.adminUrl}/${list}?count=100000`);
      const rows = ((await response.json()) as Record<string, Row[]>)[list] ?? [];
      for (const { createdAt: _, updatedAt: __, ...row } of rows) expect(here.get(row['id'])).toEqual(row);
    }
    for (const keyId of population.keyIds) {
      const response = await fetch(`${original.adminUrl}/credentials/jwt/${keyId}`);
      const { consumerId, isActive, scopes, color } = (await response.json()) as Row;
      const row = { consumerId, isActive, scopes: scopes ?? [], ...(color !== undefined && { color }) };
      expect(here.get(keyId)).toMatchObject(row);
    }
  });

  it('decides as the original did, but for active apps of inactive users, which are denied', async () => {
    expect(await decideHere(data)).toEqual(expected());
  });

  it('creates nothing the second time', async () => {
    const { code, stdout } = await importInto(data, '--json');
    expect({ code, report: JSON.parse(stdout) }).toMatchObject({
      code: 0,
      report: {
        scopes: { created: 0, skipped: 3 },
        users: { created: 0, skipped: 200, differing: 0 },
        apps: { created: 0, skipped: 50, differing: 0 },
        credentials: { created: 0, skipped: 300, differing: 0 },
      },
    });
  });

  it('goes on where a killed run stopped, and no inactive record was ever active', async () => {
    const folder = join(await temporaryFolder(), 'data');
    const complete = await recordsIn(data);
    for (const after of [90, 250]) {
      expect(await killedAfter(folder, after)).toBeGreaterThanOrEqual(after);
      const left = await recordsIn(folder);
      expect(left.length).toBeLessThan(complete.length);
      expect(complete).toEqual(expect.arrayContaining([...left]));
    }
    const { code, stdout } = await importInto(folder, '--json');
    expect(code).toBe(0);
    const { users, apps, credentials } = JSON.parse(stdout);
    const sum = (of: 'created' | 'skipped') => users[of] + apps[of] + credentials[of];
    expect(sum('created') + sum('skipped')).toBe(550);
    expect(sum('created')).toBeLessThan(550 - 90);
    expect(await recordsIn(folder)).toEqual(complete);
    expect(await decideHere(folder)).toEqual(expected());
  });
});

/** Kills an import once it has told of so many records. @returns of how many it has told. */
async function killedAfter(folder: string, count: number): Promise<number> {
  const command = fileURLToPath(new URL('dist/bin/jwt-authorizer.js', await builtPackage()));
  const args = ['import', 'express-gateway', '--admin-url', original.adminUrl, '--data', folder, '-q'];
  const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text.split('\n').length - 1;
    if (told >= count) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
  return told;
}
