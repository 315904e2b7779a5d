/** What the client prints is seen from outside only: in a process of its own. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const module = new URL('../../lambda/consumers/dynamodb-client.ts', import.meta.url).href;

const stderrOf = async (script: string, env: Record<string, string> = {}) => {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const { stderr } = await run(process.execPath, args, {
    env: { PATH: process.env['PATH'], AWS_REGION: 'us-east-1', ...env },
  });
  return stderr;
};

const script = `
  const { createDynamoDbClient } = await import(${JSON.stringify(module)});
  createDynamoDbClient();
  process.emitWarning('another warning');
  const left = Object.keys(process.env).filter((name) => name.startsWith('AWS_SDK_JS'));
  console.error('left:', left.join());
`;

test('hides the warning about the version of Node, and no other', async () => {
  const stderr = await stderrOf(script);
  expect(stderr).not.toContain('NodeVersionSupportWarning');
  expect(stderr).toContain('another warning');
  expect(stderr).toMatch(/^left: $/m);
});

test.runIf(process.version.startsWith('v20.'))('keeps it for a user who asked for it', async () => {
  const stderr = await stderrOf(script, { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'false' });
  expect(stderr).toContain('NodeVersionSupportWarning');
});
