import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfigFile } from '../../lambda/config/load.ts';
import { formatProblems } from '../../lambda/config/problem.ts';
import { createDynamoDbStore } from '../../lambda/consumers/dynamodb-store.ts';
import { localApiKeys } from '../local/api-keys.ts';
import { openDataFolder } from '../local/data-folder.ts';
import { DataFolderInUse, type EmbeddedTable, openEmbeddedTable } from '../local/embedded-table.ts';
import type { ConsumerApi } from './consumer-api.ts';
import { CommandFailure } from './failure.ts';
import { remoteApi } from './remote-api.ts';
import { findGateway, forgetGateway, type RunningGateway } from './running-gateway.ts';
import { storeApi } from './store-api.ts';
import { lockTable, type Release } from './table-lock.ts';

/** Another command on the folder, or a gateway that is just starting, is waited for. */
const PATIENCE_MS = 15_000;
const POLL_MS = 50;

/** A data folder's table: in this process's hands, or in those of a gateway that runs on it. */
export type LocalTable =
  | { readonly kind: 'ours'; readonly table: EmbeddedTable; readonly close: () => Promise<void> }
  | { readonly kind: 'gateway'; readonly gateway: RunningGateway };

/**
 * The consumers in a data folder. When a gateway has its table, its Admin API is taken.
 * @param mayMake whether a folder that does not exist is made.
 * @param config the configuration, which is read only when somebody asks for one of its usage plans.
 * @throws CommandFailure
 */
export async function openLocal(
  path: string,
  { mayMake, config }: { readonly mayMake: boolean; readonly config: string },
): Promise<ConsumerApi> {
  if (!mayMake && !hasLocalTable(path)) {
    throw new CommandFailure(
      `there is no local table in ${path}; create something first, run jwt-authorizer start, or name another place with --data, --config, --table or --admin-url`,
    );
  }
  const local = await takeLocalTable(path);
  if (local.kind === 'gateway') return remoteApi(local.gateway.adminUrl);
  const apiKeys = localApiKeys(() => plansIn(config));
  const explain = (error: unknown) => (error instanceof CommandFailure ? error.message : undefined);
  return storeApi({
    ...{ explain, close: local.close },
    store: createDynamoDbStore({ ...local.table, apiKeys }),
  });
}

/** @param path of a data folder. */
export const hasLocalTable = (path: string): boolean => existsSync(join(path, 'dynamodb'));

/**
 * The table in a data folder, which is made where it does not exist. One process owns it: whether one does is
 * what the table's own lock says, which ends with its process, and not the file that a killed gateway leaves
 * behind.
 * @throws CommandFailure
 */
export async function takeLocalTable(path: string): Promise<LocalTable> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const opened = await tryOpen(path);
    if (opened !== undefined) return opened;
    const gateway = findGateway(path);
    if (gateway !== undefined) return { kind: 'gateway', gateway };
    if (Date.now() > deadline) {
      throw new CommandFailure(
        `${path} is in use by another run that serves no Admin API; stop it, or give another folder with --data`,
      );
    }
    await sleep(POLL_MS);
  }
}

/** @returns undefined when another process has it. */
async function tryOpen(path: string): Promise<LocalTable | undefined> {
  // The embedded DynamoDB makes its files as the process says.
  process.umask(0o077);
  let release: Release | undefined;
  try {
    const folder = openDataFolder(path);
    release = await lockTable(folder.path);
    if (release === undefined) return undefined;
    const table = await openEmbeddedTable(folder.path);
    forgetGateway(folder.path);
    return { kind: 'ours', table, close: () => table.close().then(release) };
  } catch (error) {
    await release?.();
    if (error instanceof DataFolderInUse) return undefined;
    if (error instanceof CommandFailure) throw error;
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unusable';
    throw new CommandFailure(`the data folder ${path} cannot be used (${reason}); give another with --data`);
  }
}

/** @throws CommandFailure */
function plansIn(config: string): readonly string[] {
  const loaded = loadConfigFile(config);
  if (!loaded.ok) throw new CommandFailure(formatProblems(config, loaded.problems));
  return (loaded.config.plans ?? []).map(({ name }) => name);
}
