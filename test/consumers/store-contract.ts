/**
 * What every DynamoDB that we run on must let the store promise: dynalite here, AWS's DynamoDB Local in the
 * integration tier. Each test has a table of its own.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { apiKeyCrashContract, apiKeysContract } from './contract-api-keys.ts';
import { changesContract } from './contract-changes.ts';
import { concurrencyContract } from './contract-concurrency.ts';
import { crashContract } from './contract-crashes.ts';
import { changeCrashContract } from './contract-crashes-changes.ts';
import { credentialsContract } from './contract-credentials.ts';
import { deletionsContract } from './contract-deletions.ts';
import { modelContract } from './contract-model.ts';
import { projectionContract } from './contract-projection.ts';
import { readerContract } from './contract-reader.ts';
import { recordsContract } from './contract-records.ts';
import { revocationsContract } from './contract-revocations.ts';
import { rotationContract } from './contract-rotation.ts';
import { scopesContract } from './contract-scopes.ts';
import { stallContract } from './contract-stalls.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** @param start starts or finds the DynamoDB; `close` is called once at the end. */
export function storeContract(
  name: string,
  start: () => Promise<{ readonly endpoint: string; close(): Promise<void> }>,
): void {
  describe(`credentials table on ${name}`, () => {
    let server: Awaited<ReturnType<typeof start>>;
    let open: Workbench[] = [];
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.close());

    let current: Workbench;
    beforeEach(async () => {
      current = await another();
    });
    afterEach(() => {
      for (const workbench of open) workbench.close();
      open = [];
    });
    const bench = () => current;
    const another = async () => {
      const workbench = await openWorkbench(server.endpoint);
      open.push(workbench);
      return workbench;
    };

    recordsContract(bench);
    credentialsContract(bench);
    apiKeysContract(bench);
    changesContract(bench);
    scopesContract(bench);
    rotationContract(bench);
    revocationsContract(bench);
    deletionsContract(bench);
    readerContract(bench);
    projectionContract(bench);
    concurrencyContract(bench);
    crashContract(another);
    changeCrashContract(another);
    apiKeyCrashContract(another);
    stallContract(another);
    modelContract(another);
  });
}
