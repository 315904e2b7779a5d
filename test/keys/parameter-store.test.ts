import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { isRecord } from '../../lambda/config/record.ts';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import { openParameterStore, type ReadParameter } from '../../lambda/keys/parameter-store.ts';
import { AwsError, type StandIn, setVariables, standIn } from './aws.ts';
import { outcome } from './support.ts';

const SECRET = 'k9Wz3uPq7sYd1LmX5vBn8cRf2gHj4tQa';
const OLD = 'Zq8Xw7Ce6Vr5Bt4Ny3Mu2Li1Ko0Jp9Hg';
const MODIFIED_SECONDS = 1_799_999_000.5;

const parameter = (Version: number, Value = SECRET, Name?: string) => ({
  Parameter: { Name, Type: 'SecureString', Value, Version, LastModifiedDate: MODIFIED_SECONDS },
});

/** What the stand-in holds, by the name that is asked for. */
const STORED: Readonly<Record<string, object>> = {
  '/first': parameter(1),
  '/second': parameter(2),
  '/second:1': parameter(1, OLD),
  '/many': parameter(117),
  '/many:116': parameter(116, OLD),
  '/dropped': parameter(200),
  '/dropped:199': new AwsError('ParameterVersionNotFound'),
  '/throttled': parameter(2),
  '/throttled:1': new AwsError('ThrottlingException'),
  '/nothing': {},
  '/mistaken': parameter(1, SECRET, '/first'),
  '/failing': new AwsError('InternalServerError', 500),
};

/** With the name that it has whichever version was asked for. */
function named(asked: string, answer: object): object {
  const held = 'Parameter' in answer ? answer.Parameter : undefined;
  if (!isRecord(held)) return answer;
  return { Parameter: { ...held, Name: held['Name'] ?? asked.replace(/:.*/, '') } };
}

let server: StandIn;
let read: ReadParameter;

beforeAll(async () => {
  server = await standIn('AWS_ENDPOINT_URL_SSM', ({ Name }) =>
    named(String(Name), STORED[String(Name)] ?? new AwsError('ParameterNotFound')),
  );
  read = openParameterStore();
});
afterAll(() => server.close());
beforeEach(() => {
  server.asked.length = 0;
});

const texts = async (name: string, wantsPrevious: boolean) => {
  const { current, previous } = await read({ name, wantsPrevious });
  return [current, previous].map((bytes) => bytes && Buffer.from(bytes).toString());
};

describe('a parameter', () => {
  test('is read decrypted, in its current version alone', async () => {
    expect(await texts('/second', false)).toEqual([SECRET, undefined]);
    expect(server.asked).toEqual([{ Name: '/second', WithDecryption: true }]);
  });
  test('tells when it was changed', async () => {
    const { currentSinceMs } = await read({ name: '/first', wantsPrevious: false });
    expect(currentSinceMs).toBe(MODIFIED_SECONDS * 1000);
  });
  test('of another name is none', async () => {
    const failed = await outcome(read({ name: '/mistaken', wantsPrevious: false }));
    expect(failed).toBeInstanceOf(KeyUnavailable);
    expect(String(failed)).not.toContain(SECRET);
  });
  test('without a value is empty, which no policy takes', async () => {
    expect(await texts('/nothing', true)).toEqual(['', undefined]);
  });
});

describe('the version before it', () => {
  test.each([
    ['/second', 1],
    ['/many', 116],
  ])('of %s is %d', async (name, version) => {
    expect(await texts(name, true)).toEqual([SECRET, OLD]);
    expect(server.asked).toEqual([
      { Name: name, WithDecryption: true },
      { Name: `${name}:${version}`, WithDecryption: true },
    ]);
  });
  test('of the first is none, and not asked for', async () => {
    expect(await texts('/first', true)).toEqual([SECRET, undefined]);
    expect(server.asked).toHaveLength(1);
  });
  test('that is kept no longer is none', async () => {
    expect(await texts('/dropped', true)).toEqual([SECRET, undefined]);
  });
  test('that cannot be had just now fails, since tokens of it would be denied otherwise', async () => {
    await expect(read({ name: '/throttled', wantsPrevious: true })).rejects.toThrow(KeyUnavailable);
    expect(await texts('/throttled', false)).toEqual([SECRET, undefined]);
  });
});

describe('a store that cannot answer', () => {
  const unavailable = async (name: string) => {
    const failure = await outcome(read({ name, wantsPrevious: true }));
    expect(failure).toBeInstanceOf(KeyUnavailable);
    return String(failure);
  };
  test('for a parameter that is not there', async () => {
    expect(await unavailable('/missing')).toContain('/missing');
  });
  test('is told with the reason', async () => {
    const failed = outcome(read({ name: '/missing', wantsPrevious: false }));
    expect(await failed).toMatchObject({ cause: { name: 'ParameterNotFound' } });
  });
  test('in the time of a look-up is not waited for', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
    onTestFinished(() => timeout.mockRestore());
    await unavailable('/second');
    expect(timeout).toHaveBeenCalledWith(3_300);
    expect(server.asked).toEqual([]);
  });
  test('because it fails, is asked twice', async () => {
    await unavailable('/failing');
    expect(server.asked).toHaveLength(2);
  });
  test('because it cannot be reached', async () => {
    onTestFinished(setVariables({ AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:1' }));
    const unreachable = openParameterStore();
    await expect(unreachable({ name: '/first', wantsPrevious: true })).rejects.toThrow(KeyUnavailable);
  });
});
