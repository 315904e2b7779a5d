import { generateKeyPairSync } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { readCredentialKeys } from '../../lambda/consumers/key-slots.ts';
import { countingKeys } from '../../lambda/consumers/keyed-credential.ts';
import { recordInputs, START_MS, value, type Workbench } from './workbench.ts';

const NOW = START_MS / 1000;

export function rotationContract(bench: () => Workbench): void {
  const prepare = async () => {
    const { store } = bench();
    value(await store.createUser({ username: 'ann' }));
    return value(await store.createCredential({ consumerId: 'ann', keyId: 'k' })).keySecret;
  };
  const secrets = async (nowSeconds: number) => {
    const found = await readCredentialKeys(bench(), 'k');
    return (
      found &&
      countingKeys(found.keys, nowSeconds).map((key) => ('keySecret' in key ? key.keySecret : key.algorithm))
    );
  };

  describe('rotation', () => {
    test('two keys verify for the overlap, the new one alone after it', async () => {
      const first = await prepare();
      const { store } = bench();
      expect(await secrets(NOW)).toEqual([first]);
      const { keySecret: second, credential } = value(
        await store.rotateCredential('k', { overlapSeconds: 60 }),
      );
      expect(Buffer.from(second ?? '', 'base64url')).toHaveLength(64);
      expect(JSON.stringify(credential)).not.toContain(second);
      expect(await secrets(NOW + 59)).toEqual([second, first]);
      expect(await secrets(NOW + 60)).toEqual([second]);
      expect(JSON.stringify(await store.getCredential('k'))).not.toContain(second);
    });

    test('there are never more than two, and no overlap means none', async () => {
      const first = await prepare();
      const { store } = bench();
      const { keySecret: second } = value(await store.rotateCredential('k'));
      expect(await secrets(NOW + 86_399)).toEqual([second, first]);
      const { keySecret: third } = value(await store.rotateCredential('k', { keySecret: 'third' }));
      expect([third, await secrets(NOW)]).toEqual(['third', ['third', second]]);
      value(await store.rotateCredential('k', { keySecret: 'fourth', overlapSeconds: 0 }));
      expect(await secrets(NOW)).toEqual(['fourth']);
    });

    test('a credential with a public key needs another one', async () => {
      const { store } = bench();
      const pem = () =>
        generateKeyPairSync('ec', { namedCurve: 'P-256' })
          .publicKey.export({ type: 'spki', format: 'pem' })
          .toString();
      value(await store.createUser({ username: 'ann' }));
      const key = { publicKey: pem(), algorithm: 'ES256' };
      value(await store.createCredential({ consumerId: 'ann', keyId: 'k', ...key }));
      expect(await store.rotateCredential('k')).toMatchObject({ code: 'invalid_input' });
      expect(await store.rotateCredential('k', { publicKey: pem() })).toMatchObject({
        code: 'invalid_input',
      });
      const rotated = value(await store.rotateCredential('k', { publicKey: pem(), algorithm: 'ES256' }));
      expect(rotated).not.toHaveProperty('keySecret');
      expect(await secrets(NOW)).toEqual(['ES256', 'ES256']);
    });

    test('what cannot be rotated', async () => {
      await prepare();
      const { store } = bench();
      expect(await store.rotateCredential('none')).toMatchObject({ code: 'credential_not_found' });
      for (const overlapSeconds of [-1, 1.5, 31_536_001]) {
        expect(await store.rotateCredential('k', { overlapSeconds })).toMatchObject({
          code: 'invalid_input',
        });
      }
      expect(await store.rotateCredential('k', { overlapSeconds: 31_536_000 })).toMatchObject({ ok: true });
    });

    test('a secret that was shown verifies, also of rotations at the same time', async () => {
      await prepare();
      const { store } = bench();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 5 }, () => store.rotateCredential('k', { overlapSeconds: 0 })),
      );
      const shown = outcomes.flatMap((outcome) =>
        outcome.status === 'fulfilled' ? [value(outcome.value).keySecret] : [],
      );
      const [current] = (await secrets(NOW)) ?? [];
      expect(shown).toContain(current);
    });

    test('credential, keys and holder take two round trips in all', async () => {
      const secret = await prepare();
      const { client, reader } = bench();
      value(await bench().store.rotateCredential('k', { keySecret: 'second' }));
      const inputs = recordInputs(client);
      const found = await readCredentialKeys(bench(), 'k');
      expect(found?.keys).toMatchObject([{ keySecret: 'second' }, { keySecret: secret }]);
      if (found === undefined) throw new Error('it is there');
      expect(await reader.readHolder(found.credential)).toMatchObject({ user: { username: 'ann' } });
      expect(inputs).toHaveLength(2);
      // What is unknown, or cannot be a keyId, costs no more.
      expect(await readCredentialKeys(bench(), 'none')).toBeUndefined();
      expect(inputs).toHaveLength(3);
      for (const keyId of ['', 'a b', 'x'.repeat(257)])
        expect(await readCredentialKeys(bench(), keyId)).toBeUndefined();
      expect(inputs).toHaveLength(3);
      const reads = inputs.map((input) => Object.values(Object(input).RequestItems ?? { input })[0]);
      expect(reads).toEqual(reads.map(() => expect.objectContaining({ ConsistentRead: true })));
    });

    test('a credential that was deleted and made again has the new keys alone', async () => {
      const first = await prepare();
      const { store } = bench();
      value(await store.rotateCredential('k', { keySecret: 'second' }));
      value(await store.deleteCredential('k'));
      expect(await secrets(NOW)).toBeUndefined();
      value(await store.createUser({ username: 'eve' }));
      const { keySecret: again } = value(await store.createCredential({ consumerId: 'eve', keyId: 'k' }));
      expect(await secrets(NOW)).toEqual([again]);
      expect([first, 'second']).not.toContain(again);
      value(await store.rotateCredential('k', { keySecret: 'newer' }));
      expect(await secrets(NOW)).toEqual(['newer', again]);
    });

    test('a record under another keyId is an outage', async () => {
      await prepare();
      const { client, item, tableName } = bench();
      const record = { ...(await item('cred#k', 'record')), keyId: { S: 'another' } };
      await client.send(
        new PutItemCommand({ TableName: tableName, Item: record as Record<string, { S: string }> }),
      );
      await expect(readCredentialKeys(bench(), 'k')).rejects.toMatchObject({ name: 'StoreUnavailable' });
    });

    test('a key of a former credential of that keyId is not this one’s', async () => {
      const { store } = bench();
      await prepare();
      const slow = bench().withStall('PutItem cred#k key#2');
      const late = slow.store.rotateCredential('k', { keySecret: 'late' });
      await slow.reached;
      value(await store.deleteCredential('k'));
      value(await store.createCredential({ consumerId: 'ann', keyId: 'k', keySecret: 'new' }));
      slow.goOn();
      await expect(late).rejects.toMatchObject({ name: 'StoreUnavailable' });
      value(await store.rotateCredential('k', { keySecret: 'newer' }));
      expect(await secrets(NOW)).toEqual(['newer', 'new']);
    });
  });
}
