import { dynamoDbJournalContract } from '../attachment/dynamodb-contract.ts';
import { startDynamoDbLocal } from './dynamodb-local.ts';

dynamoDbJournalContract('on DynamoDB Local', startDynamoDbLocal);
