import { type App, Validations } from 'aws-cdk-lib';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import type { JwtAuthorizerStack } from '../../lib/index.ts';
import { FILES, foreignStack, OPTIONS } from './representative.ts';
import { newApp, stackOf } from './support.ts';

/** The engine's start takes most of it. */
const TIMEOUT_MS = 120_000;

/** Synthesis that throws for everything that AWS's schemas or the rules object to. */
function synthesizeWith(make: (app: App) => void): void {
  const app = newApp(true);
  app.node.setContext('@aws-cdk/core:strictCfnValidateErrors', true);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  make(app);
  app.synth();
}

const UNCONTROLLED = FILES['uncontrolled'] ?? {};
const CONTROLLED = FILES['controlled, scoped, with an upstream and cors'] ?? {};

const synthesize = (file: Record<string, unknown>, change: (stack: JwtAuthorizerStack) => void = () => {}) =>
  synthesizeWith((app) => change(stackOf(file, {}, app)));

describe('AWS’s resource schemas and the AwsSolutions rules', () => {
  it.each(Object.entries(FILES))(
    'have no objection to a stack that is %s',
    (_, file) => expect(() => synthesize(file)).not.toThrow(),
    TIMEOUT_MS,
  );

  it.each(Object.entries(OPTIONS))(
    'have no objection to a stack %s',
    (_, options) => expect(() => synthesizeWith((app) => stackOf(CONTROLLED, options, app))).not.toThrow(),
    TIMEOUT_MS,
  );

  it(
    'have no objection to what a JwtAuthorizer makes beside an API of somebody’s',
    () => {
      // What they say of the API itself is for its owner to answer.
      const own = { reason: 'not of the authorizer' };
      const ids = ['APIG1', 'APIG2', 'APIG3', 'APIG4', 'APIG6', 'COG4'].map((id) => `AwsSolutions-${id}`);
      const make = (app: App) =>
        Validations.of(foreignStack(app).node.findChild('Api')).acknowledge(
          ...ids.map((id) => ({ id, ...own })),
        );
      expect(() => synthesizeWith(make)).not.toThrow();
    },
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
  ])('object to %s', (_, change) => expect(() => synthesize(UNCONTROLLED, change)).toThrow(), TIMEOUT_MS);
});
