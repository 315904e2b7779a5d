/** What is deployed: built by `npm run bundle`, which `npm test` runs first. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
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

  test('is less than 600,000 bytes, and holds nothing but modules', () => {
    const names = namesIn(FOLDER);
    expect(names.filter((name) => !name.endsWith('.mjs'))).toEqual([]);
    const bytes = names.reduce((sum, name) => sum + statSync(new URL(name, FOLDER)).size, 0);
    expect(bytes).toBeLessThan(600_000);
  });

  test('has no part in the authorizer’s', () => {
    const authorizer = new URL('../authorizer/', FOLDER);
    for (const name of namesIn(authorizer))
      expect(readFileSync(new URL(name, authorizer), 'utf8')).not.toContain('username already exists');
  });
});
