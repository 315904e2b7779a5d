import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isRecord } from '../../lambda/config/record.ts';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import { createSecretsManager, type FetchSecret } from '../../lambda/keys/secret-store.ts';

const SECRET = 'k9Wz3uPq7sYd1LmX5vBn8cRf2gHj4tQa';
const BYTES = Buffer.from([0xff, 0xfe, 0, 1, 2, 3]);
const ENVIRONMENT = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };
const before = { ...process.env };

/** What the stand-in for Secrets Manager on the loopback holds, by secret id. */
const STORED: Readonly<Record<string, object>> = {
  text: { SecretString: SECRET },
  bytes: { SecretBinary: BYTES.toString('base64') },
  neither: {},
  json: { SecretString: JSON.stringify({ key: SECRET, count: 7, nothing: null, nested: { key: SECRET } }) },
  jsonBytes: { SecretBinary: Buffer.from(JSON.stringify({ key: SECRET })).toString('base64') },
  list: { SecretString: JSON.stringify([SECRET]) },
  quoted: { SecretString: JSON.stringify(SECRET) },
};

let server: Server;
let fetchSecret: FetchSecret;
const asked: unknown[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body: unknown = JSON.parse(await text(request));
    asked.push(body);
    const stored = isRecord(body) ? STORED[String(body['SecretId'])] : undefined;
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.statusCode = stored ? 200 : 400;
    response.end(JSON.stringify(stored ?? { __type: 'ResourceNotFoundException', message: 'not found' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  Object.assign(process.env, ENVIRONMENT, { AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${port}` });
  fetchSecret = createSecretsManager();
});
afterAll(async () => {
  for (const name of [...Object.keys(ENVIRONMENT), 'AWS_ENDPOINT_URL_SECRETS_MANAGER']) {
    const value = before[name];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const unavailable = async (secret: string, field?: string) => {
  const failure = await fetchSecret(secret, field).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(KeyUnavailable);
  return String(failure);
};

describe('the whole secret', () => {
  test('as text', async () => {
    expect(Buffer.from(await fetchSecret('text')).toString()).toBe(SECRET);
  });
  test('as bytes', async () => {
    expect(Buffer.from(await fetchSecret('bytes'))).toEqual(BYTES);
  });
  test('without a value is empty, which no policy takes', async () => {
    expect(await fetchSecret('neither')).toHaveLength(0);
  });
  test('is asked for by its id, in its current version', async () => {
    asked.length = 0;
    await fetchSecret('text');
    expect(asked).toEqual([{ SecretId: 'text' }]);
  });
});

describe('a field of a JSON secret', () => {
  test.each(['json', 'jsonBytes'])('%s', async (secret) => {
    expect(Buffer.from(await fetchSecret(secret, 'key')).toString()).toBe(SECRET);
  });
  test.each([
    ['that is missing', 'json', 'absent'],
    ['that is a number', 'json', 'count'],
    ['that is null', 'json', 'nothing'],
    ['that is a mapping', 'json', 'nested'],
    ['that every object inherits', 'json', 'toString'],
    ['of a list', 'list', '0'],
    ['of a list’s length', 'list', 'length'],
    ['of a string', 'quoted', 'length'],
    ['of a secret that is no JSON', 'text', 'key'],
    ['of an empty secret', 'neither', 'key'],
  ])('%s is no key, and the secret is not told', async (_, secret, field) => {
    expect(await unavailable(secret, field)).not.toContain(SECRET);
  });
});

describe('a store that cannot answer', () => {
  test('for a secret that is not there', async () => {
    expect(await unavailable('missing')).toContain('missing');
  });
  test('because it cannot be reached', async () => {
    process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] = 'http://127.0.0.1:1';
    const unreachable = createSecretsManager();
    await expect(unreachable('text')).rejects.toThrow(KeyUnavailable);
  });
});
