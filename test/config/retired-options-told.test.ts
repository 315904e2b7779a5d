/** Whom a deprecated option is told to: at each start, by doctor, at each synthesis. */
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it, vi } from 'vitest';
import { attachTo } from '../../bin/attach-to.ts';
import { run } from '../../bin/local/run.ts';
import { type LoadedConfig, loadConfigText } from '../../lambda/config/load.ts';
import { JwtAuthorizer, JwtAuthorizerStack } from '../../lib/index.ts';
import { doctor } from '../cli/doctor.ts';
import { configFile } from '../e2e/command.ts';
import { newApp, placeholderBundle } from '../lib/support.ts';
import { builtPackage } from '../support/gateway.ts';

vi.mock('../../lambda/config/retired-options.ts', async (original) => {
  const real = await original<typeof import('../../lambda/config/retired-options.ts')>();
  const options = [{ at: 'jwt.clockToleranceSeconds', since: '1.4.0', instead: 'write `leeway`' }];
  return { ...real, deprecationsIn: (value: unknown) => real.deprecationsIn(value, options) };
});

const PLAIN = { secret: 'generate', algorithms: ['HS256'], checkCredentialExistence: false };
const FILE = { jwt: { ...PLAIN, clockToleranceSeconds: 5 } };
const TOLD = 'jwt.clockToleranceSeconds: deprecated since 1.4.0';

const loaded = (file: object): LoadedConfig => {
  const result = loadConfigText(JSON.stringify(file), 'authorizer.config.yml');
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result;
};

describe('a deprecated option', () => {
  it('is told at each start', async () => {
    const startWith = async (file: { jwt: Record<string, unknown> }) => {
      const lines: string[] = [];
      const bundle = new URL('dist/lambda/authorizer/index.mjs', await builtPackage());
      const place = { config: await configFile(file), port: 0, data: '', ephemeral: true, bundle };
      await (await run({ ...place, print: (line) => void lines.push(line) })).close();
      return lines.filter((line) => line.startsWith(`warning: ${TOLD}`)).length;
    };
    expect([await startWith(FILE), await startWith({ jwt: PLAIN })]).toEqual([1, 0]);
  });

  it('is told by doctor, with what to write', async () => {
    expect((await doctor(FILE)).finding('config_warning')).toMatchObject({
      text: expect.stringContaining(TOLD),
      remedy: 'write `leeway`',
    });
  });

  it('is told at each synthesis', () => {
    const app = newApp();
    const bundleFolder = placeholderBundle();
    const configuration = loaded(FILE);
    const attached = attachTo(configuration, { restApiId: 'a1b2c3d4e5', stage: 'prod' });
    if (!attached.ok) throw new Error(JSON.stringify(attached.problems));
    const of = { bundleFolder, monitoring: false, attachment: { bundleFolder } } as const;
    const warned = (stack: JwtAuthorizerStack) =>
      Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('deprecated since 1')).length;
    const own = new JwtAuthorizerStack(app, 'Own', { ...of, configuration });
    const attaching = new JwtAuthorizerStack(app, 'Attaching', { ...of, configuration: attached });
    const fine = new JwtAuthorizerStack(app, 'Fine', { ...of, configuration: loaded({ jwt: PLAIN }) });
    const construct = new JwtAuthorizerStack(app, 'Other', { ...of, configuration: loaded({ jwt: PLAIN }) });
    new JwtAuthorizer(construct, 'Auth', { configuration, bundleFolder }).handlerIn(construct);
    expect([own, attaching, fine, construct].map(warned)).toEqual([1, 1, 0, 1]);
  });
});
