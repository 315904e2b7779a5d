/** The authorizer's reader leaves out of each record what no decision is about, and nothing else. */
import { generateKeyPairSync } from 'node:crypto';
import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { createDynamoDbReader } from '../../lambda/consumers/dynamodb-reader.ts';
import { readCredentialKeys } from '../../lambda/consumers/key-slots.ts';
import { readerOf } from '../../lambda/consumers/table-reader.ts';
import { tokenHashOf } from '../../lambda/consumers/token-names.ts';
import { recordInputs, value, type Workbench } from './workbench.ts';

const OF_NO_DECISION = ['firstname', 'lastname', 'email', 'redirectUri', 'apiKeyId', 'properties'];
/** What else lies in the table and is for those who write: one that is new has to be added here, or be read. */
const OF_WRITERS = [
  'listPk',
  'listSk',
  'recordId',
  'purgeAtSeconds',
  'keyVersion',
  'startedAtMs',
  'scopeNames',
  'lastAttempt',
];
const REVOKED = { tokenHash: tokenHashOf('header.payload') };
const MOMENT = 1_700_000_000;

/** Records that have every attribute that there is: a user, its application, a credential of each. */
async function fill({ store }: Workbench): Promise<void> {
  const common = { redirectUri: 'https://a.example', properties: { team: 'orders' } };
  const person = { username: 'ann', firstname: 'Ann', lastname: 'Lee', email: 'ann@example.com' };
  const user = value(await store.createUser({ ...person, ...common }));
  const application = value(await store.createApplication({ userId: 'ann', name: 'shop', ...common }));
  const scopes = ['orders:read', 'orders:write'];
  value(await store.createScopes(scopes));
  const { properties } = common;
  const all = { scopes, properties, plan: 'gold', issuer: 'https://issuer.example', isActive: false };
  for (const { id: consumerId } of [user, application]) {
    const keyId = `of-${consumerId === user.id ? 'user' : 'shop'}`;
    value(await store.createCredential({ keyId, consumerId, expiresAtSeconds: 4_000_000_000, ...all }));
    value(await store.rotateCredential(keyId));
  }
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const own = { keyId: 'with-public-key', publicKey: pem, algorithm: 'ES256' };
  value(await store.createCredential({ ...own, consumerId: user.id, ...all }));
  value(await store.revokeIssuedBefore({ type: 'user', id: user.id }, MOMENT));
  value(await store.revokeIssuedBefore({ type: 'application', id: application.id }, MOMENT));
  value(await store.revokeIssuedBefore('all', MOMENT));
  await store.revokeToken({ ...REVOKED, expiresAtSeconds: 4_000_000_000 });
}

const without = (record: object | undefined) =>
  Object.fromEntries(Object.entries(record ?? {}).filter(([name]) => !OF_NO_DECISION.includes(name)));
/** Those that are read all the same: of no properties there are none. */
const leftOver = (record: object | undefined) =>
  Object.entries(record ?? {}).filter(
    ([name, given]) => OF_NO_DECISION.includes(name) && JSON.stringify(given) !== '{}',
  );

export function projectionContract(bench: () => Workbench): void {
  test('the authorizer reads of each record what its decisions are about, and nothing else', async () => {
    const { client, tableName } = bench();
    await fill(bench());
    const table = { client, tableName };
    const [whole, authorizers] = [createDynamoDbReader(table), readerOf(table)];
    const seen = new Set<string>();
    const compare = (mine: object | undefined, all: object | undefined) => {
      expect(mine).toBeDefined();
      expect(without(mine)).toEqual(without(all));
      expect(leftOver(mine)).toEqual([]);
      for (const [name] of leftOver(all)) seen.add(name);
    };
    for (const keyId of ['of-user', 'of-shop', 'with-public-key']) {
      const credential = await whole.readCredential(keyId);
      if (credential === undefined) throw new Error('it was created');
      compare(await authorizers.readCredential(keyId), credential);
      const keyed = await authorizers.readKeys(keyId);
      compare(keyed?.credential, credential);
      expect(keyed?.keys).toEqual((await readCredentialKeys(table, keyId))?.keys);
      expect(keyed?.keys).toHaveLength(keyId === 'with-public-key' ? 1 : 2);
      const [mine, all] = [await authorizers.readHolder(credential), await whole.readHolder(credential)];
      expect(Object.keys(mine)).toEqual(Object.keys(all));
      compare(mine.user, all.user);
      if (keyId === 'of-shop') compare(mine.application, all.application);
      expect([mine.user, mine.application].map((one) => one?.issuedBeforeSeconds)).toEqual(
        keyId === 'of-shop' ? [MOMENT, MOMENT] : [MOMENT, undefined],
      );
    }
    // Each is in some record, or its absence would show nothing.
    expect([...seen].sort()).toEqual([...OF_NO_DECISION].sort());
    expect(await authorizers.readRevocations()).toEqual(await whole.readRevocations());
    expect(Object.keys(await whole.readRevocations())).toHaveLength(2);
    expect(await authorizers.isTokenRevoked(REVOKED)).toBe(true);
    expect(await authorizers.isTokenRevoked({ tokenHash: tokenHashOf('another.payload') })).toBe(false);
  });

  test('each attribute that lies in the table is read by it, or is known to be none of its business', async () => {
    const { client, tableName } = bench();
    await fill(bench());
    const inputs = recordInputs(client) as ReadonlyArray<Asked>;
    await readerOf({ client, tableName }).readRevocations();
    const { ProjectionExpression = '', ExpressionAttributeNames = {} } = inputs[0] ?? {};
    const read = ProjectionExpression.split(',').map((name) => ExpressionAttributeNames[name] ?? name);
    expect(read).toContain('phase');
    expect(read.filter((name) => [...OF_NO_DECISION, ...OF_WRITERS].includes(name))).toEqual([]);
    const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));
    const there = new Set(Items.flatMap((item: Record<string, AttributeValue>) => Object.keys(item)));
    const known = new Set([...read, ...OF_NO_DECISION, ...OF_WRITERS]);
    expect([...there].filter((name) => !known.has(name))).toEqual([]);
    // Of what is being made and deleted, which is not there now.
    expect(read.filter((name) => !there.has(name))).toEqual(['phase']);
  });
}

interface Asked {
  readonly ProjectionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
}
