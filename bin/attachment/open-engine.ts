import { createApiGatewayClient } from '../../lambda/attachment/api-gateway-client.ts';
import { detach } from '../../lambda/attachment/detach.ts';
import { openJournal } from '../../lambda/attachment/dynamodb-journal.ts';
import type { Journal } from '../../lambda/attachment/journal.ts';
import type { Live } from '../../lambda/attachment/live.ts';
import { openControlPlane } from '../../lambda/attachment/open-control-plane.ts';
import { type Reading, readLive } from '../../lambda/attachment/read-live.ts';
import { reconcile } from '../../lambda/attachment/reconcile.ts';
import type { DetachOptions, DetachOutcome, Options, ReconcileOutcome } from '../../lambda/attachment/run.ts';
import type { Wish } from '../../lambda/attachment/wish.ts';
import { createDynamoDbClient } from '../../lambda/consumers/dynamodb-client.ts';

/** The engine on AWS, with the AWS SDK's own credentials. */
export interface Engine {
  readonly journal: Journal;
  reconcile(wish: Wish, options: Options): Promise<ReconcileOutcome>;
  detach(restApiId: string, owner: string, options: DetachOptions): Promise<DetachOutcome>;
  /** @returns undefined: there is no such API. */
  readLive(restApiId: string, reading: Reading): Promise<Live | undefined>;
  close(): void;
}

/** @param place.region @default the SDK's own */
export function openEngine({
  journalTable,
  region,
}: {
  readonly journalTable: string;
  readonly region?: string | undefined;
}): Engine {
  const where = region === undefined ? {} : { region };
  const apiGateway = createApiGatewayClient(where);
  const dynamoDb = createDynamoDbClient(where);
  const controlPlane = openControlPlane({ client: apiGateway });
  const journal = openJournal({ tableName: journalTable, client: dynamoDb });
  const dependencies = { controlPlane, journal };
  return {
    journal,
    reconcile: (wish, options) => reconcile(wish, dependencies, options),
    detach: (restApiId, owner, options) => detach(restApiId, owner, dependencies, options),
    readLive: (restApiId, reading) => readLive(controlPlane, restApiId, reading),
    close() {
      apiGateway.destroy();
      dynamoDb.destroy();
    },
  };
}
