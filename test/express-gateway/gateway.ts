/** Express Gateway 1.16.11 as it was published: installed beside the project, and run with its database in memory. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { installBeside } from '../support/install-beside.ts';
import { start } from '../support/started.ts';

/** The packages that its jwt policy stands on, as they were when it was published. */
export const OF_ITS_TIME = { jsonwebtoken: '8.5.1', 'passport-jwt': '4.0.0' };

/**
 * Installs it, without its install scripts, where it is not yet.
 * @param overrides versions of packages below it. @default - what npm takes today
 * @returns its folder.
 */
export function installExpressGateway(overrides: Readonly<Record<string, string>> = {}): string {
  const others = Object.entries(overrides).map(([name, version]) => `-${name}-${version}`);
  const folder = installBeside(`express-gateway${others.join('')}`, {
    dependencies: { 'express-gateway': '1.16.11' },
    overrides,
  });
  return join(folder, 'node_modules/express-gateway');
}

const SYSTEM = {
  db: { redis: { emulate: true, namespace: 'EG' } },
  crypto: { cipherKey: 'x', algorithm: 'aes256', saltRounds: 4 },
  session: { secret: 'x', resave: false, saveUninitialized: false },
  accessTokens: { timeToExpiry: 7_200_000 },
  refreshTokens: { timeToExpiry: 7_200_000 },
  authorizationCodes: { timeToExpiry: 300_000 },
};

export interface Home {
  /** With `config/` in it. */
  readonly path: string;
  close(): Promise<void>;
}

/** @param root where Express Gateway is installed. */
export async function makeHome(root: string, gatewayConfig: object): Promise<Home> {
  const path = await mkdtemp(join(tmpdir(), 'express-gateway-'));
  const config = join(path, 'config');
  await mkdir(config);
  await cp(join(root, 'lib/config/models'), join(config, 'models'), { recursive: true });
  await writeFile(join(config, 'system.config.yml'), stringify(SYSTEM));
  await writeFile(join(config, 'gateway.config.yml'), stringify(gatewayConfig));
  return { path, close: () => rm(path, { recursive: true, force: true }) };
}

export interface ExpressGateway {
  readonly url: string;
  readonly adminUrl: string;
  readonly pid: number;
  close(): Promise<void>;
}

/** @param jwt the action of its jwt policy. @param upstream the URL behind it. @param env beside the little that it is given. */
export async function startExpressGateway(
  root: string,
  {
    jwt,
    upstream,
    node,
    env,
  }: {
    readonly jwt: object;
    readonly upstream: string;
    readonly node?: string;
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<ExpressGateway> {
  const home = await makeHome(root, {
    http: { port: 0, hostname: '127.0.0.1' },
    admin: { port: 0, host: '127.0.0.1' },
    apiEndpoints: { api: { host: '*', paths: '/*' } },
    serviceEndpoints: { upstream: { url: upstream } },
    policies: ['jwt', 'proxy'],
    pipelines: {
      all: {
        apiEndpoints: ['api'],
        policies: [{ jwt: { action: jwt } }, { proxy: { action: { serviceEndpoint: 'upstream' } } }],
      },
    },
  });
  const program = `require(${JSON.stringify(root)})().load(${JSON.stringify(join(home.path, 'config'))}).run()`;
  const started = await start({
    ...{ name: 'Express Gateway', node, args: ['-e', program], cwd: home.path },
    env: { PATH: process.env['PATH'], HOME: home.path, LOG_LEVEL: 'info', ...env },
    addresses: ['gateway', 'admin'].map(
      (server) => new RegExp(`${server} http server listening on (127\\.0\\.0\\.1:\\d+)`),
    ),
  });
  const [url = '', adminUrl = ''] = started.urls;
  return { url, adminUrl, pid: started.pid, close: () => started.close().then(home.close) };
}
