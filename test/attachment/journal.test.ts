import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { openJournal } from '../../lambda/attachment/dynamodb-journal.ts';
import { JournalUnavailable } from '../../lambda/attachment/journal.ts';
import { testClient } from '../consumers/workbench.ts';
import { outcome } from '../keys/support.ts';
import { startDynalite } from '../support/dynalite.ts';
import { dynamoDbJournalContract } from './dynamodb-contract.ts';
import { journalContract } from './journal-contract.ts';
import { createJournalTable } from './journal-table.ts';
import { memoryJournal } from './memory-journal.ts';
import { OWNER } from './wishes.ts';

dynamoDbJournalContract('on dynalite', startDynalite);

const shared = new Map<() => number, ReturnType<typeof memoryJournal>>();
let nowMs = () => 0;
const sharedNow = () => nowMs();
journalContract('in memory', async (now) => {
  nowMs = now;
  const journal = shared.get(sharedNow) ?? memoryJournal(sharedNow);
  shared.set(sharedNow, journal);
  return journal;
});

describe('a journal that is not what the engine wrote', () => {
  it.each([
    ['a header that is half there', { sk: { S: 'header' }, wish: { S: '{}' } }],
    ['another type', { sk: { S: 'header' }, wish: { N: '1' }, phase: { S: '"attached"' } }],
    ['a phase that there is not', { sk: { S: 'header' }, wish: { S: '{}' }, phase: { S: '"done"' } }],
    ['no JSON', { sk: { S: 'header' }, wish: { S: '{' }, phase: { S: '"attached"' } }],
    ['records without a header', { sk: { S: 'method#GET /' }, prior: { S: '{}' } }],
  ])('is not gone by: %s', async (_, item) => {
    const server = await startDynalite();
    const client = testClient(server.endpoint);
    await createJournalTable(client, 'journal');
    const journal = openJournal({ client, tableName: 'journal' });
    await client.send(
      new PutItemCommand({ TableName: 'journal', Item: { restApiId: { S: 'api1' }, ...item } }),
    );
    expect(await outcome(journal.read('api1'))).toBeInstanceOf(JournalUnavailable);
    client.destroy();
    await server.close();
  });

  it('is read once its table answers, and not before', async () => {
    const server = await startDynalite({ createTableMs: 200 });
    const client = testClient(server.endpoint);
    await createJournalTable(client, 'journal');
    expect(await openJournal({ client, tableName: 'journal' }).read('api1')).toBeUndefined();
    client.destroy();
    await server.close();
  });

  it('a table that is not there is an outage, without what was sent', async () => {
    const server = await startDynalite();
    const client = testClient(server.endpoint);
    const journal = openJournal({ client, tableName: 'none' });
    for (const call of [
      () => journal.read('api1'),
      () => journal.claim('api1', OWNER, { id: 'a', untilMs: 1 }),
      () => journal.forgetMethod('api1', { path: '/secret', httpMethod: 'GET' }),
    ]) {
      const error = await outcome(call());
      expect(error).toBeInstanceOf(JournalUnavailable);
      expect(String(error)).not.toMatch(/api1|secret/);
    }
    client.destroy();
    await server.close();
  });
});
