/** The Admin API over HTTP, on a table of its own. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { startAdminServer } from '../../bin/local/admin-server.ts';
import { openWorkbench, type Workbench } from '../consumers/workbench.ts';
import { startDynalite, type TestDynamoDb } from '../support/dynalite.ts';

/** The members that tests go on with; what an answer holds is what they expect of it. */
interface AnswerJson {
  readonly id: string;
  readonly keyId: string;
  readonly keySecret: string;
  readonly isActive: boolean;
  readonly status: string;
  readonly scopes: readonly string[];
  readonly credentials: readonly { readonly keyId: string }[];
  readonly users: readonly { readonly username: string }[];
  readonly nextKey: string | 0;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Undefined when the answer is no JSON. */
  readonly json: AnswerJson;
  readonly headers: Headers;
}

export interface AdminBench {
  readonly url: string;
  readonly bench: Workbench;
  /** @param body sent as JSON when it is given. */
  call(method: string, path: string, body?: unknown): Promise<Answer>;
}

/** Starts a DynamoDB for the file, and a table and a server for each test. */
export function useAdminServer(): () => AdminBench {
  let dynamoDb: TestDynamoDb;
  let close: () => Promise<void> = async () => undefined;
  let current: AdminBench;
  beforeAll(async () => {
    dynamoDb = await startDynalite();
  });
  afterAll(async () => {
    await close();
    await dynamoDb.close();
  });
  beforeEach(async () => {
    await close();
    const bench = await openWorkbench(dynamoDb.endpoint);
    const server = await startAdminServer({ store: bench.store, port: 0 });
    close = async () => {
      await server.close();
      bench.close();
    };
    const call = (method: string, path: string, body?: unknown) =>
      send(`${server.url}${path}`, {
        method,
        ...(body !== undefined && {
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        }),
      });
    current = { url: server.url, bench, call };
  });
  return () => current;
}

export async function send(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return {
    status: response.status,
    text,
    json: isJson ? JSON.parse(text) : undefined,
    headers: response.headers,
  };
}
