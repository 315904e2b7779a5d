import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll } from 'vitest';
import { parseConfig } from '../../lambda/config/parse.ts';
import type { Configuration } from '../../lib/index.ts';
import { JwtAuthorizerStack } from '../../lib/index.ts';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** A key that may lie in a package. */
export const PUBLIC_KEY = publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** The least there is: uncontrolled, one public key. */
export const UNCONTROLLED = { secretOrPublicKey: PUBLIC_KEY, checkCredentialExistence: false };

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jwt-authorizer-test-'));
  folders.push(folder);
  return folder;
}

/** Stands in for the built authorizer: the stack's template depends on its bytes alone. */
export function placeholderBundle(code = 'export const handler = () => {};\n'): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'index.mjs'), code);
  return folder;
}

/** A configuration as the loader would make it of this file. */
export function configurationOf(file: Record<string, unknown>): Configuration {
  const parsed = parseConfig(file);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return { config: parsed.config, runtimeConfig: file };
}

/** The feature flags that `cdk deploy` uses. */
const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };

/**
 * @param validating whether synthesis also checks the template against AWS's schemas, for which an engine
 * must start up for seconds; validation.test.ts does so for all.
 */
export function newApp(validating = false): App {
  return new App({ outdir: temporaryFolder(), context, builtinCloudFormationValidation: validating });
}

type Options = Partial<ConstructorParameters<typeof JwtAuthorizerStack>[2]>;

export function stackOf(
  file: Record<string, unknown>,
  options: Options = {},
  app = newApp(),
): JwtAuthorizerStack {
  return new JwtAuthorizerStack(app, 'JwtAuthorizer', {
    configuration: configurationOf(file),
    bundleFolder: options.bundleFolder ?? placeholderBundle(),
    adminApi: { bundleFolder: placeholderBundle() },
    revocation: { bundleFolder: placeholderBundle() },
    attachment: { bundleFolder: placeholderBundle() },
    ...options,
  });
}

export function templateOf(file: Record<string, unknown>, options: Options = {}): Template {
  return Template.fromStack(stackOf(file, options));
}

/** The properties of all resources of a type, in the template's order. */
export function propertiesOf(template: Template, type: string): Record<string, unknown>[] {
  return Object.values(template.findResources(type)).map((resource) => resource['Properties'] ?? {});
}

/** The properties of a type's first resource. */
export function firstOf(template: Template, type: string): Record<string, unknown> {
  const [properties] = propertiesOf(template, type);
  if (properties === undefined) throw new Error(`no ${type} in the template`);
  return properties;
}
