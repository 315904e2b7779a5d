/** What one writes without an authorizer of ours: jsonwebtoken, and the table's two reads where there is a table. */
import { createPublicKey } from 'node:crypto';
import jwt from 'jsonwebtoken';

const { BENCH_KEY: text, BENCH_TOKEN: token, BENCH_TABLE: TableName, BENCH_SDK: sdk } = process.env;
const claims = jwt.verify(token, createPublicKey(text), { algorithms: ['RS256'], audience: 'orders-api' });
if (sdk === 'yes') {
  const { DynamoDBClient, GetItemCommand } = await import('@aws-sdk/client-dynamodb');
  const client = new DynamoDBClient({});
  const read = (pk) =>
    client.send(
      new GetItemCommand({ TableName, Key: { pk: { S: pk }, sk: { S: pk } }, ConsistentRead: true }),
    );
  await read(`credential#${claims.sub}`);
  await read(`user#${claims.sub}`);
}
process.stdout.write('decided\n');
