/** The stream of a table on DynamoDB Local, by its wire protocol: what Lambda would read. */

import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { tableDefinition } from '../../lambda/consumers/table.ts';
import type { StreamRecord } from '../revocation/stream.ts';
import { callDynamoDb } from '../support/dynamodb-wire.ts';

const call = (endpoint: string, target: string, body: object) =>
  callDynamoDb(endpoint, `DynamoDBStreams_20120810.${target}`, JSON.stringify(body));

/** @returns what reads all that the table's stream has. */
export async function openStream(
  endpoint: string,
  client: DynamoDBClient,
  tableName: string,
): Promise<() => Promise<readonly StreamRecord[]>> {
  const { TableDescription } = await client.send(
    new UpdateTableCommand({
      TableName: tableName,
      StreamSpecification: { StreamEnabled: true, StreamViewType: tableDefinition.streamViewType },
    }),
  );
  const StreamArn = TableDescription?.LatestStreamArn;
  return async () => {
    const { StreamDescription } = await call(endpoint, 'DescribeStream', { StreamArn });
    const { Shards } = StreamDescription as { Shards: { ShardId: string }[] };
    const records: StreamRecord[] = [];
    for (const { ShardId } of Shards) {
      const start = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
      let { ShardIterator } = await call(endpoint, 'GetShardIterator', start);
      for (let empty = 0; ShardIterator !== undefined && empty < 3; ) {
        const page = await call(endpoint, 'GetRecords', { ShardIterator });
        const found = page['Records'] as StreamRecord[];
        records.push(...found);
        empty = found.length === 0 ? empty + 1 : 0;
        ShardIterator = page['NextShardIterator'];
        if (found.length === 0) await sleep(50);
      }
    }
    return records;
  };
}
