/** An embedded DynamoDB for tests: in memory, on a free port of the loopback interface. */
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';

export interface TestDynamoDb {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** @param options.createTableMs how long a table that is made answers nothing. @default 0: a turn of its loop */
export async function startDynalite({ createTableMs = 0 } = {}): Promise<TestDynamoDb> {
  const server = dynalite({ createTableMs });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        // Clients keep their connections; close alone would wait for them.
        server.closeAllConnections();
      }),
  };
}
