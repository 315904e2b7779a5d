/** What is deployed: built by `npm run bundle`, which `npm test` runs first. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { startTable } from '../e2e/table.ts';
import { startControlPlane } from '../support/api-gateway.ts';
import { closeAtEnd } from '../support/gateway.ts';
import { restEvent } from './events.ts';

const FOLDER = new URL('../../dist/lambda/admin/', import.meta.url);
const namesIn = (folder: URL) => readdirSync(fileURLToPath(folder));

describe('the built function', () => {
  test('starts from its folder alone, and says when its table is away', async () => {
    const script = `
      const { handler } = await import(${JSON.stringify(new URL('index.mjs', FOLDER).href)});
      const context = { getRemainingTimeInMillis: () => 60000 };
      const answers = [];
      for (const event of ${JSON.stringify([restEvent('GET', '/nothing'), restEvent('GET', '/scopes/read')])})
        answers.push((await handler(event, context)).statusCode);
      console.log(JSON.stringify(answers));`;
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', script],
      {
        env: {
          CREDENTIALS_TABLE: 'credentials',
          AWS_REGION: 'eu-west-1',
          AWS_ACCESS_KEY_ID: 'local',
          AWS_SECRET_ACCESS_KEY: 'local',
          AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
        },
      },
    );
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual([404, 503]);
    expect(stderr).toBe('');
  });

  test('reaches API Gateway for an API key, with a client that it loads then', async () => {
    const { endpoint, tableName, store } = await startTable();
    await store.createUser({ username: 'ann' });
    const plane = closeAtEnd(await startControlPlane('gold'));
    const body = { consumerId: 'ann', type: 'jwt', credential: { keyId: 'k', plan: 'gold' } };
    const script = `
      const { handler } = await import(${JSON.stringify(new URL('index.mjs', FOLDER).href)});
      const context = { getRemainingTimeInMillis: () => 60000 };
      const { statusCode, body } = await handler(${JSON.stringify(restEvent('POST', '/credentials', { body }))}, context);
      const deleted = await handler(${JSON.stringify(restEvent('DELETE', '/credentials/jwt/k'))}, context);
      console.log(JSON.stringify({ statusCode, body: JSON.parse(body), deleted: deleted.statusCode }));`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', script],
      {
        env: {
          CREDENTIALS_TABLE: tableName,
          USAGE_PLANS: '{"gold":"plan1"}',
          AWS_REGION: 'us-east-1',
          AWS_ACCESS_KEY_ID: 'local',
          AWS_SECRET_ACCESS_KEY: 'local',
          AWS_ENDPOINT_URL_DYNAMODB: endpoint,
          AWS_ENDPOINT_URL_API_GATEWAY: plane.origin,
        },
      },
    );
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
      statusCode: 200,
      body: { plan: 'gold', apiKeyId: 'key1' },
      deleted: 204,
    });
    expect(plane.asked).toEqual(['GetApiKeys', 'CreateApiKey', 'CreateUsagePlanKey', 'DeleteApiKey']);
    expect(plane.keys.size).toBe(0);
    // What it logs, which is on stdout too, has no key in it.
    const logged = stdout.trim().split('\n').slice(0, -1).join('\n');
    expect(logged).not.toMatch(/[0-9a-f]{64}/);
  });

  test('is less than 600,000 bytes, and holds nothing but modules', () => {
    const names = namesIn(FOLDER);
    expect(names.filter((name) => !name.endsWith('.mjs'))).toEqual([]);
    const bytes = names.reduce((sum, name) => sum + statSync(new URL(name, FOLDER)).size, 0);
    expect(bytes).toBeLessThan(600_000);
  });

  test('has no part in the authorizer’s', () => {
    const authorizer = new URL('../authorizer/', FOLDER);
    for (const name of namesIn(authorizer))
      expect(readFileSync(new URL(name, authorizer), 'utf8')).not.toMatch(
        /username already exists|CreateUsagePlanKey/,
      );
  });

  test('loads what asks API Gateway only when it is asked to', () => {
    expect(readFileSync(new URL('index.mjs', FOLDER), 'utf8')).not.toContain('CreateUsagePlanKey');
  });
});
