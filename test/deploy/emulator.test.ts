/** The rules that test/deploy/emulator puts around ministack, each asked for over HTTP. */
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callAws, endpoint } from './support.ts';

type Answer = Record<string, unknown>;
let restApiId = '';
let resourceId = '';
let first = '';

const call = (method: string, path: string, body?: unknown): Promise<Answer> =>
  callAws('apigateway', { method, path: `/restapis/${restApiId}${path}`, body });
const patch = (path: string, operations: Record<string, string>): Promise<Answer> =>
  call('PATCH', path, {
    patchOperations: Object.entries(operations).map(([at, value]) => ({ op: 'replace', path: at, value })),
  });
const protect = (authorizationType: string, authorizerId?: unknown): Promise<Answer> =>
  patch(`/resources/${resourceId}/methods/GET`, {
    '/authorizationType': authorizationType,
    ...(authorizerId !== undefined && { '/authorizerId': String(authorizerId) }),
  });
const deploy = async (body: object): Promise<string> =>
  String((await call('POST', '/deployments', body))['id']);
const statusOf = async (stage: string) =>
  (await fetch(`${endpoint}/restapis/${restApiId}/${stage}/_user_request_/`)).status;
const securityOf = async (stage: string) => {
  const { paths, components } = (await call(
    'GET',
    `/stages/${stage}/exports/oas30?extensions=apigateway`,
  )) as {
    paths: Record<string, Record<string, Answer>>;
    components: { securitySchemes?: Record<string, Answer> };
  };
  return { security: paths['/']?.['get']?.['security'], schemes: components.securitySchemes ?? {} };
};

beforeAll(async () => {
  restApiId = String(
    (await callAws('apigateway', { method: 'POST', path: '/restapis', body: { name: 'x' } }))['id'],
  );
  resourceId = ((await call('GET', '/resources'))['item'] as { id: string }[])[0]?.id ?? '';
  const method = `/resources/${resourceId}/methods/GET`;
  await call('PUT', method, { authorizationType: 'NONE' });
  await call('PUT', `${method}/integration`, {
    type: 'MOCK',
    requestTemplates: { 'application/json': '{"statusCode": 200}' },
  });
  first = await deploy({ stageName: 'one' });
});
afterAll(() => callAws('apigateway', { method: 'DELETE', path: `/restapis/${restApiId}` }));

describe('what a stage serves', () => {
  it('is what was deployed, until the stage is moved to another deployment, and back', async () => {
    expect(await statusOf('one')).toBe(200);
    await protect('AWS_IAM');
    expect(await statusOf('one')).toBe(200);
    expect((await securityOf('one')).security).toBeUndefined();

    const second = await deploy({});
    expect(await statusOf('one')).toBe(200);
    await patch('/stages/one', { '/deploymentId': second });
    expect(await statusOf('one')).toBe(403);
    expect(await securityOf('one')).toMatchObject({
      security: [{ sigv4: [] }],
      schemes: { sigv4: { 'x-amazon-apigateway-authtype': 'awsSigv4' } },
    });

    await protect('NONE');
    expect(await statusOf('one')).toBe(403);
    await patch('/stages/one', { '/deploymentId': first });
    expect(await statusOf('one')).toBe(200);
  });

  it('is an authorizer as it was deployed', async () => {
    const authorizer = await call('POST', '/authorizers', {
      name: 'Before',
      type: 'TOKEN',
      authorizerUri: 'x',
    });
    await protect('CUSTOM', authorizer['id']);
    await deploy({ stageName: 'two' });
    await patch(`/authorizers/${authorizer['id']}`, {
      '/name': 'After',
      '/authorizerResultTtlInSeconds': '7',
    });
    expect((await securityOf('two')).security).toEqual([{ Before: [] }]);
    expect((await call('GET', `/authorizers/${authorizer['id']}`))['authorizerResultTtlInSeconds']).toBe(7);
    await deploy({ stageName: 'two' });
    expect((await securityOf('two')).security).toEqual([{ After: [] }]);
    await protect('NONE');
  });
});

describe('a deployment', () => {
  it('tells its methods when asked', async () => {
    const id = await deploy({});
    expect(await call('GET', `/deployments/${id}`)).not.toHaveProperty('apiSummary');
    expect((await call('GET', `/deployments/${id}?embed=apisummary`))['apiSummary']).toEqual({
      '/': { GET: { authorizationType: 'NONE', apiKeyRequired: false } },
    });
  });

  it('cannot be deleted while a stage serves it, and no stage moves to one that is not there', async () => {
    const id = await deploy({ stageName: 'three' });
    await expect(call('DELETE', `/deployments/${id}`)).rejects.toThrow(/: 400 /);
    await expect(patch('/stages/three', { '/deploymentId': 'gone' })).rejects.toThrow(/: 400 /);
    await patch('/stages/three', { '/deploymentId': first });
    await call('DELETE', `/deployments/${id}`);
  });
});

describe('an authorizer', () => {
  it('is named in the call that sets CUSTOM, and stays while a method refers to it', async () => {
    const { id } = await call('POST', '/authorizers', { name: 'Used', type: 'TOKEN', authorizerUri: 'x' });
    await expect(protect('CUSTOM')).rejects.toThrow(/: 400 /);
    await expect(protect('CUSTOM', 'gone')).rejects.toThrow(/: 400 /);
    expect(await protect('CUSTOM', id)).toMatchObject({ authorizationType: 'CUSTOM', authorizerId: id });
    await expect(call('DELETE', `/authorizers/${id}`)).rejects.toThrow(/: 409 /);
    expect(await protect('NONE', '')).toMatchObject({ authorizationType: 'NONE', authorizerId: null });
    await call('DELETE', `/authorizers/${id}`);
  });
});

describe('the function of a custom resource', () => {
  it('is run again when it ended badly', async () => {
    const client = new CloudFormationClient({});
    await client.send(new CreateStackCommand({ StackName: 'again', TemplateBody: JSON.stringify(TEMPLATE) }));
    await waitUntilStackCreateComplete(
      { client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 },
      { StackName: 'again' },
    );
    client.destroy();
  });

  /** Ends badly the first time, and answers CloudFormation the second. */
  const CODE = `
    const { existsSync, writeFileSync } = require('node:fs');
    exports.handler = async (event) => {
      const seen = require('node:os').tmpdir() + '/' + event.RequestId;
      if (!existsSync(seen)) {
        writeFileSync(seen, '');
        throw new Error('the first time');
      }
      const { StackId, RequestId, LogicalResourceId } = event;
      const answer = { Status: 'SUCCESS', PhysicalResourceId: 'it', StackId, RequestId, LogicalResourceId };
      await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify(answer) });
    };`;
  const TEMPLATE = {
    Resources: {
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Code: { ZipFile: CODE },
          Handler: 'index.handler',
          Role: 'arn:aws:iam::000000000000:role/again',
          Runtime: 'nodejs24.x',
        },
      },
      Again: {
        Type: 'Custom::Again',
        Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] }, ServiceTimeout: 15 },
      },
    },
  };
});
