/** The one place where calls to DynamoDB fail: what failed, without what was sent. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { StoreUnavailable } from './model.ts';

export interface Table {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/**
 * @param operation DynamoDB's name of the call, for the message.
 * @throws StoreUnavailable with the SDK's error as its cause.
 */
export async function sending<T>(operation: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (cause) {
    throw unavailable(operation, cause);
  }
}

/**
 * The same for a conditional write.
 * @returns undefined when the condition did not hold: an expected outcome, no error.
 * @throws StoreUnavailable as {@link sending}.
 */
export async function sendingConditional<T>(
  operation: string,
  send: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await send();
  } catch (cause) {
    if (nameOf(cause) === 'ConditionalCheckFailedException') return undefined;
    throw unavailable(operation, cause);
  }
}

// The error's name only: its message may quote the request, which may hold a secret.
function unavailable(operation: string, cause: unknown): StoreUnavailable {
  return new StoreUnavailable(`credentials table: ${operation} failed with ${nameOf(cause)}`, { cause });
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
