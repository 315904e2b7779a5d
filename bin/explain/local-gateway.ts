import { needsTable } from '../../lambda/config/modality.ts';
import type { AuthorizerConfig } from '../../lambda/config/types.ts';
import { dataFolderOf } from '../consumers/open.ts';
import { findGateway } from '../consumers/running-gateway.ts';
import { isDeployed, type SourcePlaces } from './sources.ts';

/** Whether a gateway runs on the local table. */
export type LocalGateway = 'running' | 'stopped';

/** @returns undefined where API Gateway is meant, or where nobody can tell: one without a table does not say that it runs. */
export function localGatewayAt(places: SourcePlaces, config: AuthorizerConfig): LocalGateway | undefined {
  if (isDeployed(places) || !needsTable(config)) return undefined;
  // Whoever has the table open already is the gateway.
  if (places.openReader !== undefined) return 'running';
  return findGateway(dataFolderOf(places.place)) === undefined ? 'stopped' : 'running';
}
