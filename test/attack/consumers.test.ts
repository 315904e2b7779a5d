/** The controlled modality, on a table as DynamoDB keeps it: the same signature for all, and only the subject to tell them apart. */
import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from 'vitest';
import { marshal } from '../../lambda/consumers/attributes.ts';
import { createDynamoDbClient } from '../../lambda/consumers/dynamodb-client.ts';
import { findThrough, rememberFound } from '../../lambda/consumers/find-credential.ts';
import { createCredentialKeyStore } from '../../lambda/consumers/find-credential-keys.ts';
import { createFindRevocation } from '../../lambda/consumers/find-revocation.ts';
import { recordKey } from '../../lambda/consumers/items.ts';
import { readerOf } from '../../lambda/consumers/table-reader.ts';
import { expectValue, startTable, type TestTable } from '../e2e/table.ts';
import { closeAtEnd } from '../support/gateway.ts';
import { NOW_SECONDS, secretKey, tokenOf } from '../support/tokens.ts';
import {
  APPLICATION_IDS,
  consumerAttacks,
  consumerControls,
  ENDS_AT_SECONDS,
  USER_IDS,
  UUID,
} from './consumers.ts';
import { bearerEvent, codeOf, type Guard, guardOf, type Surroundings } from './ours.ts';

const secretText = (name: string) => `${name}-`.padEnd(72, 'x');
const SHARED = secretText('shared');
const A = 'https://a.example/';
const B = 'https://b.example/';

let table: TestTable;
let client: DynamoDBClient;
beforeAll(async () => {
  table = await startTable();
  const { store, endpoint } = table;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = createDynamoDbClient({ endpoint, region: 'us-east-1', credentials });
  closeAtEnd({ close: async () => client.destroy() });
  const user = async (username: keyof typeof USER_IDS, isActive = true) =>
    expectValue(await store.createUser({ id: USER_IDS[username], username, isActive }));
  const application = async (name: keyof typeof APPLICATION_IDS, userId: string, isActive = true) =>
    expectValue(await store.createApplication({ id: APPLICATION_IDS[name], userId, name, isActive }));
  const credential = async (keyId: string, consumerId: string, more: object = {}) =>
    expectValue(await store.createCredential({ keyId, consumerId, keySecret: secretText(keyId), ...more }));

  for (const name of ['ann', 'bob'] as const) await user(name);
  await user('ina', false);
  const eve = expectValue(await store.createUser({ username: 'eve' }));
  await application('till', 'ann');
  await application('shop', 'ann', false);
  await application('kiosk', 'ina');
  for (const keyId of ['ann-1', 'ann-gone', UUID, '1001', '__proto__x']) await credential(keyId, 'ann');
  await credential('ann-off', 'ann', { isActive: false });
  await credential('ann-old', 'ann', { expiresAtSeconds: 1 });
  await credential('ann-ends', 'ann', { expiresAtSeconds: ENDS_AT_SECONDS });
  await credential('of-a', 'ann', { issuer: A });
  await credential('of-b', 'bob', { issuer: B });
  for (const [keyId, consumer] of Object.entries({ 'bob-1': 'bob', 'ina-1': 'ina', 'eve-1': 'eve' }))
    await credential(keyId, consumer);
  for (const name of ['till', 'shop', 'kiosk'] as const) await credential(`${name}-1`, APPLICATION_IDS[name]);
  for (const keyId of ['typed-user', 'owned-by-bob']) await credential(keyId, APPLICATION_IDS.till);
  for (const keyId of ['typed-application', 'named-alike']) await credential(keyId, 'ann');
  await overwrite('typed-user', { consumerType: 'user' });
  await overwrite('typed-application', { consumerType: 'application', ownerUserId: USER_IDS.ann });
  await overwrite('owned-by-bob', { ownerUserId: USER_IDS.bob });
  await overwrite('named-alike', { keyId: 'ann-1' });
  expectValue(await store.deleteCredential('ann-gone'));
  expectValue(await store.deleteUser(eve.id));
});

/** Around the Admin API. */
async function overwrite(keyId: string, attributes: Readonly<Record<string, string>>): Promise<void> {
  const names = Object.keys(attributes);
  await client.send(
    new UpdateItemCommand({
      TableName: table.tableName,
      Key: marshal(recordKey('cred', keyId)),
      UpdateExpression: `SET ${names.map((_, i) => `#n${i} = :v${i}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name, i) => [`#n${i}`, name])),
      ExpressionAttributeValues: Object.fromEntries(
        Object.values(attributes).map((value, i) => [`:v${i}`, { S: value }]),
      ),
    }),
  );
}

/** As the handler composes it. */
function openGuard(jwt: object | readonly object[], { nowSeconds = NOW_SECONDS }: Surroundings = {}): Guard {
  const now = () => (typeof nowSeconds === 'number' ? nowSeconds : nowSeconds()) * 1000;
  const reader = readerOf({ client, tableName: table.tableName });
  const remembering = { seconds: 60, now };
  return guardOf(
    { jwt },
    {
      nowSeconds,
      table: {
        findCredential: rememberFound(findThrough(reader), remembering),
        credentialKeys: createCredentialKeyStore(reader, remembering),
        findRevocation: createFindRevocation(reader, remembering),
      },
    },
  );
}

const ONE_KEY = { secretOrPublicKey: SHARED, algorithms: ['HS256'] };
const signed = (claims: object, key = SHARED, header: object = {}) =>
  tokenOf({ iat: NOW_SECONDS - 10, ...claims }, { key: secretKey(key), header });

/** Who is let in, or the code of the denial. */
async function whoIs(guard: Guard, token: string): Promise<string> {
  const outcome = await guard.respond(bearerEvent(token));
  return outcome.kind === 'decided' && outcome.answer && codeOf(outcome) === 'allowed'
    ? outcome.answer.principalId
    : codeOf(outcome);
}

describe('one key for all', () => {
  let remembering: Guard;
  beforeAll(async () => {
    remembering = openGuard(ONE_KEY);
    for (const [keyId, consumerId] of consumerControls)
      for (let time = 1; time <= 3; time++)
        expect(await whoIs(remembering, signed({ sub: keyId }))).toBe(consumerId);
  });

  test.each(consumerControls)('%s lets %s in', async (keyId, consumerId) => {
    expect(await whoIs(openGuard(ONE_KEY), signed({ sub: keyId }))).toBe(consumerId);
  });

  test.each(consumerAttacks.map((attack) => [attack.id, attack] as const))(
    '%s',
    async (_, { claims, expected }) => {
      const token = signed(claims);
      const fresh = openGuard(ONE_KEY);
      for (let time = 1; time <= 3; time++) {
        expect(await fresh.judge(token)).toBe(expected);
        expect(await remembering.judge(token)).toBe(expected);
      }
    },
  );
});

describe('each credential’s own key (RFC 8725 §3.8: the key must be the subject’s)', () => {
  const OWN_KEY = { credentialKey: true, algorithms: ['HS256'] };

  test.each(consumerControls)('%s lets %s in', async (keyId, consumerId) => {
    expect(await whoIs(openGuard(OWN_KEY), signed({ sub: keyId }, secretText(keyId)))).toBe(consumerId);
  });

  test.each(consumerAttacks.map((attack) => [attack.id, attack] as const))(
    '%s, signed by ann-1',
    async (_, { claims }) => {
      const guard = openGuard(OWN_KEY);
      const token = signed(claims, secretText('ann-1'));
      for (let time = 1; time <= 3; time++)
        expect(await guard.judge(token)).toMatch(/^(?:credential_unknown|signature_invalid|unavailable)$/);
    },
  );

  test.each([
    ['another user', 'bob-1', {}],
    ['an application of the same user', 'till-1', {}],
    ['the same user, by another credential', UUID, {}],
    ['another, who is named by kid', 'bob-1', { kid: 'ann-1' }],
    ['another, who is named by kid as well', 'bob-1', { kid: 'bob-1' }],
  ])('%s is not spoken for (RFC 8725 §2.7, §3.8)', async (_, sub, header) => {
    const guard = openGuard(OWN_KEY);
    const forged = signed({ sub }, secretText('ann-1'), header);
    const honest = signed({ sub }, secretText(sub));
    expect(await guard.judge(forged)).toBe('signature_invalid');
    for (let time = 1; time <= 3; time++) expect(await guard.judge(honest)).toBe('allowed');
    expect(await guard.judge(forged)).toBe('signature_invalid');
  });

  test.each([
    ['ann-off', 'credential_inactive'],
    ['ann-old', 'credential_inactive'],
    ['ina-1', 'consumer_inactive'],
    ['shop-1', 'consumer_inactive'],
    ['kiosk-1', 'consumer_inactive'],
    ['typed-user', 'consumer_inactive'],
    ['typed-application', 'consumer_inactive'],
    ['owned-by-bob', 'unavailable'],
  ])('%s does not count though its own key signed (RFC 6750 §3.1)', async (keyId, expected) => {
    const guard = openGuard(OWN_KEY);
    for (let time = 1; time <= 3; time++)
      expect(await guard.judge(signed({ sub: keyId }, secretText(keyId)))).toBe(expected);
  });
});

describe('a credential that ends (RFC 6750 §3.1)', () => {
  test.each([
    [-1, 'allowed'],
    [-0.001, 'allowed'],
    [0, 'credential_inactive'],
    [0.001, 'credential_inactive'],
    [1, 'credential_inactive'],
  ])('%d s from its end: %s', async (seconds, expected) => {
    const clock = { seconds: ENDS_AT_SECONDS - 30 };
    const remembering = openGuard(ONE_KEY, { nowSeconds: () => clock.seconds });
    const token = signed({ sub: 'ann-ends' });
    for (let time = 1; time <= 3; time++) expect(await remembering.judge(token)).toBe('allowed');
    clock.seconds = ENDS_AT_SECONDS + seconds;
    expect(await remembering.judge(token)).toBe(expected);
    expect(await openGuard(ONE_KEY, { nowSeconds: clock.seconds }).judge(token)).toBe(expected);
  });
});

describe('the same sub at two issuers (RFC 8725 §3.8, §2.7)', () => {
  const policy = (issuer: string, name: string) => ({
    ...{ issuer, secretOrPublicKey: secretText(name), algorithms: ['HS256'] },
  });
  const BOTH = [policy(A, 'a'), policy(B, 'b')];
  const by = (name: 'a' | 'b', claims: object) =>
    signed({ iss: name === 'a' ? A : B, ...claims }, secretText(name));

  test('each issuer’s credential is its own', async () => {
    const guard = openGuard(BOTH);
    expect(await whoIs(guard, by('a', { sub: 'of-a' }))).toBe(USER_IDS.ann);
    expect(await whoIs(guard, by('b', { sub: 'of-b' }))).toBe(USER_IDS.bob);
  });
  test.each([
    ['the other issuer’s credential', 'a', { sub: 'of-b' }, 'credential_unknown'],
    ['the other issuer’s credential', 'b', { sub: 'of-a' }, 'credential_unknown'],
    ['a credential of no issuer', 'a', { sub: 'ann-1' }, 'credential_unknown'],
    ['the other issuer’s name', 'a', { sub: 'of-b', iss: B }, 'signature_invalid'],
    ['both issuers’ names', 'a', { sub: 'of-a', iss: [A, B] }, 'issuer_mismatch'],
    ['a name that is nearly the issuer’s', 'a', { sub: 'of-a', iss: A.slice(0, -1) }, 'issuer_mismatch'],
    ['no name', 'a', { sub: 'of-a', iss: undefined }, 'issuer_mismatch'],
  ] as const)('%s, by %s: %j', async (_, name, claims, expected) => {
    const guard = openGuard(BOTH);
    for (let time = 1; time <= 3; time++) expect(await guard.judge(by('a', { sub: 'of-a' }))).toBe('allowed');
    expect(await guard.judge(by('b', { sub: 'of-b' }))).toBe('allowed');
    for (let time = 1; time <= 3; time++) expect(await guard.judge(by(name, claims))).toBe(expected);
  });

  test.each([
    [A, 'allowed'],
    [B, 'credential_unknown'],
    [A.slice(0, -1), 'credential_unknown'],
    [A.toUpperCase(), 'credential_unknown'],
    [`${A} `, 'credential_unknown'],
    ['', 'credential_unknown'],
    [undefined, 'credential_unknown'],
    [[A], 'token_malformed'],
  ])('a credential of an issuer, where the policy names none, by %j: %s', async (iss, expected) => {
    expect(await openGuard(ONE_KEY).judge(signed({ sub: 'of-a', iss }))).toBe(expected);
  });
});

test('every attack says where it is known from', () => {
  const ids = consumerAttacks.map(({ id }) => id);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  expect(consumerAttacks.filter(({ cites }) => cites.length === 0)).toEqual([]);
});
