/** Configuration, keys, table and AWS: each as it should be, and wrong. */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it, test } from 'vitest';
import { untilActive } from '../../lambda/consumers/create-table.ts';
import { RSA, spkiPem } from '../config/keys.ts';
import { configFile, runCommand } from '../e2e/command.ts';
import { startTable } from '../e2e/table.ts';
import { SECRET } from '../e2e/tokens.ts';
import { AwsError, setVariables, standIn } from '../keys/aws.ts';
import { serve, signer } from '../keys/support.ts';
import { startCloudFormation } from '../support/cloud-formation.ts';
import { startDynalite } from '../support/dynalite.ts';
import { type ConfigFile, closeAtEnd } from '../support/gateway.ts';
import { doctor } from './doctor.ts';
import { withEnvironment } from './environment.ts';

const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:orders-AbCdEf';
const CONTROLLED = { jwt: { secretArn: ARN, algorithms: ['HS256'] } };
const KEYS = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_REGION: 'eu-central-1' };
const NOBODY = {
  AWS_CONFIG_FILE: '/none',
  AWS_SHARED_CREDENTIALS_FILE: '/none',
  AWS_EC2_METADATA_DISABLED: 'true',
};

const restores: (() => void)[] = [];
afterEach(() => {
  for (const restore of restores.splice(0).reverse()) restore();
});
const withVariables = (variables: Readonly<Record<string, string>>) =>
  void restores.push(setVariables(variables));

/** @param answer undefined: an identity. */
async function sts(answer?: { status: number; code: string }) {
  const asked: string[] = [];
  const { origin } = closeAtEnd(
    await serve((request, response) => {
      asked.push(request.headers.authorization ?? '');
      response.writeHead(answer?.status ?? 200, { 'content-type': 'text/xml' });
      response.end(
        answer === undefined
          ? '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::111122223333:assumed-role/Dev/ann</Arn><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>'
          : `<ErrorResponse><Error><Code>${answer.code}</Code><Message>no</Message></Error></ErrorResponse>`,
      );
    }),
  );
  withVariables({ ...KEYS, AWS_ENDPOINT_URL_STS: origin });
  return asked;
}

async function secrets(answer: object) {
  const stand = await standIn('AWS_ENDPOINT_URL_SECRETS_MANAGER', () => answer);
  closeAtEnd({ close: async () => stand.close() });
}

async function keySet(keys: readonly object[]): Promise<string> {
  return closeAtEnd(await serve((_, response) => void response.end(JSON.stringify({ keys })))).origin;
}

describe('the configuration', () => {
  it('is fine, or every problem in it is told, and what needs it is not checked', async () => {
    const fine = await doctor({
      jwt: { secretOrPublicKey: spkiPem(RSA.publicKey), checkCredentialExistence: false },
    });
    expect(fine).toMatchObject({ code: 0, outcome: 'ok' });
    expect(fine.found('table')).toEqual(['ok no_table']);
    const broken = await doctor({ jwt: { secret: 'generate', algoritms: ['HS256'] }, upstream: 'ftp://x' });
    expect(broken.found('config')).toEqual(['problem unknown_key', 'problem value_invalid']);
    expect(broken.text).toContain('did you mean algorithms?');
    expect(broken.found('keys')).toEqual(['not_checked keys']);
    expect(broken.code).toBe(1);
  });

  it('that is not there is one problem, and init the remedy', async () => {
    const ended = await runCommand('doctor', '--config', '/nowhere/authorizer.config.yml');
    expect(ended).toMatchObject({ code: 1, stderr: '' });
    expect(ended.stdout).toContain('jwt-authorizer init');
  });
});

describe('keys', () => {
  const remote = async (keys: readonly object[], algorithms = ['RS256']) =>
    doctor({
      jwt: {
        jwksUri: `${await keySet(keys)}/keys`,
        issuer: 'https://id.example.com',
        audience: 'a',
        algorithms,
        checkCredentialExistence: false,
      },
    });

  it('of a set can be had, and do what is allowed', async () => {
    const { jwk } = signer('RSA', { kid: 'a' });
    expect((await remote([jwk])).found('keys')).toEqual(['ok key_set']);
    expect((await remote([jwk], ['ES256'])).found('keys')).toEqual(['problem key_set_unfit']);
    expect((await remote([])).found('keys')).toEqual(['problem key_set_unfit']);
  });

  it('of a set that does not answer are a problem', async () => {
    const jwt = {
      jwksUri: 'http://127.0.0.1:9/keys',
      issuer: 'https://id.example.com',
      audience: 'a',
      checkCredentialExistence: false,
    };
    expect((await doctor({ jwt })).finding('key_set_unreachable')?.text).toContain('127.0.0.1:9');
  });

  it('of an issuer that calls itself otherwise are a problem', async () => {
    const { jwk } = signer('RSA');
    const names = { issuer: '' };
    const { origin } = closeAtEnd(
      await serve((request, response) => {
        const metadata = { issuer: names.issuer, jwks_uri: `${origin}/keys` };
        response.end(JSON.stringify(request.url === '/keys' ? { keys: [jwk] } : metadata));
      }),
    );
    const jwt = { discovery: true, issuer: origin, audience: 'a', checkCredentialExistence: false };
    names.issuer = origin;
    expect((await doctor({ jwt })).found('keys')).toEqual(['ok key_set']);
    names.issuer = `${origin}/`;
    expect((await doctor({ jwt })).found('keys')).toEqual(['problem key_set_unreachable']);
  });

  it('in the configuration: a secret is a warning, since it cannot be deployed', async () => {
    const jwt = { secretOrPublicKey: SECRET, checkCredentialExistence: false };
    expect((await doctor({ jwt })).found('keys')).toEqual(['ok key', 'warning secret_not_deployable']);
  });

  test.each<[string, object, string, number]>([
    ['can be read', { SecretString: SECRET }, 'ok key', 0],
    ['is too short', { SecretString: 'short' }, 'problem key_unfit', 1],
    ['is not there', new AwsError('ResourceNotFoundException'), 'problem not_found', 1],
    ['may not be read from here', new AwsError('AccessDeniedException'), 'unknown access_denied', 3],
    ['does not answer', new AwsError('InternalServiceError', 500), 'unknown aws_unreachable', 3],
  ])('in Secrets Manager: one that %s', async (_, answer, found, code) => {
    await sts();
    await secrets(answer);
    const file = { jwt: { ...CONTROLLED.jwt, checkCredentialExistence: false } };
    const examined = await doctor(file);
    expect(examined.found('keys')).toEqual([found]);
    expect(examined.code).toBe(code);
    expect(examined.text).not.toContain('"short"');
  });
});

describe('AWS credentials', () => {
  it('are not looked at where nothing of AWS is', async () => {
    const asked = await sts();
    const jwt = { secret: 'generate', checkCredentialExistence: false };
    expect((await doctor({ jwt })).found('aws')).toEqual(['not_checked credentials']);
    expect(asked).toEqual([]);
    expect((await doctor({ jwt }, ['--region', 'eu-west-1'])).found('aws')).toEqual(['ok credentials']);
    expect(asked[0]).toContain('/eu-west-1/sts/aws4_request');
  });

  test.each([
    [{ status: 403, code: 'ExpiredToken' }, 'problem credentials'],
    [{ status: 503, code: 'ServiceUnavailable' }, 'unknown aws_unreachable'],
  ])('%j', async (answer, found) => {
    await sts(answer);
    const jwt = { secret: 'generate', checkCredentialExistence: false };
    expect((await doctor({ jwt }, ['--region', 'eu-west-1'])).found('aws')).toEqual([found]);
  });

  it('that are not there are a problem', async () => {
    const jwt = { secret: 'generate', checkCredentialExistence: false };
    const examined = await withEnvironment(NOBODY, () => doctor({ jwt }, ['--region', 'eu-west-1']));
    expect(examined.found('aws')).toEqual(['problem credentials']);
  });

  it('that are not there: no region is asked for that was given, and nothing is said of what was not read', async () => {
    const jwt = { secret: 'generate' };
    const args = ['--stack', 'Orders', '--region', 'eu-west-1'];
    const examined = await withEnvironment(NOBODY, () => doctor({ jwt }, args));
    expect(examined.found('aws')).toEqual(['problem credentials', 'problem stack']);
    expect(examined.found('table')).toEqual(['unknown table_untold']);
    expect(examined.finding('credentials')?.remedy).toContain('AWS_PROFILE');
    expect(examined.text).not.toContain('--region');
  });
});

describe('a deployed table', () => {
  const CONFIG = { jwt: { secret: 'generate', algorithms: ['HS256'] }, authorizerCacheSeconds: 0 };

  async function table() {
    const made = await startTable();
    await sts();
    withVariables({ AWS_ENDPOINT_URL_DYNAMODB: made.endpoint });
    return made;
  }

  it('has its shape, and can be read; what the service does not tell is not called fine', async () => {
    const { tableName } = await table();
    const examined = await doctor(CONFIG, ['--table', tableName]);
    expect(examined.found('table')).toEqual([
      'ok table',
      // The embedded one says that it is off.
      'warning table_ttl',
      'not_checked table_recovery',
      'ok table_reading',
    ]);
    expect(examined.code).toBe(0);
  });

  it('without a stream is a warning where API Gateway keeps answers', async () => {
    const { tableName } = await table();
    const examined = await doctor({ jwt: CONFIG.jwt }, ['--table', tableName]);
    expect(examined.finding('table_stream')).toMatchObject({ status: 'warning' });
  });

  it('that is none of ours, or is not there, is a problem', async () => {
    const { endpoint } = await table();
    const client = new DynamoDBClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    });
    closeAtEnd({ close: async () => client.destroy() });
    await client.send(
      new CreateTableCommand({
        TableName: 'other',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    await untilActive(client, 'other');
    expect((await doctor(CONFIG, ['--table', 'other'])).found('table')[0]).toBe('problem table_shape');
    expect((await doctor(CONFIG, ['--table', 'nowhere'])).found('table')).toEqual(['problem not_found']);
  });

  it('that cannot be reached is not known', async () => {
    await sts();
    const { endpoint, close } = await startDynalite();
    await close();
    withVariables({ AWS_ENDPOINT_URL_DYNAMODB: endpoint });
    const examined = await doctor(CONFIG, ['--table', 'x']);
    expect(examined.found('table')[0]).toBe('unknown aws_unreachable');
    expect(examined.code).toBe(3);
  });

  it('is the one that the stack names, with its secret', async () => {
    const { tableName } = await table();
    await secrets({ SecretString: SECRET });
    const cloud = closeAtEnd(await startCloudFormation());
    withVariables({ AWS_ENDPOINT_URL_CLOUDFORMATION: cloud.origin });
    const outputs = {
      CredentialsTableName: tableName,
      GeneratedSecretArn0: ARN,
      ApiUrl: 'https://x.example.com/prod/',
    };
    cloud.stacks.set('Orders', { outputs });
    cloud.stacks.set('Other', { outputs: {} });
    const examined = await doctor(CONFIG, ['--stack', 'Orders']);
    expect(examined.found('aws')).toEqual(['ok credentials', 'ok stack']);
    expect(examined.found('keys')).toEqual(['ok key']);
    expect(examined.found('table')).toContain('ok table_reading');
    expect(examined.finding('api')?.remedy).toContain('https://x.example.com/prod/');
    const other = await doctor(CONFIG, ['--stack', 'Other']);
    expect([other.found('keys'), other.found('table')]).toEqual([
      ['not_checked generated_secret'],
      ['problem table_missing'],
    ]);
    const missing = await doctor(CONFIG, ['--stack', 'Missing']);
    expect(missing.found('aws')).toContain('problem stack');
    expect(missing.found('table')).toEqual(['unknown table_untold']);
  });
});

/** API Gateway with one API, a1b2c3, which has the stage `prod`. */
async function apiGateway() {
  const { origin } = closeAtEnd(
    await serve((request, response) => {
      response.setHeader('content-type', 'application/json');
      if (request.url === '/restapis/a1b2c3') response.end('{"id":"a1b2c3"}');
      else if (request.url === '/restapis/a1b2c3/stages') response.end('{"item":[{"stageName":"prod"}]}');
      else response.writeHead(404, { 'x-amzn-ErrorType': 'NotFoundException' }).end('{"message":"no"}');
    }),
  );
  withVariables({ AWS_ENDPOINT_URL_API_GATEWAY: origin });
}

it('the REST API that is to be attached to is there, with its stages', async () => {
  await sts();
  await apiGateway();
  const found = async (id: string, stages: string) => {
    const file = { jwt: { secret: 'generate', checkCredentialExistence: false }, restApi: { id, stages } };
    return (await doctor(file, ['--region', 'eu-west-1'])).found('aws');
  };
  expect(await found('a1b2c3', 'prod')).toEqual(['ok credentials', 'ok rest_api']);
  expect(await found('a1b2c3', 'test')).toEqual(['ok credentials', 'problem stage_not_found']);
  expect(await found('z9', 'prod')).toEqual(['ok credentials', 'problem not_found']);
});

describe('the REST API that a stack is attached to', () => {
  const jwt = { secret: 'generate', checkCredentialExistence: false };
  // What `-c restApiId` takes the place of.
  const EXAMPLE = { jwt, restApi: { id: 'z9', stages: 'test' } };

  async function deployed(outputs: Readonly<Record<string, string>>) {
    await sts();
    await apiGateway();
    const cloud = closeAtEnd(await startCloudFormation());
    withVariables({ AWS_ENDPOINT_URL_CLOUDFORMATION: cloud.origin });
    cloud.stacks.set('Orders', { outputs });
    return (file: ConfigFile) => doctor(file, ['--stack', 'Orders', '--region', 'eu-west-1']);
  }

  it.each<[string, ConfigFile]>([
    ["in the place of the configuration's", EXAMPLE],
    ['where the configuration has none', { jwt }],
  ])('is the one that its output names, %s', async (_, file) => {
    const examine = await deployed({ AttachedRestApiId: 'a1b2c3' });
    const examined = await examine(file);
    expect(examined.found('aws')).toEqual(['ok credentials', 'ok rest_api', 'ok stack']);
    expect(examined.finding('rest_api')?.text).toContain('a1b2c3');
    expect(examined.text).not.toContain('z9');
  });

  it("has the configuration's stages where it is the configuration's", async () => {
    const examine = await deployed({ AttachedRestApiId: 'a1b2c3' });
    const found = async (stages: string) =>
      (await examine({ jwt, restApi: { id: 'a1b2c3', stages } })).found('aws')[1];
    expect([await found('prod'), await found('test')]).toEqual(['ok rest_api', 'problem stage_not_found']);
  });

  it('that is gone is a problem', async () => {
    const examine = await deployed({ AttachedRestApiId: 'y8' });
    const examined = await examine({ jwt, restApi: { id: 'a1b2c3', stages: 'prod' } });
    expect(examined.found('aws')).toContain('problem not_found');
  });

  it("is the configuration's where no output names one", async () => {
    const examine = await deployed({});
    expect((await examine(EXAMPLE)).found('aws')).toContain('problem not_found');
    expect((await examine({ jwt })).found('aws')).toEqual(['ok credentials', 'ok stack']);
  });
});

it('as a process, in JSON: a table that is wrong is exit code 1', async () => {
  const { endpoint, tableName } = await startTable();
  const config = await configFile({ jwt: { secret: 'generate' }, authorizerCacheSeconds: 0 });
  const run = (table: string) =>
    withEnvironment({ ...KEYS, AWS_ENDPOINT_URL: endpoint }, () =>
      runCommand('doctor', '--config', config, '--table', table, '--json'),
    );
  const [right, wrong] = [await run(tableName), await run('nowhere')];
  expect([right.stderr, wrong.stderr]).toEqual(['', '']);
  const codes = ({ stdout }: typeof right) =>
    (JSON.parse(stdout) as { findings: { area: string; code: string }[] }).findings
      .filter(({ area }) => area === 'table')
      .map(({ code }) => code);
  expect(codes(right)).toContain('table_reading');
  expect(codes(wrong)).toEqual(['not_found']);
  expect(wrong.code).toBe(1);
});
