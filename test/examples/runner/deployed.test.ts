/** Each example's header, run as it stands on an emulator of AWS: every `curl` is answered as the header says. */
import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleNames, folderOf, mainFileOf } from './examples.ts';
import { readHeader, type Step } from './header.ts';
import { startIssuer } from './issuer.ts';
import { type Ran, runSteps } from './session.ts';

const { EXAMPLES_TIER_FOLDER: work, EXAMPLES_TIER_ISSUER: address } = process.env;
if (work === undefined || address === undefined)
  throw new Error('start the tier with test/examples/runner/run.sh');
const issuer = await startIssuer(address, work);
afterAll(issuer.stop);

/** What a header says that its reader brings along. */
const BROUGHT = { ISSUER: issuer.url, ISSUER_TOKEN: issuer.token };

describe.each(exampleNames())('%s', (name) => {
  const steps = readHeader(readFileSync(mainFileOf(name), 'utf8'));
  let ran: Ran;
  beforeAll(async () => {
    const folder = join(work, name);
    const isSource = (path: string) => !['node_modules', 'cdk.out'].includes(basename(path));
    cpSync(folderOf(name), folder, { recursive: true, filter: isSource });
    symlinkSync(join(work, 'node_modules'), join(folder, 'node_modules'));
    ran = await runSteps(steps, { folder, env: BROUGHT });
  });

  it('runs to its end', () => {
    expect(ran.failure).toBeUndefined();
  });

  const asked = steps.flatMap((step) => (step.expected ? [[named(step), step] as const] : []));
  it.each(asked)('%s', (_, { line, expected }) => {
    expect(ran.answers.get(line)).toEqual(expected);
  });
});

const named = ({ line, command }: Step): string => `line ${line}: ${command}`;
