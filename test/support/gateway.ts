/** The built function behind the local gateway, over HTTP: what a client, the upstream and the logs see. */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, vi } from 'vitest';
import type { Invoke } from '../../bin/local/authorize.ts';
import { type FunctionSettings, loadFunction } from '../../bin/local/function.ts';
import { type GatewayOptions, type GatewayRecord, startGateway } from '../../bin/local/gateway.ts';
import { type Listening, listen } from '../../bin/local/listen.ts';
import { parseConfig } from '../../lambda/config/parse.ts';
import { formatProblems } from '../../lambda/config/problem.ts';
import { noted } from '../leaks/noted.ts';
import { type Reply, type Sent, send } from '../local/support.ts';

export type ConfigFile = Readonly<Record<string, unknown>>;

export interface ApiOptions extends Pick<GatewayOptions, 'now' | 'planOfKey'> {
  readonly table?: NonNullable<FunctionSettings['table']>;
}

export interface Answer extends Reply {
  readonly record: GatewayRecord;
}

export interface Api {
  readonly url: string;
  /** The answer with the gateway's record of the request. The path goes out as it stands. */
  send(path: string, sent?: Sent): Promise<Answer>;
  /** Every request that reached the upstream so far. */
  readonly seen: readonly Seen[];
  /** How often the function was invoked so far. */
  invocations(): number;
  flushAuthorizerCache(): void;
  close(): Promise<void>;
}

const closing = new Set<() => Promise<unknown>>();

/** What a test file opened goes when its tests are over. */
export function closeAtEnd<T extends { close(): Promise<unknown> }>(open: T): T {
  closing.add(() => open.close());
  return open;
}

afterAll(async () => {
  for (const close of [...closing].reverse()) await close();
});

/** @param file the configuration, as the YAML file has it. */
export async function startApi(file: ConfigFile, { table, now, planOfKey }: ApiOptions = {}): Promise<Api> {
  const parsed = parseConfig(file);
  if (!parsed.ok) throw new Error(formatProblems('the test', parsed.problems));
  const load = await loadBuilt({ runtimeConfig: file, ...(table && { table }) });
  let invocations = 0;
  const invoke: Invoke = (event) => {
    invocations += 1;
    return noted(load(event));
  };
  const upstream = await startRecordingUpstream();
  const { log, recordOf } = keepRecords();
  const gateway = await startGateway({
    config: parsed.config,
    invoke,
    upstream: upstream.url,
    port: 0,
    log,
    ...(now && { now }),
    ...(planOfKey && { planOfKey }),
  });
  return closeAtEnd({
    url: gateway.url,
    seen: upstream.seen,
    invocations: () => invocations,
    flushAuthorizerCache: () => gateway.flushAuthorizerCache(),
    async send(path: string, sent?: Sent) {
      const reply = await send(gateway.url, path, sent);
      return { ...reply, record: await recordOf(String(reply.headers['x-amzn-requestid'])) };
    },
    close: async () => {
      await gateway.close();
      await upstream.close();
    },
  });
}

/** The gateway reports a request when it is over, which may be a moment after the client has its answer. */
function keepRecords() {
  const records = new Map<string, GatewayRecord>();
  const recordOf = (requestId: string) =>
    vi.waitUntil(() => records.get(requestId), { interval: 2, timeout: 2_000 });
  return { log: (record: GatewayRecord) => records.set(record.requestId, record), recordOf };
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Names as they came. */
  readonly names: readonly string[];
}

async function startRecordingUpstream(): Promise<Listening & { readonly seen: readonly Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers, rawHeaders } = request;
    seen.push({ method, path: url, headers, names: rawHeaders.filter((_, i) => i % 2 === 0) });
    request.resume();
    response.end('from the upstream');
  });
  return { ...(await listen(server, '127.0.0.1', 0)), seen };
}

const ROOT = new URL('../../', import.meta.url);

let copying: Promise<URL> | undefined;

/**
 * A copy of `dist` that no other build replaces meanwhile, with what the command looks for beside it. It lies
 * below `node_modules` for a second reason: vitest rewrites modules from elsewhere, and these are to run as
 * they were built.
 */
export function builtPackage(): Promise<URL> {
  copying ??= copyBuilt();
  return copying;
}

async function copyBuilt(): Promise<URL> {
  const cache = new URL('node_modules/.cache/', ROOT);
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(fileURLToPath(new URL('e2e-', cache)));
  closeAtEnd({ close: () => rm(folder, { recursive: true, force: true }) });
  for (const path of ['dist', 'package.json'])
    await cp(new URL(path, ROOT), `${folder}/${path}`, { recursive: true });
  return pathToFileURL(`${folder}/`);
}

let lastLoad: Promise<unknown> = Promise.resolve();

/** A fresh instance of the function. One load at a time, since it reads the process's environment. */
export async function loadBuilt(settings: FunctionSettings): Promise<Invoke> {
  const bundle = new URL('dist/lambda/authorizer/index.mjs', await builtPackage());
  const load = lastLoad.then(() => loadFunction(bundle, settings));
  lastLoad = load.catch(() => undefined);
  return load;
}

const lines: string[] = [];
vi.spyOn(console, 'log').mockImplementation((line) => lines.push(String(line)));

/** What the function wrote since the last time, a JSON object a line. */
export function takeFunctionLog(): readonly Readonly<Record<string, unknown>>[] {
  return lines.splice(0).map((line) => JSON.parse(line));
}
