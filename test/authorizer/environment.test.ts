import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { configFrom } from '../../lambda/authorizer/environment.ts';
import { SECRET_TEXT } from '../support/tokens.ts';

const folder = mkdtempSync(join(tmpdir(), 'environment-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string) => pathToFileURL(join(folder, name));
const NO_FILE = file('missing.json');

const uncontrolled = { jwt: { secretOrPublicKey: SECRET_TEXT, checkCredentialExistence: false } };
const controlled = { jwt: { secretOrPublicKey: SECRET_TEXT } };
const environment = (config: unknown, more: Record<string, string> = {}) => ({
  AUTHORIZER_CONFIG: JSON.stringify(config),
  ...more,
});

test('the configuration comes from AUTHORIZER_CONFIG', () => {
  expect(configFrom(environment(uncontrolled), NO_FILE).policies).toHaveLength(1);
});

test('and otherwise from the file beside the function', () => {
  writeFileSync(file('config.json'), JSON.stringify({ ...uncontrolled, authorizerCacheSeconds: 7 }));
  expect(configFrom({}, file('config.json')).authorizerCacheSeconds).toBe(7);
  expect(configFrom(environment(uncontrolled), file('config.json')).authorizerCacheSeconds).toBe(300);
});

describe('the function does not start', () => {
  test('without a configuration', () => {
    expect(() => configFrom({}, NO_FILE)).toThrow('ENOENT');
  });

  test('with one that is no JSON, which is not quoted', () => {
    const AUTHORIZER_CONFIG = '{"jwt": {"secretOrPublicKey": hunter2}}';
    expect(() => configFrom({ AUTHORIZER_CONFIG }, NO_FILE)).toThrow(/^AUTHORIZER_CONFIG is not valid JSON$/);
  });

  test('with any problem in it; all are told, no secret is', () => {
    const config = { jwt: { secretOrPublicKey: 'hunter2', audiense: 'a' }, authorizerCacheSeconds: -1 };
    const message = messageOf(() => configFrom(environment(config), NO_FILE));
    expect(message).toContain('jwt.audiense');
    expect(message).toContain('authorizerCacheSeconds');
    expect(message).not.toContain('hunter2');
  });

  test('with a file that is none, which is named', () => {
    writeFileSync(file('broken.json'), '{');
    expect(() => configFrom({}, file('broken.json'))).toThrow(/^config\.json is not valid JSON$/);
    writeFileSync(file('wrong.json'), '{}');
    expect(() => configFrom({}, file('wrong.json'))).toThrow(/^config\.json: /);
  });

  test('with a key file, which nobody has inlined', () => {
    const config = { jwt: { secretOrPublicKeyFile: './key.pem', checkCredentialExistence: false } };
    expect(() => configFrom(environment(config), NO_FILE)).toThrow('jwt.secretOrPublicKeyFile');
  });

  test('controlled without a table', () => {
    expect(() => configFrom(environment(controlled), NO_FILE)).toThrow('CREDENTIALS_TABLE');
    expect(() => configFrom(environment(controlled, { CREDENTIALS_TABLE: '' }), NO_FILE)).toThrow(
      'CREDENTIALS_TABLE',
    );
    expect(configFrom(environment(controlled, { CREDENTIALS_TABLE: 't' }), NO_FILE).policies).toHaveLength(1);
  });

  test('without the ARN of a generated secret', () => {
    const config = { jwt: { secret: 'generate', checkCredentialExistence: false } };
    expect(() => configFrom(environment(config), NO_FILE)).toThrow('GENERATED_SECRET_ARN_0');
    const variables = { GENERATED_SECRET_ARN_0: 'arn' };
    expect(configFrom(environment(config, variables), NO_FILE).policies).toHaveLength(1);
  });
});

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return String(error);
  }
  return expect.fail('nothing was thrown');
}
