import { Validations } from 'aws-cdk-lib';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import type { JwtAuthorizerStack, JwtAuthorizerStackProps } from '../../lib/index.ts';
import { newApp, PUBLIC_KEY, stackOf, UNCONTROLLED } from './support.ts';

/** The engine's start takes most of it. */
const TIMEOUT_MS = 120_000;

const SCOPED = { jwt: { secretOrPublicKey: PUBLIC_KEY }, routes: [{ paths: '/orders', scopes: 'orders' }] };
const FILES = {
  uncontrolled: { jwt: UNCONTROLLED },
  'controlled, scoped, with an upstream and cors': {
    ...SCOPED,
    upstream: 'https://up.example',
    cors: { allowOrigins: ['https://a.example', 'https://b.example'], allowCredentials: true },
  },
  'with the Admin API for the account': { jwt: { secret: 'generate' }, adminApi: true },
  'with the Admin API for named principals': {
    jwt: { secret: 'generate' },
    adminApi: {
      allowedPrincipals: ['arn:aws:iam::111122223333:role/ops', 'arn:aws:iam::444455556666:root'],
    },
  },
  'with usage plans, the Admin API and cors': {
    jwt: { secret: 'generate' },
    adminApi: true,
    cors: { allowOrigins: 'https://a.example' },
    plans: {
      gold: { rateLimit: 10, burstLimit: 20, quota: { limit: 1000, period: 'WEEK' } },
      'free-1': {},
    },
  },
  'attached to an API that exists, and attaching again': {
    ...SCOPED,
    adminApi: true,
    restApi: { id: 'a1b2c3d4e5', stages: ['prod', 'beta'], driftCheck: { reattach: true } },
  },
  'attached by the command': {
    jwt: UNCONTROLLED,
    restApi: { id: 'a1b2c3d4e5', stages: 'prod', attachWith: 'command' },
  },
  'with a generated and a configured secret': {
    jwt: [
      { secret: 'generate', issuer: 'https://a.example', passThrough: true },
      {
        secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:jwt-AbC123',
        algorithms: ['HS256'],
        issuer: 'https://b.example',
        checkCredentialExistence: false,
      },
    ],
  },
};

/** Synthesis that throws for everything that AWS's schemas or the rules object to. */
function synthesize(
  file: Record<string, unknown>,
  change: (stack: JwtAuthorizerStack) => void = () => {},
  options: Partial<JwtAuthorizerStackProps> = {},
): void {
  const app = newApp(true);
  app.node.setContext('@aws-cdk/core:strictCfnValidateErrors', true);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  change(stackOf(file, options, app));
  app.synth();
}

describe('AWS’s resource schemas and the AwsSolutions rules', () => {
  it.each(Object.entries(FILES))(
    'have no objection to a stack that is %s',
    (_, file) => expect(() => synthesize(file)).not.toThrow(),
    TIMEOUT_MS,
  );

  it(
    'have no objection to X-Ray',
    () => expect(() => synthesize(FILES.uncontrolled, () => {}, { tracing: true })).not.toThrow(),
    TIMEOUT_MS,
  );

  // So that the test above cannot pass because nobody looked.
  it.each([
    ['a bucket that logs nothing', (stack: JwtAuthorizerStack) => new Bucket(stack, 'Bucket')],
    [
      'a function with lots of memory',
      ({ authorizer }: JwtAuthorizerStack) =>
        (authorizer.function.node.defaultChild as CfnFunction).addPropertyOverride('MemorySize', 'lots'),
    ],
  ])(
    'object to %s',
    (_, change) => expect(() => synthesize(FILES.uncontrolled, change)).toThrow(),
    TIMEOUT_MS,
  );
});
