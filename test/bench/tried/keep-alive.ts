/**
 * `npx tsx test/bench/tried/keep-alive.ts`: the two reads of a decision over TLS on loopback, with connections that are kept (the
 * SDK's default) and with a new one for each read. `--rounds N` (60).
 */
import { Agent } from 'node:https';
import { parseArgs } from 'node:util';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { selfSigned } from '../../support/certificate.ts';
import { startFaultProxy } from '../../support/fault-proxy.ts';
import { measure } from '../measure.mjs';
import { median, type Row, ratioOf } from '../model.ts';
import { startBenchTable } from '../table.ts';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '60' } } });

const table = await startBenchTable();
const certificate = selfSigned();
const door = await startFaultProxy(table.endpoint, certificate);
const { AWS_REGION: region = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = table.environment;

const clientWith = (keepAlive: boolean) =>
  new DynamoDBClient({
    region,
    endpoint: `https://localhost:${door.port}`,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
    requestHandler: { httpsAgent: new Agent({ keepAlive, ca: certificate.cert }) },
  });

const twoReads = (client: DynamoDBClient) => async () => {
  for (const key of ['credential#user-1', 'user#1'])
    await client.send(
      new GetItemCommand({
        TableName: table.name,
        Key: { pk: { S: key }, sk: { S: key } },
        ConsistentRead: true,
      }),
    );
};

try {
  const rows: readonly Row[] = await measure(
    [
      { id: 'kept', name: 'connections kept', isAsync: true, run: twoReads(clientWith(true)) },
      { id: 'new', name: 'a new one for each read', isAsync: true, run: twoReads(clientWith(false)) },
    ],
    { rounds: Number(options.rounds) },
  );
  const [kept] = rows;
  for (const row of rows)
    process.stdout.write(
      `${row.name.padEnd(24)} ${(median(row.values) / 1000).toFixed(2)} ms ${ratioOf(row, kept ?? row).toFixed(2)}\n`,
    );
} finally {
  await door.close();
  await table.close();
}
process.exit(0);
