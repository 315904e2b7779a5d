import { randomUUID } from 'node:crypto';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { longestCacheSeconds } from '../../lambda/config/revocation-bound.ts';
import type { AuthorizerConfig } from '../../lambda/config/types.ts';
import { createDynamoDbClient } from '../../lambda/consumers/dynamodb-client.ts';
import { tableDefinition } from '../../lambda/consumers/table.ts';
import { readerOf } from '../../lambda/consumers/table-reader.ts';
import { awsFinding } from './aws-finding.ts';
import { type Finding, findingsIn } from './finding.ts';

const { ok, warning, problem, notChecked } = findingsIn('table');

/** A deployed table: what it is, what looks after it, and whether it can be read. Nothing is written. */
export async function checkTable(tableName: string, config: AuthorizerConfig): Promise<readonly Finding[]> {
  const client = createDynamoDbClient();
  try {
    const table = await client.send(new DescribeTableCommand({ TableName: tableName })).then(
      ({ Table }) => shapeOf(tableName, Table, config),
      (error: unknown) => [awsFinding('table', error, calledOf(tableName, 'dynamodb:DescribeTable'))],
    );
    // What is not there, or another table, has nothing more to tell.
    if (table.some(({ status }) => status === 'problem')) return table;
    const others = await Promise.all([
      timeToLiveOf(client, tableName),
      backupsOf(client, tableName),
      readingOf(client, tableName),
    ]);
    return [...table, ...others];
  } finally {
    client.destroy();
  }
}

const calledOf = (tableName: string, permissions: string) => ({
  what: `the table ${tableName}`,
  options: '--table or --stack, and --region',
  permissions,
});

function shapeOf(name: string, table: TableDescription = {}, config: AuthorizerConfig): readonly Finding[] {
  const { TableStatus: status, KeySchema: keys = [], GlobalSecondaryIndexes: indexes = [] } = table;
  const { partitionKey, sortKey, listingIndex } = tableDefinition;
  const keysText = (schema: typeof keys) =>
    schema.map((key) => `${key.AttributeName} ${key.KeyType}`).join(', ');
  const wanted = (partition: string, sort: string) => `${partition} HASH, ${sort} RANGE`;
  const index = indexes.find(({ IndexName }) => IndexName === listingIndex.name);
  const faults = [
    keysText(keys) === wanted(partitionKey, sortKey)
      ? undefined
      : `its keys are ${keysText(keys) || 'unknown'}, not ${wanted(partitionKey, sortKey)}`,
    index === undefined ? `it has no index ${listingIndex.name}` : undefined,
    index !== undefined &&
    keysText(index.KeySchema ?? []) !== wanted(listingIndex.partitionKey, listingIndex.sortKey)
      ? `the keys of its index ${listingIndex.name} are others`
      : undefined,
  ].filter((fault) => fault !== undefined);
  if (faults.length > 0)
    return [
      problem(
        'table_shape',
        `${name} is no credentials table: ${faults.join('; ')}`,
        'check --table; the stack makes the table (output CredentialsTableName)',
      ),
    ];
  const state =
    status === 'ACTIVE'
      ? ok('table', `${name}: ACTIVE, with the keys and the index that it is to have`)
      : problem(
          'table_status',
          `${name} is ${status ?? 'in no state that is told'}`,
          'wait until it is ACTIVE',
        );
  return [state, ...streamOf(name, table, config), ...protectionOf(name, table)];
}

/** Without it, API Gateway keeps answers about what was taken away. */
function streamOf(
  name: string,
  { StreamSpecification: stream }: TableDescription,
  config: AuthorizerConfig,
): readonly Finding[] {
  const kept = longestCacheSeconds(config);
  if (kept === 0) return [];
  if (stream?.StreamEnabled && stream.StreamViewType === tableDefinition.streamViewType)
    return [ok('table_stream', `${name}: its stream has what flushes API Gateway's caches`)];
  return [
    warning(
      'table_stream',
      `${name} has no stream of old and new images, so nothing flushes API Gateway's caches: what is taken away counts for ${kept} s more`,
      'deploy the stack with this configuration, or set authorizerCacheSeconds: 0',
    ),
  ];
}

/** Undefined where the service does not tell, as an emulator. */
function protectionOf(
  name: string,
  { DeletionProtectionEnabled: isOn }: TableDescription,
): readonly Finding[] {
  if (isOn === undefined) return [];
  return isOn
    ? [ok('table_deletion_protection', `${name}: protected from deletion`)]
    : [
        warning(
          'table_deletion_protection',
          `${name} is not protected from deletion`,
          'aws dynamodb update-table --deletion-protection-enabled --table-name NAME',
        ),
      ];
}

async function timeToLiveOf(client: DynamoDBClient, name: string): Promise<Finding> {
  try {
    const { TimeToLiveDescription: ttl } = await client.send(
      new DescribeTimeToLiveCommand({ TableName: name }),
    );
    const { ttlAttribute } = tableDefinition;
    if (ttl?.TimeToLiveStatus?.startsWith('ENABL') && ttl.AttributeName === ttlAttribute)
      return ok('table_ttl', `${name}: what is over is removed (time to live on ${ttlAttribute})`);
    return warning(
      'table_ttl',
      `${name}: no time to live on ${ttlAttribute}, so revocations and what deletions leave behind stay for ever`,
      'deploy the stack again, or switch it on; nothing that decides depends on it',
    );
  } catch (error) {
    return untold('table_ttl', 'time to live', error, 'dynamodb:DescribeTimeToLive');
  }
}

async function backupsOf(client: DynamoDBClient, name: string): Promise<Finding> {
  try {
    const { ContinuousBackupsDescription: backups } = await client.send(
      new DescribeContinuousBackupsCommand({ TableName: name }),
    );
    const status = backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
    if (status === 'ENABLED') return ok('table_recovery', `${name}: point-in-time recovery is on`);
    return warning(
      'table_recovery',
      `${name}: point-in-time recovery is off; what is lost stays lost`,
      'deploy the stack again, or switch it on',
    );
  } catch (error) {
    return untold('table_recovery', 'point-in-time recovery', error, 'dynamodb:DescribeContinuousBackups');
  }
}

/** Of what only looks after the table, no answer is no problem. */
const untold = (code: string, what: string, error: unknown, permission: string): Finding =>
  notChecked(
    code,
    `${what}: the service does not tell (${error instanceof Error ? error.name : 'unknown failure'})`,
    `it takes ${permission}`,
  );

/** As the function reads, a credential that nobody has. */
async function readingOf(client: DynamoDBClient, tableName: string): Promise<Finding> {
  try {
    await readerOf({ client, tableName }).readCredential(`doctor-${randomUUID()}`);
    return ok('table_reading', `${tableName}: can be read as the function reads it`);
  } catch (error) {
    return awsFinding('table', error, calledOf(tableName, 'dynamodb:GetItem and dynamodb:BatchGetItem'));
  }
}
