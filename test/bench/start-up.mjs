/**
 * From a process's start to its first decision. Processes are started one after another, each kind in turn; what counts is the
 * median of the rounds, and of each round's ratio.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { median } from './measure.mjs';

/** @param kinds `{ name, file, env }`: programs that write a line when they have decided. */
export async function measureStartUp(node, kinds, { rounds }) {
  const millis = kinds.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (let i = 0; i < kinds.length; i++) {
      const at = (i + round) % kinds.length;
      millis[at].push(await timeOf(node, kinds[at]));
    }
  const [empty] = millis;
  return kinds.map(({ name }, at) => ({
    name,
    millis: median(millis[at]),
    ratio: median(millis[at].map((value, round) => value / empty[round])),
    rounds: millis[at],
  }));
}

async function timeOf(node, { name, file, env }) {
  const begin = process.hrtime.bigint();
  const child = spawn(node, [file], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const decided = async () => {
    // Before it comes what the function logs.
    for await (const text of child.stdout.setEncoding('utf8')) if (/^decided$/m.test(text)) return;
    throw new Error(`${name} ended undecided`);
  };
  await decided();
  const millis = Number(process.hrtime.bigint() - begin) / 1e6;
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return millis;
}
