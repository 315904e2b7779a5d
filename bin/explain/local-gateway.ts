import { needsTable } from '../../lambda/config/modality.ts';
import type { AuthorizerConfig } from '../../lambda/config/types.ts';
import { dataFolderOf } from '../consumers/open.ts';
import { findGateway } from '../consumers/running-gateway.ts';
import { isDeployed, type SourcePlaces } from './sources.ts';

/** Whether a gateway runs on the local table, and in which data folder that is. */
export interface LocalGateway {
  readonly state: 'running' | 'stopped';
  readonly folder: string;
}

/** @returns undefined where API Gateway is meant, or where nobody can tell: one without a table does not say that it runs. */
export function localGatewayAt(places: SourcePlaces, config: AuthorizerConfig): LocalGateway | undefined {
  if (isDeployed(places) || !needsTable(config)) return undefined;
  const folder = dataFolderOf(places.place);
  // Whoever has the table open already is the gateway.
  const isRunning = places.openReader !== undefined || findGateway(folder) !== undefined;
  return { state: isRunning ? 'running' : 'stopped', folder };
}
