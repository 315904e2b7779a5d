/** The same, with a table's two reads: the token's credential, then the user whose it is. */
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { allow, verify } from './bare.mjs';

const TableName = process.env.CREDENTIALS_TABLE;
const client = new DynamoDBClient({});

async function read(key) {
  const Key = { pk: { S: key }, sk: { S: 'record' } };
  const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  if (Item?.isActive?.BOOL !== true) throw new Error('Unauthorized');
  return Item;
}

export const handler = async (event) => {
  const claims = verify(event);
  const credential = await read(`cred#${claims.sub}`);
  await read(`user#${credential.consumerId.S}`);
  return allow(claims, event);
};
