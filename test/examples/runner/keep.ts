// One example, set up as its header says, and kept until Ctrl-C: `run.sh --keep NAME` starts this in the place of the tests.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyExample } from './copy-example.ts';
import { mainFileOf } from './examples.ts';
import { readHeader, type Step } from './header.ts';
import { startIssuer } from './issuer.ts';
import { declarationsOf, partsOf } from './parts.ts';
import { quoted, runSteps } from './session.ts';

const { EXAMPLES_TIER_FOLDER: work, EXAMPLES_TIER_ISSUER: address, AWS_ENDPOINT_URL: emulator } = process.env;
const [name] = process.argv.slice(2);
if (work === undefined || address === undefined || name === undefined)
  throw new Error('start it with test/examples/runner/run.sh --keep NAME');

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
});
const { setUp, toTry, takeDown } = partsOf(readHeader(readFileSync(mainFileOf(name), 'utf8')));
const folder = copyExample(name, work);
const issuer = await startIssuer(address, work);
const brought = { ISSUER: issuer.url, ISSUER_TOKEN: issuer.token };

/** What another shell needs to go on; nobody but the user reads the folder that it is in. */
const shell = join(work, 'try.sh');
const SHARED = /^(AWS_|CDK_|NODE_EXTRA_CA_CERTS$|PATH$|HOME$)/;
const shared = Object.entries({ ...process.env, ...brought }).filter(
  ([key]) => SHARED.test(key) || key in brought,
);
writeFileSync(
  shell,
  `${shared.map(([key, value]) => `export ${key}=${quoted(value ?? '')}`).join('\n')}
source ${quoted(join(import.meta.dirname, 'curl.sh'))}
cd ${quoted(folder)}
`,
  { mode: 0o600 },
);

const say = (text: string) => process.stdout.write(`${text}\n`);

/** A step of ours, after a header's. */
const own = (command: string): Step => ({ line: 0, command });
const declared = join(work, 'declared.sh');
const declarations = declarationsOf(setUp);
say(`setting ${name} up …`);
const before = declarations === '' ? [] : [own(`{ ${declarations}; } >${quoted(declared)}`)];
const { failure } = await runSteps([...setUp, ...before], { folder, env: brought });
if (failure === undefined) {
  if (declarations !== '') appendFileSync(shell, readFileSync(declared, 'utf8'));
  say(`
ready: ${name}, on an emulator of AWS at ${emulator ?? 'no address'}. In another terminal, in bash:

  source ${shell}
  echo "$API"

then, with the status that each curl gets (there curl is a function, which asks the emulator in the place of AWS; $API and the other
variables are that shell's alone):

${toTry.map(lineOf).join('\n')}

Ctrl-C here destroys it, and ends the emulator.`);
  await stopped;
  say('destroying …');
} else say(failure || 'stopped while it was set up');

// Also what a set-up left that failed, as far as it came.
const known = failure === undefined && declarations !== '' ? [own(`source ${quoted(declared)}`)] : [];
const ended = await runSteps([...known, ...takeDown], { folder, env: brought });
await issuer.stop();
if (ended.failure !== undefined) say(ended.failure);
process.exitCode = failure === undefined && ended.failure === undefined ? 0 : 1;
if (process.exitCode === 0) say('destroyed');

function lineOf({ command, expected }: Step): string {
  const status =
    expected === undefined ? '' : `   # ${expected.status}${expected.code ? ` ${expected.code}` : ''}`;
  return `  ${command}${status}`;
}
