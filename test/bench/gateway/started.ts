/** The gateways that are measured, each in a process of its own, with the same policy in front of the same upstream. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installExpressGateway, OF_ITS_TIME, startExpressGateway } from '../../express-gateway/gateway.ts';
import { start } from '../../support/started.ts';
import type { Context } from '../model.ts';
import { ROOT } from '../tools.ts';

/** Of a jwt policy, what both gateways spell the same. */
export interface Policy {
  readonly secretOrPublicKey: string;
  readonly algorithms: readonly string[];
  readonly audience: string;
  readonly issuer: string;
  readonly checkCredentialExistence: boolean;
}

export interface Behind extends Pick<Context, 'node' | 'folder'> {
  readonly policy: Policy;
  readonly upstream: Pick<Server, 'url' | 'pid'>;
}

export interface Server {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  close(): Promise<void>;
}

/** The first is what the others' ratios are to. */
export async function startServers(behind: Behind): Promise<readonly [Server, ...Server[]]> {
  const original = await startOriginal(behind, OF_ITS_TIME, {
    id: 'express-gateway',
    name: 'Express Gateway, jsonwebtoken 8.5.1',
  });
  return [
    original,
    await startOriginal(
      behind,
      {},
      { id: 'express-gateway-today', name: 'Express Gateway, as npm installs it' },
    ),
    await startOurs(behind, 300),
    await startOurs(behind, 0),
    { id: 'upstream', name: 'the upstream alone', ...behind.upstream, close: async () => {} },
  ];
}

/** As one runs them for others: Express, below Express Gateway, does less then. */
const PRODUCTION = { NODE_ENV: 'production' };

type Names = Pick<Server, 'id' | 'name'>;

async function startOriginal(
  { node, policy, upstream }: Behind,
  overrides: Readonly<Record<string, string>>,
  names: Names,
): Promise<Server> {
  const root = installExpressGateway(overrides);
  const started = await startExpressGateway(root, {
    ...{ jwt: policy, upstream: upstream.url, node, env: PRODUCTION },
  });
  await makeConsumer(started.adminUrl);
  return { ...names, ...started };
}

async function startOurs(
  { node, folder, policy, upstream }: Behind,
  authorizerCacheSeconds: number,
): Promise<Server> {
  const config = join(folder, `cached-${authorizerCacheSeconds}.yml`);
  writeFileSync(config, JSON.stringify({ jwt: policy, authorizerCacheSeconds }));
  const hasAdmin = policy.checkCredentialExistence;
  const options = [
    '--config',
    config,
    '--port',
    '0',
    '--admin-port',
    '0',
    '--upstream',
    upstream.url,
    '--ephemeral',
  ];
  const { urls, pid, close } = await start({
    ...{ name: 'the local gateway', node, cwd: folder, env: { ...process.env, ...PRODUCTION } },
    args: [join(ROOT, 'dist/bin/jwt-authorizer.js'), 'start', ...options],
    addresses: [
      /^ready: http:\/\/(127\.0\.0\.1:\d+)/m,
      ...(hasAdmin ? [/^Admin API: http:\/\/([^/]+)/m] : []),
    ],
  });
  const [url = '', adminUrl] = urls;
  if (adminUrl !== undefined) await makeConsumer(adminUrl);
  const isCached = authorizerCacheSeconds > 0;
  return {
    id: isCached ? 'ours' : 'ours-uncached',
    name: `the local gateway, authorizer cache ${isCached ? 'on' : 'off'}`,
    ...{ url, pid, close },
  };
}

/** Through the Admin API, which is the same in both. */
async function makeConsumer(adminUrl: string): Promise<void> {
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${adminUrl}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
  };
  await post('/users', { username: 'ada', firstname: 'Ada', lastname: 'Lovelace' });
  await post('/credentials', { consumerId: 'ada', type: 'jwt', credential: { keyId: 'user-1' } });
}
