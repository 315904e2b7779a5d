import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readCredentialKeys } from '../../lambda/consumers/key-slots.ts';
import { countingKeys } from '../../lambda/consumers/keyed-credential.ts';
import { START_MS, value, type Workbench } from './workbench.ts';

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
