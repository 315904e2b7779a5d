import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestDynamoDb } from '../support/dynalite.ts';

const START_WITHIN_MS = 30_000;

/** Starts DynamoDB Local in memory. @throws Error when `DYNAMODB_LOCAL` does not name its folder. */
export async function startDynamoDbLocal(): Promise<TestDynamoDb> {
  const folder = process.env['DYNAMODB_LOCAL'];
  if (folder === undefined) throw new Error('run this tier through test/integration/run.sh');
  const port = await freePort();
  const java = spawn(
    'java',
    ['-Djava.library.path=./DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar', '-inMemory', '-port', `${port}`],
    { cwd: folder, stdio: 'ignore' },
  );
  const endpoint = `http://127.0.0.1:${port}`;
  await untilAnswering(endpoint);
  return {
    endpoint,
    close: async () => {
      const exited = once(java, 'exit');
      java.kill();
      await exited;
    },
  };
}

async function untilAnswering(endpoint: string): Promise<void> {
  const deadline = Date.now() + START_WITHIN_MS;
  while (Date.now() < deadline) {
    // Any answer will do: without a signature it is an error, but of DynamoDB's.
    if (
      await fetch(endpoint).then(
        () => true,
        () => false,
      )
    )
      return;
    await sleep(100);
  }
  throw new Error('DynamoDB Local did not start');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
