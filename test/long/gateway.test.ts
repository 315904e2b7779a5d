/** The same through a gateway that runs, which owns the data folder: its memory too is flat. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { linesFile, memoryOf, report, run, spawnCommand, temporaryFolder } from './command.ts';

const LINES = Number(process.env['LONG_LINES'] ?? 100_000) / 5;
const MAY_GROW_MB = 50;
const CONFIG = `jwt: { secret: generate, algorithms: [HS256] }\n`;

it(`${LINES} credentials through a gateway that runs`, async () => {
  const folder = await temporaryFolder();
  const config = join(folder, 'authorizer.config.yml');
  await writeFile(config, CONFIG);
  const gateway = await spawnCommand(
    ['start', '--config', config, '--port', '0', '--admin-port', '0'],
    ['ignore', 'pipe', 'ignore'],
  );
  for await (const line of createInterface({ input: gateway.stdout ?? ([] as never) })) {
    if (line.startsWith('ready: ')) break;
  }
  const stdin = await linesFile(join(folder, 'credentials'), LINES, (index) => ({
    consumerId: 'demo',
    keyId: `key-${String(index).padStart(6, '0')}`,
  }));
  const own: number[] = [];
  let isDone = false;
  const watching = (async () => {
    while (!isDone) {
      const memory = await memoryOf(gateway.pid);
      if (memory !== undefined) own.push(memory.own);
      await sleep(250);
    }
  })();
  const args = ['credentials', 'create', '--stdin', '-q', '--json', '--config', config];
  const ran = await run(args, { stdin, out: join(folder, 'out') });
  isDone = true;
  await watching;
  gateway.kill('SIGTERM');
  expect(JSON.parse(ran.said)).toEqual({ created: LINES, skipped: 0, failed: 0 });
  // Peaks, since memory goes up and down by 60 MB with the collector's rounds; the first third warms up.
  const peak = (from: number, to: number) =>
    Math.max(...own.slice(Math.floor(own.length * from), Math.ceil(own.length * to)));
  const grew = peak(2 / 3, 1) - peak(1 / 3, 2 / 3);
  report(
    `${LINES} through a gateway`,
    `${ran.seconds.toFixed(0)} s; the gateway has ${Math.max(...own).toFixed(0)} MB of its own, grew by ${grew.toFixed(0)} MB`,
  );
  if (own.length > 0) expect(grew).toBeLessThan(MAY_GROW_MB);
});
