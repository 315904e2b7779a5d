/**
 * Requests to APIs that `cdk deploy` made on ministack 1.5.33, with test/deploy/emulator around it.
 *
 * What this cannot show, since the emulator does otherwise than AWS: the headers that the API sets towards its
 * upstream (it maps paths only, and passes a client's own `x-authorizer-*` on); a mock's answer (it does not
 * render templates); permissions, of the role as of API Gateway; conditions of a policy; which characters a
 * generated secret is made of; logs. The template tests in test/lib hold those.
 */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayResponse, gatewayResponse } from '../../bin/local/gateway-responses.ts';
import { gatewayResponsesOf } from '../../lambda/config/gateway-responses.ts';
import { createDynamoDbClient } from '../../lambda/consumers/dynamodb-client.ts';
import { createDynamoDbStore } from '../../lambda/consumers/dynamodb-store.ts';
import { deployWith } from './cdk.ts';
import {
  apiIdOf,
  bearer,
  callAws,
  claims,
  endpoint,
  fileOf,
  generatedSecretOf,
  loadedConfig,
  outputsOf,
  request,
  signHs256,
  signRs256,
  startUpstream,
} from './support.ts';

const upstream = startUpstream();
beforeEach(() => upstream.received.splice(0));
afterAll(upstream.stop);

describe('HS256 with a secret that the stack made', () => {
  const stack = 'generated';

  it('has a secret of 86 characters', async () => {
    expect(await generatedSecretOf(stack)).toHaveLength(86);
  });

  it('lets a signed request through to the same path below the upstream', async () => {
    const token = signHs256(claims(), await generatedSecretOf(stack));
    const response = await request(stack, '/orders/7?page=2', bearer(token));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ from: 'upstream' });
    expect(upstream.received).toMatchObject([{ method: 'GET', url: '/base/orders/7?page=2' }]);
  });

  it('answers 401 with a challenge to a request without a token', async () => {
    const response = await request(stack, '/orders');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="api"');
    await expectAsLocally(response, stack, 'UNAUTHORIZED');
    expect(upstream.received).toEqual([]);
  });

  it.each([
    ['signed by a stranger', () => signHs256(claims(), 'x'.repeat(86))],
    ['expired', async () => signHs256(claims({ exp: 1 }), await generatedSecretOf(stack))],
    ['for another audience', async () => signHs256(claims({ aud: 'x' }), await generatedSecretOf(stack))],
    ['unsigned', () => signHs256(claims(), '', { alg: 'none' }).replace(/[^.]*$/, '')],
    ['not a token', () => 'nonsense'],
  ])('answers 401 to a token that is %s', async (_, make) => {
    const response = await request(stack, '/orders', bearer(await make()));
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ message: 'Unauthorized' });
    expect(upstream.received).toEqual([]);
  });

  it('tells the backend who calls', async () => {
    await putEchoBehind(stack, '/{proxy+}');
    const token = signHs256(claims({ sub: 'anna', team: 'blue' }), await generatedSecretOf(stack));
    const response = await request(stack, '/who', bearer(token));
    expect(response.status).toBe(200);
    const { authorizer, node } = (await response.json()) as Record<string, unknown>;
    expect(authorizer).toMatchObject({ principalId: 'anna', authenticated: 'true', team: 'blue' });
    expect(node).toMatch(/^v24\./);
  });
});

describe('RS256 with scoped routes', () => {
  const stack = 'scoped';
  const writer = () => signRs256(claims({ scope: 'orders:read orders:write' }));
  const reader = () => signRs256(claims({ scope: 'orders:read' }));
  const post = (token: string): RequestInit => ({ method: 'POST', body: '{}', ...bearer(token) });

  it.each(['/orders', '/orders/7'])('lets a caller with the scope POST %s', async (path) => {
    expect((await request(stack, path, post(writer()))).status).toBe(200);
    expect(upstream.received).toMatchObject([{ method: 'POST', url: `/base${path}` }]);
  });

  it.each(['/orders', '/orders/7'])('answers 403 to POST %s without the scope', async (path) => {
    const response = await request(stack, path, post(reader()));
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="api", error="insufficient_scope"');
    const said = { error: 'insufficient_scope', code: 'scope_missing' };
    await expectAsLocally(response, stack, 'ACCESS_DENIED_EXPLICITLY', said);
    expect(upstream.received).toEqual([]);
  });

  it.each(['/orders', '/', '/elsewhere/7'])('asks no scope for GET %s', async (path) => {
    expect((await request(stack, path, bearer(reader()))).status).toBe(200);
  });

  it('keeps answers for each route, so that one is never given on another', async () => {
    const token = reader();
    for (const _ of [1, 2]) {
      expect((await request(stack, '/orders', bearer(token))).status).toBe(200);
      expect((await request(stack, '/orders', post(token))).status).toBe(403);
      expect((await request(stack, '/orders/7', bearer(token))).status).toBe(200);
    }
  });

  it('does not take the public key for a secret', async () => {
    const token = signHs256(claims({ scope: 'orders:write' }), fileOf('public.pem'));
    expect((await request(stack, '/orders', post(token))).status).toBe(401);
  });
});

describe('an authorizer that answers nonsense', () => {
  const stack = 'scoped';

  it('is a 500 in the same words as locally', async () => {
    const path = `/restapis/${apiIdOf(stack)}/authorizers`;
    const { item } = (await callAws('apigateway', { path })) as {
      item: { id: string; authorizerUri: string }[];
    };
    const echo = await makeEcho(stack);
    const pointTo = async (uriOf: (authorizerUri: string) => string) => {
      for (const { id, authorizerUri } of item) {
        const patchOperations = [{ op: 'replace', path: '/authorizerUri', value: uriOf(authorizerUri) }];
        await callAws('apigateway', { method: 'PATCH', path: `${path}/${id}`, body: { patchOperations } });
      }
      await deploy(stack);
    };
    await pointTo(() => echo);
    try {
      const response = await request(stack, '/', bearer(signRs256(claims({ jti: 'nonsense' }))));
      expect(response.status).toBe(500);
      await expectAsLocally(response, stack, 'AUTHORIZER_CONFIGURATION_ERROR');
    } finally {
      await pointTo((authorizerUri) => authorizerUri);
    }
  });
});

describe('the controlled modality', () => {
  const stack = 'controlled';
  const client = createDynamoDbClient({ endpoint });
  const store = createDynamoDbStore({ client, tableName: outputsOf(stack)['CredentialsTableName'] ?? '' });
  const statusFor = async (sub: string) => {
    const token = signHs256(claims({ sub }), await generatedSecretOf(stack));
    return (await request(stack, '/', bearer(token))).status;
  };
  afterAll(() => client.destroy());

  it('asks the deployed table about each caller', async () => {
    expect(await statusFor('key-of-anna')).toBe(401);
    const user = await store.createUser({ username: 'anna' });
    if (!user.ok) throw new Error(user.code);
    const credential = await store.createCredential({ consumerId: 'anna', keyId: 'key-of-anna' });
    if (!credential.ok) throw new Error(credential.code);
    expect(await statusFor('key-of-anna')).toBe(200);
    expect(await statusFor('key-of-bert')).toBe(401);
    await store.setUserActive(user.value.id, false);
    expect(await statusFor('key-of-anna')).toBe(401);
    await store.setUserActive(user.value.id, true);
    expect(await statusFor('key-of-anna')).toBe(200);
    await store.setCredentialActive('key-of-anna', false);
    expect(await statusFor('key-of-anna')).toBe(401);
  });

  it('tells the backend which consumer calls', async () => {
    await putEchoBehind(stack, '/');
    await store.createUser({ username: 'carla' });
    await store.createCredential({ consumerId: 'carla', keyId: 'key-of-carla' });
    const token = signHs256(claims({ sub: 'key-of-carla' }), await generatedSecretOf(stack));
    const response = await request(stack, '/', bearer(token));
    const { authorizer } = (await response.json()) as Record<string, unknown>;
    expect(authorizer).toMatchObject({
      username: 'carla',
      consumerType: 'user',
      credentialId: 'key-of-carla',
    });
  });
});

describe('another configuration', () => {
  const stack = 'generated';

  it('is a new version of the function, behind an authorizer that is in use at once', async () => {
    const secret = await generatedSecretOf(stack);
    const before = outputsOf(stack)['AuthorizerFunctionArn'];
    await deployWith(stack, (file) => file.replace('audience: orders-api', 'audience: billing-api'));
    expect(outputsOf(stack)['AuthorizerFunctionArn']).not.toBe(before);
    expect(await generatedSecretOf(stack)).toBe(secret);
    expect((await request(stack, '/orders', bearer(signHs256(claims(), secret)))).status).toBe(401);
    const token = signHs256(claims({ aud: 'billing-api' }), secret);
    expect((await request(stack, '/orders', bearer(token))).status).toBe(200);
  }, 120_000);
});

/** What API Gateway answers by itself is what the local gateway answers, byte for byte. */
async function expectAsLocally(
  response: Response,
  stack: string,
  name: GatewayResponse,
  context?: Readonly<Record<string, string>>,
): Promise<void> {
  const { config } = loadedConfig(stack);
  const requestId = response.headers.get('x-amzn-requestid') ?? '';
  const local = gatewayResponse(name, { requestId, responses: gatewayResponsesOf(config), context });
  expect({ status: response.status, body: await response.text() }).toEqual({
    status: local.status,
    body: local.body,
  });
  for (const [header, value] of Object.entries(local.headers))
    expect(response.headers.get(header)).toBe(value);
}

/** A function that answers with what it was asked. @returns how API Gateway invokes it. */
async function makeEcho(stack: string): Promise<string> {
  const name = `echo-${stack}`;
  await callAws('lambda', {
    method: 'POST',
    path: '/2015-03-31/functions',
    body: {
      FunctionName: name,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/echo',
      Code: { ZipFile: fileOf('echo.zip').toString('base64') },
    },
  });
  const functions = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions';
  return `${functions}/arn:aws:lambda:us-east-1:000000000000:function:${name}/invocations`;
}

/**
 * Puts a function behind a resource in the place of its integration: only to a function does the emulator
 * hand the authorizer's context on.
 */
async function putEchoBehind(stack: string, resource: string): Promise<void> {
  const uri = await makeEcho(stack);
  const api = `/restapis/${apiIdOf(stack)}/resources`;
  const { item } = (await callAws('apigateway', { path: `${api}?limit=500` })) as {
    item: { id: string; path: string }[];
  };
  const id = item.find(({ path }) => path === resource)?.id;
  await callAws('apigateway', {
    method: 'PUT',
    path: `${api}/${id}/methods/ANY/integration`,
    body: { type: 'AWS_PROXY', httpMethod: 'POST', uri },
  });
  await deploy(stack);
}

/** Else the stage serves what it did. */
async function deploy(stack: string): Promise<void> {
  const path = `/restapis/${apiIdOf(stack)}/deployments`;
  await callAws('apigateway', { method: 'POST', path, body: { stageName: 'prod' } });
}
