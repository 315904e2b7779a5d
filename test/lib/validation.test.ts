import { App, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { newApp, PUBLIC_KEY, stackOf, temporaryFolder, UNCONTROLLED } from './support.ts';

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

/** Diagnostics that synthesis found; `strict` makes it throw for them. */
function synthesize(file: Record<string, unknown>): void {
  const app = newApp(true);
  app.node.setContext('@aws-cdk/core:strictCfnValidateErrors', true);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  stackOf(file, {}, app);
  app.synth();
}

describe('AWS’s resource schemas and the AwsSolutions rules', () => {
  it.each(Object.entries(FILES))(
    'have no objection to a stack that is %s',
    (_, file) => expect(() => synthesize(file)).not.toThrow(),
    TIMEOUT_MS,
  );

  // So that the test above cannot pass because nobody looked.
  it(
    'are asked at all',
    () => {
      const app = new App({ outdir: temporaryFolder() });
      Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
      const stack = stackOf(FILES.uncontrolled, {}, app);
      new Bucket(stack, 'Bucket');
      expect(() => app.synth()).toThrow();
    },
    TIMEOUT_MS,
  );
});
