/** A table with credentials in every state, and tokens that name them: made by the store, then kept as it is. */
import { createSecretKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { noApiKeys } from '../../../lambda/consumers/api-keys.ts';
import { ensureTable } from '../../../lambda/consumers/create-table.ts';
import { createDynamoDbStore } from '../../../lambda/consumers/dynamodb-store.ts';
import type { ConsumerStore, Outcome } from '../../../lambda/consumers/store.ts';
import { startDynalite } from '../../support/dynalite.ts';
import { tokenOf } from '../../support/tokens.ts';
import { benchClient } from '../table.ts';

export const TABLE_NAME = 'timing';
/** Of each state, so that no one name's place in some map counts; as a function that is used knows more than a processor's cache holds. */
const EACH = 64;
/** For policies with a key for all; also the keySecret of each credential that has one. */
export const SECRET = randomBytes(48).toString('base64url');
const FOREIGN = createSecretKey(randomBytes(64));

const pair = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  RS256_4096: generateKeyPairSync('rsa', { modulusLength: 4096 }),
};
const foreign: Readonly<Record<string, KeyObject>> = {
  HS256: FOREIGN,
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
};
const publicKeyOf = (name: keyof typeof pair) => ({
  publicKey: pair[name].publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  algorithm: name.slice(0, 5),
});

/** What may be under a name; `unknown` is nothing, twice: what is no different must not be told apart. */
const STATES = {
  unknown: undefined,
  'unknown too': undefined,
  active: { keySecret: SECRET },
  inactive: { keySecret: SECRET, isActive: false },
  expired: { keySecret: SECRET, expiresAtSeconds: 1_000_000_000 },
  'of an inactive user': { keySecret: SECRET },
  'of an inactive application': { keySecret: SECRET },
  'with an EC key': publicKeyOf('ES256'),
  'with an RSA key': publicKeyOf('RS256'),
  'with an RSA key of 4,096 bits': publicKeyOf('RS256_4096'),
} as const;
export type State = keyof typeof STATES;

export interface World {
  readonly items: readonly Record<string, AttributeValue>[];
  /** One token for each credential of a state. @param algorithm of a token that somebody forged. @default signed with SECRET */
  tokens(state: State, forged?: 'HS256' | 'ES256' | 'RS256'): string[];
}

export async function makeWorld(): Promise<World> {
  const server = await startDynalite();
  const client = benchClient(server.endpoint);
  await ensureTable(client, TABLE_NAME);
  const store = createDynamoDbStore({ client, tableName: TABLE_NAME, apiKeys: noApiKeys });
  const names = new Map<State, string[]>();
  for (const state of Object.keys(STATES) as State[]) {
    const keyIds = Array.from({ length: EACH }, () => randomBytes(8).toString('hex'));
    names.set(state, keyIds);
    const { [state]: credential } = STATES;
    if (credential !== undefined)
      for (const keyId of keyIds)
        expectValue(
          await store.createCredential({
            ...credential,
            keyId,
            consumerId: await consumerOf(store, state, keyId),
          }),
        );
  }
  const { Items: items = [] } = await client.send(new ScanCommand({ TableName: TABLE_NAME }));
  client.destroy();
  await server.close();
  const exp = Math.floor(Date.now() / 1000) + 36_000;
  return {
    items,
    tokens: (state, forged) =>
      (names.get(state) ?? []).map((sub) =>
        tokenOf(
          { sub, exp },
          { algorithm: forged ?? 'HS256', key: foreign[forged ?? ''] ?? createSecretKey(SECRET, 'utf8') },
        ),
      ),
  };
}

async function consumerOf(store: ConsumerStore, state: State, username: string): Promise<string> {
  const user = expectValue(await store.createUser({ username, isActive: state !== 'of an inactive user' }));
  if (state !== 'of an inactive application') return user.id;
  return expectValue(await store.createApplication({ userId: user.id, name: username, isActive: false })).id;
}

function expectValue<T, Code extends string>(
  outcome: Outcome<T, Code> | { readonly ok: false; readonly code: string },
): T {
  if (outcome.ok) return outcome.value;
  throw new Error(outcome.code);
}
