/** What is deployed: built by `npm run bundle`, which `npm test` runs first. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { requestEvent } from '../support/requests.ts';
import { SECRET_TEXT, tokenOf } from '../support/tokens.ts';

const FOLDER = new URL('../../dist/lambda/authorizer/', import.meta.url);
const run = promisify(execFile);

/** Writes the name of each file that is loaded to descriptor 2. */
const HOOKS = `
  import { writeSync } from 'node:fs';
  export async function load(url, context, next) {
    writeSync(2, 'loaded ' + url + '\\n');
    return next(url, context);
  }`;
const REGISTER = `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(HOOKS))});`;

function dataUrl(script: string): string {
  return `data:text/javascript,${encodeURIComponent(script)}`;
}

interface Started {
  readonly answer: unknown;
  /** Names within the folder. */
  readonly loaded: readonly string[];
}

/** Starts the function in a process of its own, and invokes it once. */
async function invoke(config: object, variables: Record<string, string> = {}): Promise<Started> {
  const token = tokenOf({ sub: 'ada', exp: 4_000_000_000 });
  const event = requestEvent({ headers: [['Authorization', `Bearer ${token}`]] });
  const script = `
    const { handler } = await import(${JSON.stringify(new URL('index.mjs', FOLDER).href)});
    const answer = await handler(${JSON.stringify(event)}).catch(({ message }) => message);
    console.log(JSON.stringify({ answer }));`;
  const { stdout, stderr } = await run(
    process.execPath,
    ['--import', dataUrl(REGISTER), '--input-type=module', '--eval', script],
    { env: { PATH: process.env['PATH'], AUTHORIZER_CONFIG: JSON.stringify(config), ...variables } },
  );
  const { answer }: { answer: unknown } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  const loaded = [...stderr.matchAll(/^loaded (file:.*)$/gm)].map(([, url = '']) => url);
  const ours = loaded.filter((url) => url.startsWith(FOLDER.href));
  return { answer, loaded: ours.map((url) => decodeURIComponent(url.slice(FOLDER.href.length))) };
}

const bytesOf = (names: readonly string[]) =>
  names.reduce((sum, name) => sum + statSync(new URL(name, FOLDER)).size, 0);

/** Text that only the AWS SDK has. */
const holdsSdk = (name: string) =>
  /DynamoDB_20120810|X-Amz-Security-Token|AWS_SDK/i.test(readFileSync(new URL(name, FOLDER), 'utf8'));

describe('the built function', () => {
  test('uncontrolled: loads no AWS SDK, and less than 150,000 bytes', async () => {
    const { answer, loaded } = await invoke({
      jwt: { secretOrPublicKey: SECRET_TEXT, checkCredentialExistence: false },
    });
    expect(answer).toMatchObject({ principalId: 'ada', context: { authenticated: 'true' } });
    expect(loaded).toContain('index.mjs');
    expect(loaded.filter(holdsSdk)).toEqual([]);
    expect(bytesOf(loaded)).toBeLessThan(150_000);
  });

  test('controlled: loads the AWS SDK, so that the test above would see it', async () => {
    const { answer, loaded } = await invoke(
      { jwt: { secretOrPublicKey: SECRET_TEXT } },
      {
        CREDENTIALS_TABLE: 'credentials',
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
      },
    );
    expect(answer).toBe('the authorizer is unavailable; see its log');
    expect(loaded.filter(holdsSdk)).not.toEqual([]);
  });

  test('with a configuration that has a problem: does not start', async () => {
    const failed = invoke({ jwt: { secretOrPublicKey: SECRET_TEXT, algorithm: 'HS256' } });
    await expect(failed).rejects.toMatchObject({ stderr: expect.stringContaining('jwt.algorithm') });
  });

  test('is less than 500,000 bytes in all, and holds nothing but modules', () => {
    const names = readdirSync(fileURLToPath(FOLDER));
    expect(names.filter((name) => !name.endsWith('.mjs'))).toEqual([]);
    expect(bytesOf(names)).toBeLessThan(500_000);
  });
});
