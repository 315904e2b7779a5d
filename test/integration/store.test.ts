import { storeContract } from '../consumers/store-contract.ts';
import { startDynamoDbLocal } from './dynamodb-local.ts';

storeContract('DynamoDB Local', startDynamoDbLocal);
