import { loadConfigFile } from '../../lambda/config/load.ts';
import { formatProblems } from '../../lambda/config/problem.ts';
import { createDynamoDbClient } from '../../lambda/consumers/dynamodb-client.ts';
import { createDynamoDbStore } from '../../lambda/consumers/dynamodb-store.ts';
import { openApiKeysLater } from '../../lambda/consumers/open-api-keys.ts';
import { type Deployment, tableOf } from '../attachment/deployment.ts';
import { CommandFailure } from '../consumers/failure.ts';
import { whyUnreachable } from '../consumers/open-table.ts';
import { startAdminServer } from '../local/admin-server.ts';
import { createConsoleApp } from './app.ts';
import { newKey } from './key.ts';
import { readPageFiles } from './page-files.ts';
import { consoleSubject } from './subject.ts';

export interface DeployedOptions {
  readonly config: string;
  /** A table by its name, or the stack that has it. */
  readonly of: string | Deployment;
  readonly region?: string;
  /** 0 for any free one. */
  readonly port: number;
  /** URL of the folder with the built page. */
  readonly page: URL;
  readonly print: (line: string) => void;
}

/** A console that is served. */
export interface RunningConsole {
  /** With its key: for the one who started it alone. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * The console of a deployed table, with the AWS SDK's own credentials and region; the configuration is the file's.
 * @throws CommandFailure where the configuration or the table cannot be read; PortInUseError.
 */
export async function startDeployedConsole(options: DeployedOptions): Promise<RunningConsole> {
  const { config, of, region, print } = options;
  const loaded = loadConfigFile(config);
  if (!loaded.ok) throw new CommandFailure(formatProblems(config, loaded.problems));
  const deployment = typeof of === 'string' ? undefined : of;
  const table = typeof of === 'string' ? of : tableOf(of);
  const inRegion = region === undefined ? {} : { region };
  const client = createDynamoDbClient(inRegion);
  const apiKeys = openApiKeysLater({ tableName: table, ...inRegion });
  const store = createDynamoDbStore({ client, tableName: table, apiKeys });
  const onError = (error: unknown) => print(whyUnreachable(error, table));
  const key = newKey();
  try {
    await store.listUsers({ limit: 1 });
    const subject = consoleSubject({
      loaded,
      ...(deployment && { deployment }),
      place: { config, table, ...inRegion },
      of: { kind: 'table', table, ...inRegion },
      hasConsumers: true,
    });
    const page = readPageFiles(options.page);
    const server = await startAdminServer({
      ...{ store, key, onError, port: options.port },
      // What deletions left behind is the deployed Admin API's to clean up, or the next command's.
      cleansUp: false,
      console: createConsoleApp({ ...subject, page, onError }),
    });
    return {
      url: `${server.url}/console/#key=${key}`,
      close: () => server.close().then(() => client.destroy()),
    };
  } catch (error) {
    client.destroy();
    throw isOurs(error) ? error : new CommandFailure(whyUnreachable(error, table));
  }
}

const isOurs = (error: unknown): boolean =>
  error instanceof CommandFailure || (error instanceof Error && ('syscall' in error || 'port' in error));
