import { loadConfigFile } from '../../lambda/config/load.ts';
import { needsTable } from '../../lambda/config/modality.ts';
import { formatProblems } from '../../lambda/config/problem.ts';
import { type RevocationBound, revocationBound } from '../../lambda/config/revocation-bound.ts';
import { openBaseWarnings, otherApiWarnings, sharedSecretWarnings } from '../../lambda/config/warnings.ts';
import { createDynamoDbStore } from '../../lambda/consumers/dynamodb-store.ts';
import type { ConsumerStore } from '../../lambda/consumers/store.ts';
import { readerOf } from '../../lambda/consumers/table-reader.ts';
import { type ConsoleSubject, createConsoleApp } from '../console/app.ts';
import { createDecisionLog } from '../console/decisions.ts';
import { readPageFiles } from '../console/page-files.ts';
import { consoleSubject } from '../console/subject.ts';
import { CommandFailure } from '../consumers/failure.ts';
import { announceGateway } from '../consumers/running-gateway.ts';
import { holdTable } from '../consumers/table-lock.ts';
import { startAdminServer } from './admin-server.ts';
import { localApiKeys } from './api-keys.ts';
import { type DataFolder, openDataFolder, openEphemeralFolder } from './data-folder.ts';
import { demoLines } from './demo.ts';
import { demoOf, ensureDemoConsumers } from './demo-consumers.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { DataFolderInUse, type EmbeddedTable, openEmbeddedTable } from './embedded-table.ts';
import { createFlushAgain } from './flush-again.ts';
import { loadFunction } from './function.ts';
import { listenToFunctions } from './function-log.ts';
import { type GatewayRecord, startGateway } from './gateway.ts';
import { type Listening, PortInUseError } from './listen.ts';
import { openLocalKeys } from './local-keys.ts';
import { nameOfConsumerIn } from './name-of-consumer.ts';
import { planOfKeyIn } from './plan-of-key.ts';
import { requestLine } from './request-line.ts';
import { ensureScopesOfRoutes } from './route-scopes.ts';
import { tellWrites } from './tell-writes.ts';

export interface RunOptions {
  readonly config: string;
  readonly port: number;
  /** Port of the Admin API and the console, 0 for any free one; absent: neither is served. */
  readonly adminPort?: number;
  readonly upstream?: string;
  /** Folder of the table and the keys. */
  readonly data: string;
  /** Keep nothing: a folder that goes with this run. */
  readonly ephemeral: boolean;
  /** URL of the built function. The console's page lies beside it. */
  readonly bundle: URL;
  readonly print: (line: string) => void;
}

export interface Run {
  readonly url: string;
  /** Where the Admin API is; absent where no policy is controlled, or none was asked for. */
  readonly adminUrl?: string;
  /** Where the console is; absent where none was asked for. */
  readonly consoleUrl?: string;
  close(): Promise<void>;
}

/** Expected at a start: for a person, without a stack trace. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}

/** Whether it is a reason that {@link run} names, rather than a bug. */
export function isExpected(error: unknown): error is Error {
  const isOurs =
    error instanceof CannotStart ||
    error instanceof CommandFailure ||
    error instanceof PortInUseError ||
    error instanceof DataFolderInUse;
  // A port that one may not have says so itself: `listen EACCES: permission denied 127.0.0.1:80`.
  return isOurs || (error instanceof Error && 'syscall' in error && error.syscall === 'listen');
}

/**
 * The local gateway with everything behind it: the embedded table, the function's own bundle, the upstream.
 * @throws CannotStart, CommandFailure, PortInUseError, DataFolderInUse. What was opened before is closed again.
 */
export async function run(options: RunOptions): Promise<Run> {
  const loaded = loadConfigFile(options.config);
  if (!loaded.ok) throw new CannotStart(formatProblems(options.config, loaded.problems));
  const { config, runtimeConfig, deprecated = [] } = loaded;
  const closing: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const step of closing.reverse().splice(0)) await step();
  };
  try {
    const folder = options.ephemeral ? openEphemeralFolder() : openDataFolder(options.data);
    closing.push(() => folder.close());
    const keys = openLocalKeys(folder);
    const demo = demoOf(config, keys);
    const hasTable = needsTable(config);
    if (hasTable) closing.push(await holdTable(folder.path));
    const table = hasTable ? await openEmbeddedTable(folder.path) : undefined;
    if (table !== undefined) closing.push(() => table.close());
    const plans = (config.plans ?? []).map(({ name }) => name);
    const apiKeys = localApiKeys(() => plans);
    const store = table && createDynamoDbStore({ ...table, apiKeys });
    if (store !== undefined) {
      await ensureScopesOfRoutes(store, config);
      const isDemoStored = demo?.policy.checkCredentialExistence === true;
      if (isDemoStored && !(await ensureDemoConsumers(store, demo))) options.print(DEMO_IS_OFF);
      if (await hasSeveralConsumers(store)) warn(sharedSecretWarnings(config), options.print);
    }
    warn([...deprecated, ...openBaseWarnings(config), ...otherApiWarnings(config)], options.print);
    const functionLog = listenToFunctions();
    closing.push(() => functionLog.close());
    const invoke = functionLog.hear(
      await loadFunction(options.bundle, {
        runtimeConfig: keys.withSecrets(runtimeConfig),
        ...(table && { table }),
      }),
    );
    const upstream = options.upstream ?? config.upstream ?? (await startEcho(closing));
    const printSoon = inOneWrite(options.print);
    const decisions = createDecisionLog(Date.now, store && { nameOf: nameOfConsumerIn(store) });
    const log = (record: GatewayRecord) => printSoon(requestLine(record, upstream));
    const planOfKey = store && planOfKeyIn(store);
    const gateway = await startGateway({
      ...{ config, invoke, upstream, port: options.port, log, watch: decisions.record },
      ...(planOfKey && { planOfKey }),
    });
    closing.push(() => gateway.close());
    const bound = revocationBound(config);
    const flushAgain = createFlushAgain({
      flush: () => gateway.flushAuthorizerCache(),
      againAfterMs: (bound?.withFlushesSeconds ?? 0) * 1000,
    });
    closing.push(() => flushAgain.close());
    const told = table && { ...table, client: tellWrites(table.client, () => flushAgain.changed()) };
    const subject = consoleSubject({
      loaded,
      place: { config: options.config, data: folder.path },
      of: { kind: 'local', gatewayUrl: gateway.url },
      hasConsumers: told !== undefined,
      decisions,
      ...(table && { openReader: async () => ({ ...readerOf(table), close: async () => undefined }) }),
    });
    const served = await startAdmin(told && createDynamoDbStore({ ...told, apiKeys }), subject, options);
    if (served !== undefined) closing.push(() => served.close());
    const admin = table === undefined ? undefined : served;
    if (admin !== undefined && table !== undefined)
      closing.push(announceGateway(folder.path, { adminUrl: admin.url, table }));
    for (const line of demoLines(config, demo, gateway.url)) options.print(line);
    if (admin !== undefined) options.print(`Admin API: ${admin.url}/users`);
    if (admin !== undefined && bound !== undefined) options.print(revocationLine(bound));
    const consoleUrl = served && `${served.url}/console/`;
    if (consoleUrl !== undefined) options.print(`Console: ${consoleUrl}`);
    options.print(`ready: ${gateway.url} in front of ${upstream}${placeOf(folder, table)}`);
    return {
      ...{ url: gateway.url, close },
      ...(admin && { adminUrl: admin.url }),
      ...(consoleUrl !== undefined && { consoleUrl }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function revocationLine(bound: RevocationBound): string {
  const { withFlushesSeconds, credentialCacheSeconds, functionTimeoutSeconds } = bound;
  return `What is taken away there still counts for at most ${withFlushesSeconds} s: credentialCacheSeconds (${credentialCacheSeconds}) for what the function has just read + its time limit (${functionTimeoutSeconds}) for requests at work`;
}

async function startAdmin(
  store: ConsumerStore | undefined,
  subject: ConsoleSubject,
  { adminPort, bundle, print }: RunOptions,
): Promise<Listening | undefined> {
  if (adminPort === undefined) return undefined;
  const onErrorOf = (what: string) => (error: unknown) =>
    print(`${what}: ${error instanceof Error ? error.name : 'unknown failure'}`);
  const page = readPageFiles(new URL('../../console/', bundle));
  return startAdminServer({
    store,
    console: createConsoleApp({ ...subject, page, onError: onErrorOf('Console') }),
    port: adminPort,
    onError: onErrorOf('Admin API'),
  });
}

/** A secret that several consumers share lets each sign as any other. */
async function hasSeveralConsumers(store: ConsumerStore): Promise<boolean> {
  const [users, applications] = await Promise.all([
    store.listUsers({ limit: 2 }),
    store.listApplications({ limit: 2 }),
  ]);
  return users.items.length + applications.items.length > 1;
}

const DEMO_IS_OFF =
  'warning: the demo user or one of its credentials is deactivated or has other scopes than it was made with, so the lines below will not all give what they say; activate it (jwt-authorizer users activate demo), or start with another --data';

function warn(warnings: readonly string[], print: (line: string) => void): void {
  for (const warning of warnings) print(`warning: ${warning}`);
}

async function startEcho(closing: (() => Promise<void> | void)[]): Promise<string> {
  const echo = await startEchoUpstream();
  closing.push(() => echo.close());
  return echo.url;
}

function placeOf(folder: DataFolder, table: EmbeddedTable | undefined): string {
  return table === undefined ? '' : `, credentials in ${folder.path}`;
}

/** What comes in one turn of the event loop, in one write: each write to a pipe or terminal waits for it. */
function inOneWrite(print: (text: string) => void): (line: string) => void {
  const lines: string[] = [];
  return (line) => {
    if (lines.push(line) === 1) setImmediate(() => print(lines.splice(0).join('\n')));
  };
}
