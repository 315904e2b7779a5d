/** Express Gateway's command line and the gateway itself, for this tier. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { listen } from '../../bin/local/listen.ts';
import { closeAtEnd } from '../support/gateway.ts';
import { secretKey, tokenOfText } from '../support/tokens.ts';
import { type ExpressGateway, installExpressGateway, makeHome, startExpressGateway } from './gateway.ts';

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

export interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/** `eg`, which exits with 0 whatever happens. @returns what runs it against an Admin API. */
export async function originalCli(adminUrl: string) {
  const root = installExpressGateway();
  const { path } = closeAtEnd(await makeHome(root, { admin: { port: 0, host: '127.0.0.1' } }));
  const env = {
    ...{ PATH: process.env['PATH'], HOME: path, NO_COLOR: '1' },
    ...{ EG_CONFIG_DIR: join(path, 'config'), EG_ADMIN_URL: adminUrl },
  };
  return (line: string, stdin = ''): Promise<Said> =>
    new Promise((resolve, reject) => {
      const args = [join(root, 'bin/index.js'), ...line.split(' ')];
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

/** The gateway, with a jwt policy in front of an upstream that answers 200. */
export async function startOriginal(): Promise<ExpressGateway> {
  const upstream = closeAtEnd(
    await listen(
      createServer((_, response) => response.end('ok')),
      '127.0.0.1',
      0,
    ),
  );
  const jwt = { secretOrPublicKey: SHARED_SECRET, checkCredentialExistence: true };
  return closeAtEnd(await startExpressGateway(installExpressGateway(), { jwt, upstream: upstream.url }));
}
