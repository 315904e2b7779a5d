/** Express Gateway as it was published: its command line, and the gateway with its database in memory. */
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { listen } from '../../bin/local/listen.ts';
import { closeAtEnd } from '../support/gateway.ts';
import { secretKey, tokenOfText } from '../support/tokens.ts';

const ROOT = process.env['EXPRESS_GATEWAY'];
const READY_WITHIN_MS = 30_000;

function root(): string {
  if (ROOT === undefined) throw new Error('start this tier with test/express-gateway/run.sh');
  return ROOT;
}

/** What both gateways verify tokens with. */
export const SHARED_SECRET = 'the-one-secret-that-verifies-all-tokens-of-this-tier';

/** As tokens for Express Gateway are: without `exp`. */
export const tokenFor = (keyId: string): string =>
  tokenOfText(JSON.stringify({ sub: keyId }), { key: secretKey(SHARED_SECRET) });

export const statusOf = async (url: string, token: string): Promise<number> => {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  await response.arrayBuffer();
  return response.status;
};

const SYSTEM = {
  db: { redis: { emulate: true, namespace: 'EG' } },
  crypto: { cipherKey: 'x', algorithm: 'aes256', saltRounds: 4 },
  session: { secret: 'x', resave: false, saveUninitialized: false },
  accessTokens: { timeToExpiry: 7_200_000 },
  refreshTokens: { timeToExpiry: 7_200_000 },
  authorizationCodes: { timeToExpiry: 300_000 },
};

/** A home with `config/` in it, that goes when the file's tests are over. */
async function home(gatewayConfig: object): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'express-gateway-'));
  closeAtEnd({ close: () => rm(path, { recursive: true, force: true }) });
  const config = join(path, 'config');
  await mkdir(config);
  await cp(join(root(), 'lib/config/models'), join(config, 'models'), { recursive: true });
  await writeFile(join(config, 'system.config.yml'), stringify(SYSTEM));
  await writeFile(join(config, 'gateway.config.yml'), stringify(gatewayConfig));
  return path;
}

export interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/** `eg`, which exits with 0 whatever happens. @returns what runs it against an Admin API. */
export async function originalCli(adminUrl: string) {
  const path = await home({ admin: { port: 0, host: '127.0.0.1' } });
  const env = {
    ...{ PATH: process.env['PATH'], HOME: path, NO_COLOR: '1' },
    ...{ EG_CONFIG_DIR: join(path, 'config'), EG_ADMIN_URL: adminUrl },
  };
  return (line: string, stdin = ''): Promise<Said> =>
    new Promise((resolve, reject) => {
      const args = [join(root(), 'bin/index.js'), ...line.split(' ')];
      const child = spawn(process.execPath, args, { cwd: path, env, timeout: 30_000 });
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text) => {
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text) => {
        stderr += text;
      });
      child.once('error', reject);
      child.once('close', () => resolve({ stdout, stderr }));
      child.stdin.end(stdin);
    });
}

export interface Original {
  readonly url: string;
  readonly adminUrl: string;
}

/** The gateway, with a jwt policy in front of an upstream that answers 200. */
export async function startOriginal(): Promise<Original> {
  const upstream = closeAtEnd(
    await listen(
      createServer((_, response) => response.end('ok')),
      '127.0.0.1',
      0,
    ),
  );
  const jwt = { action: { secretOrPublicKey: SHARED_SECRET, checkCredentialExistence: true } };
  const path = await home({
    http: { port: 0, hostname: '127.0.0.1' },
    admin: { port: 0, host: '127.0.0.1' },
    apiEndpoints: { api: { host: '*', paths: '/*' } },
    serviceEndpoints: { upstream: { url: upstream.url } },
    policies: ['jwt', 'proxy'],
    pipelines: {
      all: {
        apiEndpoints: ['api'],
        policies: [{ jwt }, { proxy: { action: { serviceEndpoint: 'upstream' } } }],
      },
    },
  });
  const program = `require(${JSON.stringify(root())})().load(${JSON.stringify(join(path, 'config'))}).run()`;
  const child = spawn(process.execPath, ['-e', program], {
    cwd: path,
    env: { PATH: process.env['PATH'], HOME: path, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  closeAtEnd({ close: async () => child.kill('SIGKILL') });
  let printed = '';
  return new Promise((resolve, reject) => {
    const give = (why: string) => reject(new Error(`Express Gateway ${why}:\n${printed}`));
    const timer = setTimeout(give, READY_WITHIN_MS, 'did not start');
    const read = (text: string) => {
      printed += text;
      const urlOf = (server: string) =>
        new RegExp(`${server} http server listening on (127\\.0\\.0\\.1:\\d+)`).exec(printed)?.[1];
      const [url, adminUrl] = [urlOf('gateway'), urlOf('admin')];
      if (url === undefined || adminUrl === undefined) return;
      clearTimeout(timer);
      resolve({ url: `http://${url}`, adminUrl: `http://${adminUrl}` });
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('exit', () => give('ended'));
  });
}
