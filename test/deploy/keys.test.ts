/**
 * Keys in secret stores, rotated under a warm function, and keys of credentials.
 *
 * What this cannot show: permissions, of which the emulator checks none; test/lib/authorizer-function.test.ts
 * holds what is granted.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { adminOf, bearer, callAws, claims, fileOf, request, signHs256, signWith } from './support.ts';

const PREVIOUS_SECONDS = 14;

const statusOf = async (stack: string, token: string) => (await request(stack, '/', bearer(token))).status;

/** @returns how many seconds it took. */
async function until(limitSeconds: number, isTrue: () => Promise<boolean>): Promise<number> {
  const startedMs = Date.now();
  while (!(await isTrue())) {
    if (Date.now() - startedMs > limitSeconds * 1000) throw new Error(`not within ${limitSeconds} s`);
    await sleep(250);
  }
  return (Date.now() - startedMs) / 1000;
}

const arn = /secretArn: (\S+)/.exec(fileOf('stored.yml').toString())?.[1] ?? '';
const post = (service: string, target: string, body: object) =>
  callAws(service, { method: 'POST', target: `${target}`, body });

const STORES = {
  'Secrets Manager': {
    issuer: 'https://secrets.example',
    async read() {
      const { SecretString } = await post('secretsmanager', 'secretsmanager.GetSecretValue', {
        SecretId: arn,
      });
      return (JSON.parse(String(SecretString)) as { key: string }).key;
    },
    write: (key: string) =>
      post('secretsmanager', 'secretsmanager.PutSecretValue', {
        SecretId: arn,
        SecretString: JSON.stringify({ key }),
      }),
  },
  'Parameter Store': {
    issuer: 'https://parameters.example',
    async read() {
      const body = { Name: '/orders/jwt-key', WithDecryption: true };
      const { Parameter } = await post('ssm', 'AmazonSSM.GetParameter', body);
      return String((Parameter as { Value: string }).Value);
    },
    write: (Value: string) =>
      post('ssm', 'AmazonSSM.PutParameter', {
        ...{ Name: '/orders/jwt-key', Type: 'SecureString', Overwrite: true },
        Value,
      }),
  },
};

describe.each(Object.entries(STORES))('a key in %s', (_, { issuer, read, write }) => {
  const tokenOf = (key: string) => signHs256(claims({ iss: issuer }), key);

  it('rotates with tokens of both in flight, and the old one ends on time', async () => {
    const old = await read();
    expect(await statusOf('stored', tokenOf(old))).toBe(200);
    expect(await statusOf('stored', tokenOf('x'.repeat(64)))).toBe(401);

    const young = randomBytes(48).toString('base64url');
    await write(young);
    const rotatedMs = Date.now();
    // At once, but for the pause between two reads that unknown signatures can ask for.
    await until(12, async () => {
      expect(await statusOf('stored', tokenOf(old))).toBe(200);
      return (await statusOf('stored', tokenOf(young))) === 200;
    });
    expect(await statusOf('stored', tokenOf(old))).toBe(200);

    await until(PREVIOUS_SECONDS, async () => (await statusOf('stored', tokenOf(old))) === 401);
    const lastedSeconds = (Date.now() - rotatedMs) / 1000;
    // The store counts whole seconds.
    expect(lastedSeconds).toBeGreaterThan(PREVIOUS_SECONDS - 2);
    expect(lastedSeconds).toBeLessThan(PREVIOUS_SECONDS + 2);
    expect(await statusOf('stored', tokenOf(young))).toBe(200);
  }, 60_000);
});

describe('keys of credentials', () => {
  const stack = 'owned';
  const admin = adminOf(stack);

  it('verify the tokens of their own credential alone, and two of them while a rotation lasts', async () => {
    await admin('POST', '/users', { username: 'owner' });
    const make = async (keyId: string, credential: object = {}) => {
      const body = { consumerId: 'owner', type: 'jwt', credential: { keyId, ...credential } };
      return (await (await admin('POST', '/credentials', body)).json()) as { keySecret: string };
    };
    const { keySecret: first } = await make('own-1');
    const { keySecret: other } = await make('own-2');
    const tokenOf = (key: string) => signHs256(claims({ sub: 'own-1' }), key);
    expect(await statusOf(stack, tokenOf(first))).toBe(200);
    expect(await statusOf(stack, tokenOf(other))).toBe(401);

    const rotated = await admin('POST', '/credentials/jwt/own-1/rotate', { overlapSeconds: 600 });
    const { keySecret: second } = (await rotated.json()) as { keySecret: string };
    expect(await statusOf(stack, tokenOf(second))).toBe(200);
    expect(await statusOf(stack, tokenOf(first))).toBe(200);

    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    await make('own-3', { publicKey, algorithm: 'RS256' });
    expect(await statusOf(stack, signWith(pair.privateKey, claims({ sub: 'own-3' })))).toBe(200);
    expect(await statusOf(stack, signHs256(claims({ sub: 'own-3' }), publicKey))).toBe(401);
    expect(await statusOf(stack, signHs256(claims({ sub: 'nobody' }), first))).toBe(401);
  });
});
