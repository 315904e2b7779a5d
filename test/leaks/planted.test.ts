/** The watch itself: what is let out on purpose, in a process of its own, is found; and nothing else. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildVariant, type Edit, type Variant } from '../support/build-variant.ts';
import { readOutputs, readSecrets } from './records.ts';
import { findLeaks } from './scan.ts';
import { writtenFiles } from './written-files.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const HANDLER = 'lambda/authorizer/handler.ts';

/** The faults: what nobody would write so plainly, in each way that the function lets anything out. */
const PLANTED_LEAK: readonly Edit[] = [
  {
    file: HANDLER,
    from: '    record(outcome);\n',
    to: `    record(outcome);
    const { PLANTED_WAY: way, PLANTED_WHAT: what, PLANTED_PRIVATE_KEY: pem } = environment;
    const [{ keySource }] = config.policies as never[];
    const secret = (keySource as { key: { export(): Buffer } }).key.export().toString('base64');
    const shown = { token: (event as { authorizationToken: string }).authorizationToken, secret, private_key: pem }[what as 'token'];
    if (way === 'log') write(JSON.stringify({ level: 'info', message: \`called with \${shown}\` }));
    if (way === 'metric') count('Unavailable', shown as never);
    if (way === 'error') throw new Error(\`cannot go on with \${shown}\`);
    if (way === 'response') return {
      principalId: 'anonymous',
      policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Deny', Resource: '*' }] },
      context: { code: shown },
    } as never;
`,
  },
];

/** Ways out, and where they are to be seen. */
const WAYS = {
  log: 'stdout',
  metric: 'stdout',
  error: 'error',
  response: 'response',
  template: 'template',
  snapshot: 'file',
} as const;

let variant: Variant;
beforeAll(async () => {
  variant = await buildVariant(PLANTED_LEAK);
});
afterAll(() => variant?.remove());

/** What is found after a process let out all three in one way. */
async function foundAfter(way: string): Promise<readonly string[]> {
  const [watched, written] = await Promise.all(
    ['watched-', 'written-'].map((name) => mkdtemp(join(tmpdir(), name))),
  );
  if (watched === undefined || written === undefined) throw new Error('no folder');
  try {
    const imports = [`--import=${new URL('watch/watch.mjs', import.meta.url).href}`];
    // The gateway is TypeScript.
    if (way === 'response') imports.push('--import=tsx');
    const program = fileURLToPath(new URL('planted/leaky.mjs', import.meta.url));
    await promisify(execFile)(process.execPath, [...imports, program, way, variant.url.href, written], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], LEAK_WATCH_FOLDER: watched },
    });
    const [secrets, outputs] = await Promise.all([readSecrets(watched), readOutputs(watched)]);
    const leaks = findLeaks(secrets, [...outputs, ...(await writtenFiles(written))]);
    return [...new Set(leaks.map(({ needle, at }) => `${needle.kind} in ${at.sink}`))].sort();
  } finally {
    await Promise.all([watched, written].map((path) => rm(path, { recursive: true, force: true })));
  }
}

describe('a token, a secret in base64 and a private key in PEM are found', () => {
  it.each(Object.entries(WAYS))('in a %s', async (way, sink) => {
    const kinds = ['payload', 'private_key', 'secret', 'signature'];
    expect(await foundAfter(way)).toEqual(kinds.map((kind) => `${kind} in ${sink}`));
  });

  it('and nothing is, where they are only used', async () => {
    expect(await foundAfter('nothing')).toEqual([]);
  });
});
