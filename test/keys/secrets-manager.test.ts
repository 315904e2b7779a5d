import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import { openSecretsManager, type ReadSecret } from '../../lambda/keys/secrets-manager.ts';
import { AwsError, type StandIn, setVariables, standIn } from './aws.ts';
import { outcome } from './support.ts';

const SECRET = 'k9Wz3uPq7sYd1LmX5vBn8cRf2gHj4tQa';
const OLD = 'Zq8Xw7Ce6Vr5Bt4Ny3Mu2Li1Ko0Jp9Hg';
const BYTES = Buffer.from([0xff, 0xfe, 0, 1, 2, 3]);
const CREATED_SECONDS = 1_799_999_000.5;
const MISSING = new AwsError('ResourceNotFoundException');

/** What the stand-in holds, by secret id and, behind a slash, stage. */
const STORED: Readonly<Record<string, object>> = {
  'text/AWSCURRENT': { SecretString: SECRET, CreatedDate: CREATED_SECONDS },
  'bytes/AWSCURRENT': { SecretBinary: BYTES.toString('base64') },
  'neither/AWSCURRENT': {},
  'json/AWSCURRENT': {
    SecretString: JSON.stringify({
      ...{ key: SECRET, count: 7, nothing: null, nested: { key: SECRET } },
      ...{ numbers: [1, 2, 3], sized: { length: 64 } },
    }),
  },
  'jsonBytes/AWSCURRENT': { SecretBinary: Buffer.from(JSON.stringify({ key: SECRET })).toString('base64') },
  'list/AWSCURRENT': { SecretString: JSON.stringify([SECRET]) },
  'quoted/AWSCURRENT': { SecretString: JSON.stringify(SECRET) },

  'rotated/AWSCURRENT': { SecretString: SECRET, CreatedDate: CREATED_SECONDS },
  'rotated/AWSPREVIOUS': { SecretString: OLD, CreatedDate: 1 },
  'rotatedJson/AWSCURRENT': { SecretString: JSON.stringify({ key: SECRET }) },
  'rotatedJson/AWSPREVIOUS': { SecretString: JSON.stringify({ key: OLD }) },
  'reshaped/AWSCURRENT': { SecretString: JSON.stringify({ key: SECRET }) },
  'reshaped/AWSPREVIOUS': { SecretString: OLD },
  'throttled/AWSCURRENT': { SecretString: SECRET },
  'throttled/AWSPREVIOUS': new AwsError('ThrottlingException'),
  'forbidden/AWSCURRENT': { SecretString: SECRET },
  'forbidden/AWSPREVIOUS': new AwsError('AccessDeniedException'),
  'undecipherable/AWSCURRENT': { SecretString: SECRET },
  'undecipherable/AWSPREVIOUS': new AwsError('DecryptionFailure'),
  'whole-AbCdEf/AWSCURRENT': { ARN: 'whole-AbCdEf', SecretString: SECRET },
  'whole/AWSCURRENT': { ARN: 'whole-AbCdEf', SecretString: SECRET },
  'named/AWSCURRENT': { ARN: 'arn:named-AbCdEf', Name: 'named', SecretString: SECRET },
  'misnamed/AWSCURRENT': { ARN: 'arn:other-AbCdEf', Name: 'other', SecretString: SECRET },
  'longer/AWSCURRENT': { ARN: 'longer-named-AbCdEf', SecretString: SECRET },
  'twin-a/AWSCURRENT': { ARN: 'twin-b-AbCdEf', SecretString: SECRET },
  'mistaken/AWSCURRENT': { ARN: 'mistakenly-AbCdEf', SecretString: SECRET },
  'halfGone/AWSPREVIOUS': { SecretString: OLD },
  'failing/AWSCURRENT': new AwsError('InternalServiceError', 500),
};

let server: StandIn;
let read: ReadSecret;

beforeAll(async () => {
  server = await standIn(
    'AWS_ENDPOINT_URL_SECRETS_MANAGER',
    ({ SecretId, VersionStage }) => STORED[`${SecretId}/${VersionStage}`] ?? MISSING,
  );
  read = openSecretsManager();
});
afterAll(() => server.close());
beforeEach(() => {
  server.asked.length = 0;
});

const current = async (arn: string, jsonField?: string) =>
  Buffer.from((await read({ arn, jsonField, wantsPrevious: false })).current);
const unavailable = async (arn: string, jsonField?: string, wantsPrevious = false) => {
  const failure = await outcome(read({ arn, jsonField, wantsPrevious }));
  expect(failure).toBeInstanceOf(KeyUnavailable);
  return String(failure);
};

describe('the whole secret', () => {
  test('as text', async () => {
    expect((await current('text')).toString()).toBe(SECRET);
  });
  test('as bytes', async () => {
    expect(await current('bytes')).toEqual(BYTES);
  });
  test('without a value is empty, which no policy takes', async () => {
    expect(await current('neither')).toHaveLength(0);
  });
  test('is one whose ARN is the one that was asked for, with or without its last characters', async () => {
    expect((await current('whole-AbCdEf')).toString()).toBe(SECRET);
    expect((await current('whole')).toString()).toBe(SECRET);
    expect(await unavailable('mistaken')).not.toContain(SECRET);
    expect(await unavailable('longer')).not.toContain(SECRET);
    expect(await unavailable('twin-a')).not.toContain(SECRET);
  });
  test('is one whose name is the one that was asked for', async () => {
    expect((await current('named')).toString()).toBe(SECRET);
    expect(await unavailable('misnamed')).not.toContain(SECRET);
  });
  test('is asked for by its id, in its current version alone', async () => {
    await current('text');
    expect(server.asked).toEqual([{ SecretId: 'text', VersionStage: 'AWSCURRENT' }]);
  });
  test('tells when its current version was made, where the store says so', async () => {
    expect((await read({ arn: 'text', wantsPrevious: false })).currentSinceMs).toBe(CREATED_SECONDS * 1000);
    expect((await read({ arn: 'bytes', wantsPrevious: false })).currentSinceMs).toBeUndefined();
  });
});

describe('the secret before it', () => {
  const previous = async (arn: string, jsonField?: string) => {
    const stored = await read({ arn, jsonField, wantsPrevious: true });
    expect(Buffer.from(stored.current).toString()).toBe(SECRET);
    return stored.previous && Buffer.from(stored.previous).toString();
  };
  test('is read with it', async () => {
    expect(await previous('rotated')).toBe(OLD);
    expect(server.asked).toHaveLength(2);
    expect(server.asked).toContainEqual({ SecretId: 'rotated', VersionStage: 'AWSPREVIOUS' });
  });
  test('out of the same field', async () => {
    expect(await previous('rotatedJson', 'key')).toBe(OLD);
  });
  test('is none where there was no rotation', async () => {
    expect(await previous('text')).toBeUndefined();
  });
  test('is none where its KMS key is gone, which takes nothing from the current one', async () => {
    expect(await previous('undecipherable')).toBeUndefined();
  });
  test('is none where it had another shape, which takes nothing from the current one', async () => {
    expect(await previous('reshaped', 'key')).toBeUndefined();
  });
  test.each(['throttled', 'forbidden'])(
    'that is %s fails, since tokens of it would be denied otherwise',
    async (arn) => {
      const told = await unavailable(arn, undefined, true);
      expect(told).toContain(arn);
      expect(told).not.toContain(SECRET);
    },
  );
  test('is of no use without a current one', async () => {
    expect(await unavailable('halfGone', undefined, true)).not.toContain(OLD);
  });
});

describe('a field of a JSON secret', () => {
  test.each(['json', 'jsonBytes'])('%s', async (arn) => {
    expect((await current(arn, 'key')).toString()).toBe(SECRET);
  });
  test.each([
    ['that is missing', 'json', 'absent'],
    ['that is a number', 'json', 'count'],
    ['that is null', 'json', 'nothing'],
    ['that is a mapping', 'json', 'nested'],
    ['that is a list of bytes', 'json', 'numbers'],
    ['that has a length', 'json', 'sized'],
    ['that every object inherits', 'json', 'toString'],
    ['of a list', 'list', '0'],
    ['of a list’s length', 'list', 'length'],
    ['of a string', 'quoted', 'length'],
    ['of a secret that is no JSON', 'text', 'key'],
    ['of an empty secret', 'neither', 'key'],
  ])('%s is no key, and the secret is not told', async (_, arn, field) => {
    expect(await unavailable(arn, field)).not.toContain(SECRET);
  });
});

describe('a store that cannot answer', () => {
  test('for a secret that is not there', async () => {
    expect(await unavailable('missing')).toContain('missing');
    expect(await unavailable('missing', undefined, true)).toContain('missing');
  });
  test('is told with the reason', async () => {
    const failed = outcome(read({ arn: 'missing', wantsPrevious: false }));
    expect(await failed).toMatchObject({ cause: { name: 'ResourceNotFoundException' } });
  });
  test('in the time of a look-up is not waited for', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
    onTestFinished(() => timeout.mockRestore());
    await unavailable('text', undefined, true);
    expect(timeout).toHaveBeenCalledWith(3_300);
    expect(server.asked).toEqual([]);
  });
  test('because it fails, is asked twice', async () => {
    await unavailable('failing');
    expect(server.asked).toHaveLength(2);
  });
  test('in a second is asked once more', async () => {
    const silent = await standIn('AWS_ENDPOINT_URL_SECRETS_MANAGER', () => undefined);
    onTestFinished(() => silent.close());
    const began = performance.now();
    const failed = await outcome(openSecretsManager()({ arn: 'text', wantsPrevious: false }));
    const tookMs = performance.now() - began;
    expect(failed).toBeInstanceOf(KeyUnavailable);
    expect(silent.asked).toHaveLength(2);
    expect(tookMs).toBeGreaterThan(1_900);
    expect(tookMs).toBeLessThan(3_200);
  });
  test.each<[string, number, boolean]>([
    ['InvalidSignatureException', 1, true],
    ['RequestExpired', 1, true],
    ['SignatureDoesNotMatch', 1, true],
    ['SignatureDoesNotMatch', 2, false],
    ['AccessDeniedException', 1, false],
  ])('because of the clock, is asked once more: %s, %i times', async (type, times, answers) => {
    const faults = Array.from({ length: times }, () => new AwsError(type));
    const late = await standIn(
      'AWS_ENDPOINT_URL_SECRETS_MANAGER',
      () => faults.pop() ?? { SecretString: SECRET },
    );
    onTestFinished(() => late.close());
    const stored = await outcome(openSecretsManager()({ arn: 'text', wantsPrevious: false }));
    if (answers) expect(stored).toMatchObject({ current: Buffer.from(SECRET) });
    else expect(stored).toBeInstanceOf(KeyUnavailable);
    expect(late.asked).toHaveLength(type === 'AccessDeniedException' ? 1 : 2);
  });
  test('because it cannot be reached', async () => {
    onTestFinished(setVariables({ AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://127.0.0.1:1' }));
    const unreachable = openSecretsManager();
    for (const wantsPrevious of [false, true])
      await expect(unreachable({ arn: 'text', wantsPrevious })).rejects.toThrow(KeyUnavailable);
  });
});
