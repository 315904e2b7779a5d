/** Conditional writes and queries of the management side; the authorizer's bundle has none of this. */
import {
  DeleteItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandOutput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Item } from './attributes.ts';
import { keyItem } from './dynamodb-get.ts';
import { sending, sendingConditional, type Table } from './dynamodb-send.ts';
import type { Deletion, Put, Search, Update } from './requests.ts';

/** @returns whether the condition held and the item is written. @throws StoreUnavailable */
export async function put({ client, tableName: TableName }: Table, request: Put): Promise<boolean> {
  const { item, ...rest } = request;
  const command = new PutItemCommand({ TableName, Item: item, ...rest });
  return (await sendingConditional('PutItem', () => client.send(command))) !== undefined;
}

/** @returns the written attributes as they were, undefined when the condition did not hold. @throws StoreUnavailable */
export async function update(
  { client, tableName: TableName }: Table,
  request: Update,
): Promise<Item | undefined> {
  const { key, ...rest } = request;
  const command = new UpdateItemCommand({
    TableName,
    Key: keyItem(key),
    ReturnValues: 'UPDATED_OLD',
    ...rest,
  });
  const answer = await sendingConditional('UpdateItem', () => client.send(command));
  return answer && (answer.Attributes ?? {});
}

/** @returns whether the condition held and the item is gone. @throws StoreUnavailable */
export async function remove({ client, tableName: TableName }: Table, request: Deletion): Promise<boolean> {
  const { key, ...rest } = request;
  const command = new DeleteItemCommand({ TableName, Key: keyItem(key), ...rest });
  return (await sendingConditional('DeleteItem', () => client.send(command))) !== undefined;
}

/** @throws StoreUnavailable */
export function query({ client, tableName: TableName }: Table, request: Search): Promise<QueryCommandOutput> {
  return sending('Query', () => client.send(new QueryCommand({ TableName, ...request })));
}
