import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PUBLIC_KEY, temporaryFolder } from './support.ts';

/** Runs the CDK app as `cdk synth` does, on an account that it knows nothing of. */
function runApp(file: string, context: Record<string, string> = {}) {
  const folder = temporaryFolder();
  const config = join(folder, 'authorizer.yml');
  writeFileSync(config, file);
  writeFileSync(join(folder, 'public.pem'), PUBLIC_KEY);
  const { CDK_DEFAULT_ACCOUNT: _account, CDK_DEFAULT_REGION: _region, ...environment } = process.env;
  const { status, stderr } = spawnSync('node_modules/.bin/tsx', ['bin/app.ts'], {
    encoding: 'utf8',
    env: {
      ...environment,
      CDK_OUTDIR: join(folder, 'cdk.out'),
      CDK_CONTEXT_JSON: JSON.stringify({ config: relative(process.cwd(), config), ...context }),
      CDK_VALIDATION: 'false',
    },
  });
  const template = (stack: string) => join(folder, 'cdk.out', `${stack}.template.json`);
  return { status, stderr, template };
}

const KEY_FILE = 'jwt: { secretOrPublicKeyFile: ./public.pem, checkCredentialExistence: false }\n';

describe('the CDK app', () => {
  it('makes a stack that fits every account, of a file relative to the current folder', () => {
    const { status, template } = runApp(KEY_FILE);
    expect(status).toBe(0);
    expect(JSON.parse(readFileSync(template('JwtAuthorizer'), 'utf8'))).toHaveProperty('Outputs.ApiUrl');
  });

  it('names the stack as it is told', () => {
    const { template } = runApp(KEY_FILE, { stackName: 'Orders' });
    expect(existsSync(template('Orders'))).toBe(true);
  });

  it('sizes the function as it is told, in whole numbers', () => {
    const { template } = runApp(KEY_FILE, { memorySize: '512', provisionedConcurrency: '2' });
    expect(readFileSync(template('JwtAuthorizer'), 'utf8')).toContain('"MemorySize": 512');
    const { status, stderr } = runApp(KEY_FILE, { memorySize: '0', reservedConcurrency: '1.5' });
    expect(status).toBe(1);
    expect(stderr.match(/-c (?:memorySize|reservedConcurrency)=/g)).toHaveLength(2);
  });

  it('has a dashboard and alarms that tell a topic, and neither where they are not wanted', () => {
    const alarmTopicArn = 'arn:aws:sns:eu-west-1:111122223333:ops';
    const controlled = 'jwt: { secretOrPublicKeyFile: ./public.pem }\n';
    const deployed = (context: Record<string, string>) => {
      const { template } = runApp(controlled, { alarmTopicArn, ...context });
      const resources = Object.values(
        JSON.parse(readFileSync(template('JwtAuthorizer'), 'utf8')).Resources,
      ) as { Type: string; Properties: Record<string, unknown> }[];
      return (type: string) =>
        resources.filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
    };
    const on = deployed({ tracing: 'true' });
    expect(on('AWS::CloudWatch::Dashboard')).toHaveLength(1);
    expect(on('AWS::CloudWatch::Alarm')).toHaveLength(10);
    for (const alarm of on('AWS::CloudWatch::Alarm')) expect(alarm['AlarmActions']).toEqual([alarmTopicArn]);
    expect(on('AWS::ApiGateway::Stage')).toMatchObject([{ TracingEnabled: true }]);
    const off = deployed({ monitoring: 'false' });
    expect(off('AWS::CloudWatch::Dashboard')).toHaveLength(0);
    expect(off('AWS::CloudWatch::Alarm')).toHaveLength(3);
    for (const alarm of off('AWS::CloudWatch::Alarm')) expect(alarm['AlarmActions']).toEqual([alarmTopicArn]);
    expect(off('AWS::ApiGateway::Stage')[0]).not.toHaveProperty('TracingEnabled');
  });

  it('attaches to the API that the context names, or the file, or the one over the other', () => {
    const attachedTo = (file: string, context: Record<string, string>) => {
      const { template } = runApp(file, { monitoring: 'false', ...context });
      const { Resources } = JSON.parse(readFileSync(template('JwtAuthorizer'), 'utf8'));
      const found = (Object.values(Resources) as { Type: string; Properties: { Wish: unknown } }[]).filter(
        ({ Type }) => Type === 'Custom::JwtAuthorizerAttachment',
      );
      const [, id, stages] =
        /"restApiId\\+":\\+"(\w+)\\+",\\+"stages\\+":\[([^\]]*)\]/.exec(JSON.stringify(found)) ?? [];
      return [id, stages?.replaceAll(/[\\"]/g, '')];
    };
    const both = `${KEY_FILE}restApi: { id: aaaaaaaaaa, stages: [prod], routes: GET /orders }\n`;
    expect(attachedTo(KEY_FILE, { restApiId: 'bbbbbbbbbb', stage: 'prod,beta' })).toEqual([
      'bbbbbbbbbb',
      'prod,beta',
    ]);
    expect(attachedTo(both, {})).toEqual(['aaaaaaaaaa', 'prod']);
    expect(attachedTo(both, { stage: 'beta' })).toEqual(['aaaaaaaaaa', 'beta']);
  });

  it.each([
    ['is missing', KEY_FILE, { config: 'no/such.yml' }, 'no/such.yml'],
    ['has a mistake', 'jwt: { secret: generate, isuer: a }\n', {}, 'isuer'],
    [
      'is of an API that the stack makes, and another is named',
      `${KEY_FILE}upstream: https://up.example\n`,
      { restApiId: 'a1b2c3d4e5', stage: 'prod' },
      'upstream: ',
    ],
    ['names no stage of an API that is named', KEY_FILE, { restApiId: 'a1b2c3d4e5' }, 'restApi.stages'],
    [
      'keeps versions that are billed',
      `${KEY_FILE}restApi: { id: a1b2c3d4e5, stages: prod }\n`,
      { provisionedConcurrency: '1' },
      'provisioned concurrency',
    ],
    ['holds a secret', `jwt: { secretOrPublicKey: ${'s3cret'.repeat(12)} }\n`, {}, 'secret: generate'],
  ])('says what is wrong, and nothing of itself, when the file %s', (_, file, context, hint) => {
    const { status, stderr, template } = runApp(file, context);
    expect(status).toBe(1);
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/^\s+at |s3crets3cret/m);
    expect(existsSync(template('JwtAuthorizer'))).toBe(false);
  });
});
