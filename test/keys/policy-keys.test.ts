import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { JwtPolicy } from '../../lambda/config/types.ts';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import { createPolicyKeys } from '../../lambda/keys/policy-keys.ts';
import { parsedFile, parsedPolicy, SECRET } from '../config/parsing.ts';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders-AbCdEf';
const stored = (options: object = {}): JwtPolicy => {
  const [policy] = parsedFile({ jwt: { secretArn: ARN, algorithms: ['HS256'], ...options } }).policies;
  if (policy === undefined) throw new Error('no policy');
  return policy;
};

/** A secret store whose answers the test gives one by one. */
function workbench() {
  const calls: {
    arn: string;
    jsonField: string | undefined;
    answer: (secret: Uint8Array | Error) => void;
  }[] = [];
  const keyFor = createPolicyKeys({
    generatedSecretArn: (index) => (index < 2 ? `${ARN}-${index}` : undefined),
    fetchSecret: (arn, jsonField) =>
      new Promise((resolve, reject) => {
        const answer = (secret: Uint8Array | Error) =>
          secret instanceof Error ? reject(secret) : resolve(secret);
        calls.push({ arn, jsonField, answer });
      }),
  });
  return { keyFor, calls };
}

/** The look-up of one policy with one answer. */
async function fetched(policy: JwtPolicy, secret: string | Uint8Array) {
  const { keyFor, calls } = workbench();
  const key = keyFor(policy);
  calls[0]?.answer(Buffer.from(secret));
  return await key;
}

describe('keys in the configuration', () => {
  test('are there at once, and no store is asked', () => {
    const { keyFor, calls } = workbench();
    const policy = parsedPolicy();
    expect(keyFor(policy)).toBe(policy.keySource.kind === 'inline' && policy.keySource.key);
    expect(calls).toEqual([]);
  });
});

describe('keys in a store', () => {
  test('are fetched at first use and kept as key objects', async () => {
    const { keyFor, calls } = workbench();
    const policy = stored();
    expect(calls).toEqual([]);
    const first = keyFor(policy);
    calls[0]?.answer(Buffer.from(SECRET));
    const key = await first;
    expect(key.equals(createSecretKey(SECRET, 'utf8'))).toBe(true);
    expect(keyFor(policy)).toBe(key);
    expect(calls).toHaveLength(1);
  });
  test('are fetched once for callers at the same time', async () => {
    const { keyFor, calls } = workbench();
    const policy = stored();
    const all = Promise.all(Array.from({ length: 20 }, () => keyFor(policy)));
    expect(calls).toHaveLength(1);
    calls[0]?.answer(Buffer.from(SECRET));
    expect(new Set(await all).size).toBe(1);
  });
  test('are asked for by ARN and field', () => {
    const { keyFor, calls } = workbench();
    void keyFor(stored());
    expect(calls[0]).toMatchObject({ arn: ARN, jsonField: undefined });
    const other = workbench();
    void other.keyFor(stored({ secretJsonField: 'key' }));
    expect(other.calls[0]).toMatchObject({ arn: ARN, jsonField: 'key' });
  });
  test('of several policies are several', async () => {
    const { keyFor, calls } = workbench();
    const generated = ['a', 'b'].map((issuer) => ({ secret: 'generate', issuer }));
    const keys = parsedFile({ jwt: generated }).policies.map((policy) => keyFor(policy));
    expect(calls.map(({ arn }) => arn)).toEqual([`${ARN}-0`, `${ARN}-1`]);
    for (const call of calls) call.answer(randomBytes(64));
    const [first, second] = await Promise.all(keys);
    expect(first && second && first.equals(second)).toBe(false);
  });
});

describe('a failure', () => {
  test('reaches all who wait, and is not kept', async () => {
    const { keyFor, calls } = workbench();
    const policy = stored();
    const waiting = Promise.allSettled([keyFor(policy), keyFor(policy)]);
    calls[0]?.answer(new KeyUnavailable('down'));
    expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected']);

    const again = keyFor(policy);
    expect(calls).toHaveLength(2);
    calls[1]?.answer(Buffer.from(SECRET));
    await expect(again).resolves.toMatchObject({ type: 'secret' });
  });
  test('an unusable key is not kept either', async () => {
    const { keyFor, calls } = workbench();
    const policy = stored();
    const first = keyFor(policy);
    calls[0]?.answer(Buffer.from('short'));
    await expect(first).rejects.toThrow(KeyUnavailable);
    void keyFor(policy);
    expect(calls).toHaveLength(2);
  });
  test('of one policy is none of another', async () => {
    const { keyFor, calls } = workbench();
    const generated = ['a', 'b'].map((issuer) => ({ secret: 'generate', issuer }));
    const [first, second] = parsedFile({ jwt: generated }).policies.map(
      async (policy) => await keyFor(policy),
    );
    calls[0]?.answer(new KeyUnavailable('down'));
    calls[1]?.answer(randomBytes(64));
    await expect(first).rejects.toThrow(KeyUnavailable);
    await expect(second).resolves.toMatchObject({ symmetricKeySize: 64 });
  });
  test('a generated secret that nobody made', async () => {
    const { keyFor, calls } = workbench();
    const generated = ['a', 'b', 'c'].map((issuer) => ({ secret: 'generate', issuer }));
    const policy = parsedFile({ jwt: generated }).policies[2];
    await expect(policy && keyFor(policy)).rejects.toThrow(KeyUnavailable);
    expect(calls).toEqual([]);
  });
});

describe('what is stored must be what the configuration would have taken', () => {
  const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });
  const spki = (bits: number) => rsa(bits).publicKey.export({ type: 'spki', format: 'pem' });
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
    type: 'spki',
    format: 'pem',
  });

  test.each<[string, object, string | Buffer]>([
    ['a secret of 32 bytes', { algorithms: ['HS256'] }, SECRET.slice(0, 32)],
    ['a short secret that may be one', { algorithms: ['HS512'], allowShortSecret: true }, 's'],
    ['bytes', { algorithms: ['HS512'] }, Buffer.alloc(64, 0xff)],
    ['an RSA key', { algorithms: ['RS256', 'PS512'] }, spki(2048)],
    ['an EC key', { algorithms: ['ES256'] }, p256],
  ])('%s', async (_, options, secret) => {
    await expect(fetched(stored(options), secret)).resolves.toBeDefined();
  });
  test.each<[string, object, string | Buffer]>([
    ['nothing', { allowShortSecret: true }, ''],
    ['a secret of 31 bytes', { algorithms: ['HS256'] }, SECRET.slice(0, 31)],
    ['a secret too short for one of two', { algorithms: ['HS256', 'HS512'] }, SECRET.slice(0, 63)],
    ['a secret for a public key', { algorithms: ['RS256'] }, SECRET],
    ['a public key for a secret', { algorithms: ['HS256'] }, spki(2048)],
    ['a key of another curve', { algorithms: ['ES384'] }, p256],
    ['a weak RSA key', { algorithms: ['RS256'] }, spki(2047)],
    [
      'a private key',
      { algorithms: ['RS256'] },
      rsa(2048).privateKey.export({ type: 'pkcs8', format: 'pem' }),
    ],
    ['a key in disguise', { algorithms: ['HS256'] }, JSON.stringify(spki(2048))],
  ])('not %s, and it is not told', async (_, options, secret) => {
    const failure = await fetched(stored(options), secret).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(KeyUnavailable);
    expect(String(failure)).toContain('jwt[0]');
    if (secret.length > 0) expect(String(failure)).not.toContain(secret.toString());
  });
});
