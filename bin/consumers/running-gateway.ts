/** How a running gateway tells other commands where its Admin API is: a file in the data folder. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from '../../lambda/config/record.ts';

const FILE = 'running.json';

/**
 * Says where the Admin API is. Only who has the folder's table open may.
 * @returns takes it back.
 */
export function announceGateway(folder: string, adminUrl: string): () => void {
  const path = join(folder, FILE);
  rmSync(path, { force: true });
  writeFileSync(path, `${JSON.stringify({ pid: process.pid, adminUrl })}\n`, { mode: 0o600 });
  return () => rmSync(path, { force: true });
}

/** @returns the Admin API of the gateway that runs on the folder; undefined when none says so, or it is gone. */
export function findGateway(folder: string): URL | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(join(folder, FILE), 'utf8'));
  } catch {
    return undefined;
  }
  if (!isRecord(value) || typeof value['adminUrl'] !== 'string' || !isAlive(value['pid'])) return undefined;
  // Whoever can write here could have us send secrets elsewhere.
  const isOurs = /^http:\/\/127\.0\.0\.1:\d{1,5}$/.test(value['adminUrl']);
  return isOurs ? new URL(value['adminUrl']) : undefined;
}

/** What a killed gateway left behind. Only who has the folder's table open may. */
export function forgetGateway(folder: string): void {
  rmSync(join(folder, FILE), { force: true });
}

function isAlive(pid: unknown): boolean {
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
