import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

const WRITES = [PutItemCommand, UpdateItemCommand, DeleteItemCommand];

/**
 * As the table's stream does on AWS: each write by itself, and not only when all that an operation does is done.
 * What a deletion decides counts long before its clean-up is over, and a clean-up may take scopes when nobody asks.
 * @param onWrite called after every write that took effect, or may have, before its sender goes on.
 * @returns the client for those whose writes are told of.
 */
export function tellWrites(client: DynamoDBClient, onWrite: () => void): DynamoDBClient {
  const send = async (...[command, ...more]: Parameters<DynamoDBClient['send']>) => {
    try {
      return await client.send(command, ...more);
    } finally {
      if (WRITES.some((Write) => (command as object) instanceof Write)) onWrite();
    }
  };
  return Object.create(client, { send: { value: send } });
}
