/** How a running gateway tells other commands where its Admin API and its table are: a file in the data folder. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from '../../lambda/config/record.ts';

const FILE = 'running.json';

/** Where the embedded table answers: for reading alone, since what is changed there is not told the cache. */
export interface TableAddress {
  readonly endpoint: string;
  readonly tableName: string;
}

export interface RunningGateway {
  readonly adminUrl: URL;
  /** Absent where the gateway is of a version that does not say. */
  readonly table?: TableAddress;
}

/**
 * Says where the Admin API and the table are. Only who has the folder's table open may.
 * @returns takes it back.
 */
export function announceGateway(
  folder: string,
  { adminUrl, table }: { readonly adminUrl: string; readonly table: TableAddress },
): () => void {
  const { endpoint, tableName } = table;
  const path = join(folder, FILE);
  rmSync(path, { force: true });
  writeFileSync(path, `${JSON.stringify({ pid: process.pid, adminUrl, table: { endpoint, tableName } })}\n`, {
    mode: 0o600,
  });
  return () => rmSync(path, { force: true });
}

/** @returns the gateway that runs on the folder; undefined when none says so, or it is gone. */
export function findGateway(folder: string): RunningGateway | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(join(folder, FILE), 'utf8'));
  } catch {
    return undefined;
  }
  if (!isRecord(value) || !isOurs(value['adminUrl']) || !isAlive(value['pid'])) return undefined;
  const table = tableIn(value['table']);
  return { adminUrl: new URL(value['adminUrl']), ...(table !== undefined && { table }) };
}

function tableIn(value: unknown): TableAddress | undefined {
  if (!isRecord(value)) return undefined;
  const { endpoint, tableName } = value;
  return isOurs(endpoint) && typeof tableName === 'string' ? { endpoint, tableName } : undefined;
}

/** Whoever can write here could have us send secrets elsewhere. */
const isOurs = (url: unknown): url is string =>
  typeof url === 'string' && /^http:\/\/127\.0\.0\.1:\d{1,5}$/.test(url);

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
