/** What is deployed: built by `npm run bundle`, which `npm test` runs first. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { startControlPlane } from './control-plane.ts';

const FOLDER = new URL('../../dist/lambda/revocation/', import.meta.url);
const names = readdirSync(fileURLToPath(FOLDER));

const run = promisify(execFile);
const importing = `const { handler } = await import(${JSON.stringify(new URL('index.mjs', FOLDER).href)});`;

describe('the built function', () => {
  test('turns a change into two messages, and a message into a flush, from its folder alone', async () => {
    const plane = await startControlPlane({ nowMs: Date.now() });
    try {
      const change = {
        eventSource: 'aws:dynamodb',
        dynamodb: { OldImage: { isActive: { BOOL: true } }, NewImage: { isActive: { BOOL: false } } },
      };
      const env = {
        FLUSH_STAGES: 'abcdef1234/prod',
        FLUSH_QUEUE_URL: `${plane.url}/111122223333/flushes`,
        FLUSH_AGAIN_SECONDS: '71',
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_ENDPOINT_URL: plane.url,
      };
      const handle = async (Records: readonly object[]) => {
        const script = `${importing} console.log(JSON.stringify(await handler(${JSON.stringify({ Records })})));`;
        const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', script], {
          env,
        });
        expect(stderr).toBe('');
        return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as unknown;
      };
      expect(await handle([change])).toEqual({ batchItemFailures: [] });
      const received = plane.receive();
      expect(received).toHaveLength(1);
      expect(await handle(received)).toEqual({ batchItemFailures: [] });
      expect(plane.flushed).toMatchObject([{ stage: 'abcdef1234/prod' }]);
      plane.settle(received, []);
      expect(plane.nextAtMs()).toBeGreaterThan(Date.now() + 60_000);
    } finally {
      await plane.close();
    }
  });

  test.each([
    ['FLUSH_STAGES', ''],
    ['FLUSH_STAGES', 'abcdef1234'],
    ['FLUSH_QUEUE_URL', ''],
    ['FLUSH_AGAIN_SECONDS', 'soon'],
  ])('does not start with %s=%j: it would flush nothing', async (name, value) => {
    const whole = { FLUSH_STAGES: 'a/b', FLUSH_QUEUE_URL: 'https://q.example', FLUSH_AGAIN_SECONDS: '1' };
    const env = { ...whole, [name]: value };
    const starting = run(process.execPath, ['--input-type=module', '--eval', importing], { env });
    await expect(starting).rejects.toThrow(name);
  });

  test('is less than 500,000 bytes, and holds nothing but modules', () => {
    expect(names.filter((name) => !name.endsWith('.mjs'))).toEqual([]);
    const bytes = names.reduce((sum, name) => sum + statSync(new URL(name, FOLDER)).size, 0);
    expect(bytes).toBeLessThan(500_000);
  });

  test('reads no table: the client of DynamoDB is no part of it', () => {
    for (const name of names)
      expect(readFileSync(new URL(name, FOLDER), 'utf8')).not.toContain('DynamoDB_20120810');
  });
});
