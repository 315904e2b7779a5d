import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ConsumerApi } from './consumer-api.ts';
import { CommandFailure, WrongUsage } from './failure.ts';
import { parseAdminUrl, remoteApi } from './remote-api.ts';

/** Where the consumers are, as options say it. */
export interface Place {
  readonly config: string;
  readonly data?: string;
  readonly table?: string;
  readonly region?: string;
  readonly adminUrl?: string;
}

/** It may be missing where nobody named another. */
export const DEFAULT_CONFIG = 'authorizer.config.yml';

/**
 * The data folder, as `start` finds it.
 * @throws CommandFailure where it would lie beside a configuration that was named and is not there.
 */
export function dataFolderOf({ config, data }: Pick<Place, 'config' | 'data'>): string {
  if (data === undefined && config !== DEFAULT_CONFIG && !existsSync(config)) {
    throw new CommandFailure(`there is no ${config}; give the configuration's path with --config`);
  }
  return resolve(data ?? join(dirname(config), '.jwt-authorizer'));
}

/**
 * Only what is asked for is loaded: the embedded table is an optional dependency.
 * @param mayMake whether a data folder that does not exist is made.
 * @throws CommandFailure, WrongUsage
 */
export async function openConsumers(place: Place, mayMake: boolean): Promise<ConsumerApi> {
  const { adminUrl, table, data, region } = place;
  if ([adminUrl, table, data].filter((given) => given !== undefined).length > 1) {
    throw new WrongUsage('--data, --table and --admin-url are three places; give one');
  }
  if (adminUrl !== undefined) return openRemote(parseAdminUrl(adminUrl), region);
  if (table !== undefined) return (await import('./open-table.ts')).openTable(table, region);
  return (await import('./open-local.ts')).openLocal(dataFolderOf(place), { mayMake, config: place.config });
}

/** Signed where the host is AWS's, or where a region says that there is AWS behind another name. */
async function openRemote(url: URL, region: string | undefined): Promise<ConsumerApi> {
  const { hostname, protocol } = url;
  if (protocol === 'http:') return remoteApi(url);
  const { isAwsHost, signWithSdk } = await import('./sign.ts');
  return remoteApi(url, isAwsHost(hostname) || region !== undefined ? signWithSdk(url, region) : undefined);
}
