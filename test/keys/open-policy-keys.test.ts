import { afterEach, describe, expect, test } from 'vitest';
import type { Algorithm } from '../../lambda/config/types.ts';
import { openPolicyKeys } from '../../lambda/keys/open-policy-keys.ts';
import { parsedFile, SECRET } from '../config/parsing.ts';
import { type StandIn, standIn } from './aws.ts';
import { type Served, serve, signer } from './support.ts';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders-AbCdEf';

const open: (Served | StandIn)[] = [];
afterEach(async () => {
  for (const server of open.splice(0).reverse()) await server.close();
});
const opened = async <T extends Served | StandIn>(server: Promise<T>): Promise<T> => {
  open.push(await server);
  return server;
};

function keysOf(jwt: object) {
  const { policies } = parsedFile({ jwt });
  const keys = openPolicyKeys(policies, {
    now: Date.now,
    report: (failure) => expect.fail(String(failure)),
    generatedSecretArn: (index) => `${ARN}-${index}`,
  });
  return { policies, keys };
}

const found = async (jwt: object, algorithm: Algorithm) => {
  const { policies, keys } = keysOf(jwt);
  const [policy] = policies;
  return (policy && (await keys(policy).find({ algorithm, kid: undefined }))) ?? [];
};

describe('keys come from where the policy says', () => {
  const uncontrolled = { checkCredentialExistence: false };

  test('the configuration', async () => {
    expect(await found({ secretOrPublicKey: SECRET, ...uncontrolled }, 'HS256')).toHaveLength(1);
  });
  test('an address, and an issuer', async () => {
    const { jwk } = signer('P-256');
    const asked: string[] = [];
    const server = await opened(
      serve((request, response) => {
        asked.push(request.url ?? '');
        const { host } = request.headers;
        const metadata = { issuer: `http://${host}`, jwks_uri: `http://${host}/jwks` };
        response.end(JSON.stringify(request.url === '/jwks' ? { keys: [jwk] } : metadata));
      }),
    );
    const policy = { issuer: server.origin, audience: 'a', ...uncontrolled };
    expect(await found({ jwksUri: `${server.origin}/jwks`, ...policy }, 'ES256')).toHaveLength(1);
    expect(asked).toEqual(['/jwks']);
    expect(await found({ discovery: true, ...policy }, 'ES256')).toHaveLength(1);
    expect(asked).toEqual(['/jwks', '/.well-known/openid-configuration', '/jwks']);
  });
  test.each([
    ['a secret', { secretArn: ARN, algorithms: ['HS256'] }, ARN],
    ['the secret that the stack made', { secret: 'generate' }, `${ARN}-0`],
  ])('%s', async (_, policy, arn) => {
    const store = await opened(
      standIn('AWS_ENDPOINT_URL_SECRETS_MANAGER', () => ({ SecretString: SECRET, CreatedDate: 1 })),
    );
    expect(await found({ ...policy, ...uncontrolled }, 'HS256')).toHaveLength(1);
    expect(store.asked.map(({ SecretId }) => SecretId)).toEqual([arn, arn]);
  });
  test('a parameter', async () => {
    const store = await opened(
      standIn('AWS_ENDPOINT_URL_SSM', () => ({ Parameter: { Value: SECRET, Version: 3 } })),
    );
    const policy = { parameterName: '/key', algorithms: ['HS256'], ...uncontrolled };
    expect(await found(policy, 'HS256')).toHaveLength(1);
    expect(store.asked).toHaveLength(1);
  });
});

test('a policy without keys of its own has none, nor one that is not there', () => {
  const { policies, keys } = keysOf({ credentialKey: true });
  for (const policy of policies) {
    expect(() => keys(policy)).toThrow('jwt[0]');
    expect(() => keys({ ...policy, index: 1 })).toThrow('jwt[1]');
  }
});
