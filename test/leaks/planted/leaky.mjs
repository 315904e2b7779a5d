/**
 * Lets a token, a secret and a private key out in one way, by the product's own code as far as it has such a way.
 * `leaky.mjs WAY BUNDLE FOLDER`: of a function with PLANTED_LEAK (see planted.test.ts), and a folder for what is written.
 */
import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';

const [way = '', bundle = '', folder = ''] = process.argv.slice(2);

const secret = randomBytes(48).toString('base64url');
const encode = (part) => Buffer.from(JSON.stringify(part)).toString('base64url');
const input = `${encode({ alg: 'HS256' })}.${encode({ sub: 'somebody', exp: 4_000_000_000, jti: secret.slice(0, 5) })}`;
const token = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const WHAT = { token, secret: Buffer.from(secret).toString('base64'), private_key: pem };
const file = {
  jwt: { secretOrPublicKey: secret, checkCredentialExistence: false },
  authorizerCacheSeconds: 0,
};

async function throughTheFunction() {
  process.env['AUTHORIZER_CONFIG'] = JSON.stringify(file);
  process.env['AWS_LAMBDA_FUNCTION_NAME'] = 'leaky';
  process.env['PLANTED_PRIVATE_KEY'] = pem;
  process.env['PLANTED_WAY'] = way;
  const { handler } = await import(bundle);
  const invoke = way === 'response' ? await throughTheGateway(handler) : () => handler(event);
  for (const what of Object.keys(WHAT)) {
    process.env['PLANTED_WHAT'] = what;
    await invoke().catch(() => undefined);
  }
}

const event = {
  ...{ type: 'TOKEN', authorizationToken: `Bearer ${token}` },
  methodArn: 'arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/GET/orders',
};

/** Needs `--import=tsx`. */
async function throughTheGateway(handler) {
  const { startGateway } = await import('../../../bin/local/gateway.ts');
  const { parseConfig } = await import('../../../lambda/config/parse.ts');
  const parsed = parseConfig(file);
  if (!parsed.ok) throw new Error('the configuration is wrong');
  const upstream = 'http://127.0.0.1:9';
  const { url } = await startGateway({ config: parsed.config, invoke: handler, upstream, port: 0 });
  return () => fetch(`${url}/orders`, { headers: { authorization: `Bearer ${token}` } });
}

async function throughATemplate() {
  const { App, CfnOutput, Stack } = await import('aws-cdk-lib');
  const app = new App({ outdir: folder });
  const stack = new Stack(app, 'Leaky');
  for (const [name, value] of Object.entries(WHAT)) new CfnOutput(stack, name.replace('_', ''), { value });
  app.synth();
}

function throughASnapshot() {
  mkdirSync(`${folder}/test/__snapshots__`, { recursive: true });
  const text = Object.entries(WHAT).map(([name, value]) => `exports[\`${name}\`] = \`${value}\`;\n`);
  writeFileSync(`${folder}/test/__snapshots__/leaky.test.ts.snap`, text.join('\n'));
}

if (way === 'template') await throughATemplate();
else if (way === 'snapshot') throughASnapshot();
else await throughTheFunction();
process.exit(0);
