/** The handlers whose start is measured, and the two ways of starting them: in a process of our own, and as Lambda does. */
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { tokenEvent } from '../authorizer.mjs';
import type { Program } from '../processes.ts';
import { startRuntimeApi } from '../runtime-api.ts';
import type { BenchTable } from '../table.ts';
import { AUDIENCE, ISSUER, makeKeys, makeToken } from '../tokens.mjs';
import { ROOT } from '../tools.ts';

const SOURCES = join(ROOT, 'test/bench/start-up');
/** What `npm run bundle` makes. */
const AUTHORIZER = join(ROOT, 'dist/lambda/authorizer/index.mjs');

export interface Handler {
  readonly id: string;
  readonly name: string;
  /** Exports `handler`. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

/** @param authorizer the built function. @default the one in `dist` */
export interface Handlers {
  readonly event: object;
  readonly constant: Handler;
  readonly bare: Handler;
  readonly bareTable: Handler;
  uncontrolled(authorizer?: string): Handler;
  controlled(authorizer?: string): Handler;
}

/** @param folder for what is bundled. */
export async function makeHandlers(table: BenchTable, folder: string): Promise<Handlers> {
  const { RS256: key } = makeKeys();
  const policy = { secretOrPublicKey: key.text, algorithms: ['RS256'], audience: AUDIENCE, issuer: ISSUER };
  const config = (checkCredentialExistence: boolean) => ({
    AUTHORIZER_CONFIG: JSON.stringify({ jwt: { ...policy, checkCredentialExistence } }),
    // With a function's name the metrics are on, as they are in Lambda.
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
  });
  const ofTable = {
    ...table.environment,
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    CREDENTIALS_TABLE: table.name,
  };
  const ofKey = { BENCH_KEY: key.text };
  return {
    event: tokenEvent(makeToken('RS256', key.privateKey)),
    constant: {
      ...{ id: 'constant', name: 'a handler that returns a constant', env: {} },
      file: join(SOURCES, 'constant.mjs'),
    },
    bare: {
      ...{ id: 'jsonwebtoken', name: 'jsonwebtoken alone', env: ofKey },
      file: await bundleHandler('bare', folder),
    },
    bareTable: {
      ...{ id: 'jsonwebtoken-sdk', name: 'jsonwebtoken and client-dynamodb, two reads' },
      ...{ env: { ...ofKey, ...ofTable }, file: await bundleHandler('bare-table', folder) },
    },
    uncontrolled: (file = AUTHORIZER) => ({
      ...{ id: 'uncontrolled', name: 'authorizer, uncontrolled', file, env: config(false) },
    }),
    controlled: (file = AUTHORIZER) => ({
      ...{ id: 'controlled', name: 'authorizer, controlled', file, env: { ...config(true), ...ofTable } },
    }),
  };
}

/** A process that loads the handler and asks it once. */
export const inProcess = ({ event }: Handlers, { id, name, file, env }: Handler): Program => ({
  ...{ id, name, args: [join(SOURCES, 'decide.mjs')] },
  env: { ...env, BENCH_HANDLER: file, BENCH_EVENT: JSON.stringify(event) },
});

/** Lambda's runtime client, which loads the handler and asks for what to ask it. @param client its script. */
export const underRuntimeClient = (
  { event }: Handlers,
  { id, name, file, env }: Handler,
  client: string,
): Program => ({
  ...{ id, name, args: [client] },
  env: {
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_LAMBDA_FUNCTION_VERSION: '1',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/bench',
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/11/22/[1]bench',
    LAMBDA_TASK_ROOT: dirname(file),
    _HANDLER: `${basename(file).replace(/\.[cm]?js$/, '')}.handler`,
    ...env,
  },
  serve: async () => {
    const { host, answer, close } = await startRuntimeApi(event);
    const decided = answer.then((given) => assertAllow(name, given));
    return { env: { AWS_LAMBDA_RUNTIME_API: host }, decided, close };
  },
});

function assertAllow(name: string, answer: unknown): void {
  const { policyDocument } = answer as { policyDocument?: { Statement?: { Effect?: string }[] } };
  if (policyDocument?.Statement?.[0]?.Effect !== 'Allow') throw new Error(`${name} denied`);
}

/** As one would bundle a handler of one's own. @returns its file. */
async function bundleHandler(name: string, folder: string): Promise<string> {
  const requireForCommonJs =
    "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    entryPoints: { index: join(SOURCES, `${name}.mjs`) },
    outdir: join(folder, name),
    outExtension: { '.js': '.mjs' },
    ...{ bundle: true, splitting: true, minify: true, platform: 'node', target: 'node20', format: 'esm' },
    mainFields: ['module', 'main'],
    banner: { js: requireForCommonJs },
    logLevel: 'warning',
  });
  return join(folder, name, 'index.mjs');
}
