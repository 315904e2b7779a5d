import type { ConsumerApi } from '../../consumers/consumer-api.ts';
import { WrongUsage } from '../../consumers/failure.ts';
import { dataFolderOf, openConsumers, type Place } from '../../consumers/open.ts';
import { parseAdminUrl } from '../../consumers/remote-api.ts';

/** Where an import writes; its `--admin-url` is the source. */
export interface Target extends Omit<Place, 'adminUrl'> {
  readonly toAdminUrl?: string;
}

/** @throws WrongUsage */
export function targetPlace({ toAdminUrl, config, data, table, region }: Target): Place {
  if ([toAdminUrl, data, table].filter((given) => given !== undefined).length > 1) {
    throw new WrongUsage('--data, --table and --to-admin-url are three places; give one');
  }
  return {
    config,
    ...(data !== undefined && { data }),
    ...(table !== undefined && { table }),
    ...(region !== undefined && { region }),
    ...(toAdminUrl !== undefined && { adminUrl: parseAdminUrl(toAdminUrl, '--to-admin-url').href }),
  };
}

/** A place that is not there yet is empty, and a plan does not make it. @throws CommandFailure */
export async function openTarget(place: Place, dryRun: boolean): Promise<ConsumerApi> {
  if (dryRun && place.adminUrl === undefined && place.table === undefined) {
    const { hasLocalTable } = await import('../../consumers/open-local.ts');
    if (!hasLocalTable(dataFolderOf(place))) return NOTHING;
  }
  return openConsumers(place, !dryRun);
}

const NOTHING: ConsumerApi = {
  send: async ({ path }) =>
    path === '/scopes' ? { status: 200, text: '{"scopes":null}' } : { status: 404, text: '' },
  close: async () => undefined,
};
