/** Each example's header, run as it stands on an emulator of AWS: every `curl` is answered as the header says. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyExample } from './copy-example.ts';
import { exampleNames, mainFileOf } from './examples.ts';
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
    ran = await runSteps(steps, { folder: copyExample(name, work), env: BROUGHT });
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
