/**
 * An attachment from its first deployment to its end, to the API of a stack that knows nothing of it: requests on every
 * method in between, and afterwards the API is what it was, word for word.
 *
 * What this cannot show: permissions, which the emulator does not look at; runs that are killed, or two at a time, which
 * test/attachment has on a model of the control plane.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configOf, deploy, deployWith, destroy, destroyForeign } from './cdk.ts';
import { jwtAuthorizer } from './command.ts';
import { driftFunctionOf, invoke } from './drift-function.ts';
import { expectedAnswers } from './foreign/expected.ts';
import { CORS_PATHS, ROUTES } from './foreign/routes.ts';
import { foreignApi, type State } from './foreign-api.ts';
import { callAws, claims, generatedSecretOf, outputsOf, signHs256, startUpstream } from './support.ts';

const MINUTES = 60_000;
const stack = 'attached';
const api = foreignApi('foreign');
const upstream = startUpstream();
afterAll(upstream.stop);

/** What is somebody else's to protect, or to leave open. */
const LEFT_ALONE = ['GET /health', 'HEAD /health', 'GET /reports', 'POST /partners'];
const configWith = (more: string) => `
jwt: { secret: generate, algorithms: [HS256], audience: orders-api, checkCredentialExistence: false }
restApi:
  id: '${api.restApiId}'
  stages: live
${more}`;
const routes = (selectors: readonly string[]) => `  routes: ${JSON.stringify(selectors)}\n`;
const tokenWith = async (more = {}) => signHs256(claims(more), await generatedSecretOf(stack));

const place = ['--stack', stack, '--config', configOf(stack)] as const;

let before: State;
let beforeDeployment = '';
beforeAll(async () => {
  before = await api.state();
  beforeDeployment = String((await api.call('GET', '/stages/live'))['deploymentId']);
});

/** Asks every method as everybody, and the other stage, which nobody attached. */
async function expectProtected(isProtected: (route: string) => boolean, token: string): Promise<void> {
  upstream.received.splice(0);
  const expected = expectedAnswers(ROUTES, isProtected);
  expect(await api.answers(token)).toEqual(expected);
  const letThrough = Object.entries(expected).filter(([route]) => !route.endsWith(' /orders/{id}'));
  const passed = letThrough
    .flatMap(([, answers]) => Object.values(answers))
    .filter((status) => status === 200);
  expect(upstream.received).toHaveLength(passed.length);
  expect(await api.preflights()).toEqual(Object.fromEntries(CORS_PATHS.map((path) => [path, 204])));
  expect((await api.send('GET', '/orders', {}, 'beta')).status).toBe(200);
}

describe('before', () => {
  it('the API has 40 methods, and each lets in whom its owner wants', async () => {
    expect(await api.methodCount()).toBe(40);
    await expectProtected(() => false, 'nobody knows this one');
  });

  it(
    'an attachment that would take methods from other protection is refused, and nothing has changed',
    async () => {
      await expect(deploy(stack, configWith(''))).rejects.toThrow(
        /protected_by_other: POST \/partners .*protected_by_other: GET \/reports /s,
      );
      expect(await api.state()).toEqual(before);
      await expectProtected(() => false, 'nobody knows this one');
    },
    3 * MINUTES,
  );
});

describe('attached', () => {
  it(
    'the selected methods ask for a token, and all else is as it was',
    async () => {
      await deploy(stack, configWith(routes(LEFT_ALONE.map((route) => `!${route}`))));
      await expectProtected((route) => !LEFT_ALONE.includes(route), await tokenWith());

      const { api: settings, stages } = await api.state();
      expect(settings).toBe(before.api);
      expect(stages.map((stage) => stage.settings)).toEqual(before.stages.map((stage) => stage.settings));
      expect(stages[1]).toEqual(before.stages[1]);
    },
    3 * MINUTES,
  );

  it('a back end is told who calls, and an API key is asked for beside the token', async () => {
    const authorization = `Bearer ${await tokenWith({ sub: 'anna' })}`;
    const { authorizer } = (await (await api.send('GET', '/orders/{id}', { authorization })).json()) as {
      authorizer: object;
    };
    expect(authorizer).toMatchObject({ principalId: 'anna', authenticated: 'true' });
    expect((await api.send('GET', '/metered', { authorization })).status).toBe(403);
  });

  it('nothing has drifted', async () => {
    expect(await jwtAuthorizer('drift', ...place)).toMatchObject({
      status: 0,
    });
  });
});

/** Of the second selection on. */
const isSelected = (route: string) => !/ \/(health|invoices)/.test(route);

describe('another selection', () => {
  it(
    'takes what it is told to, and gives back what is no longer selected',
    async () => {
      const selectors = ['!GET /health', '!HEAD /health', '!GET /invoices', '!ANY /invoices/*'];
      await deploy(stack, configWith(`${routes(selectors)}  takeOver: true\n`));
      await expectProtected(isSelected, await tokenWith());
    },
    3 * MINUTES,
  );
});

describe('the owner opens a method again', () => {
  const isOpen = async () => (await api.send('GET', '/orders')).status === 200;
  const found = async () => {
    const { status, stdout } = await jwtAuthorizer('drift', ...place, '--json');
    const { findings } = JSON.parse(stdout) as { findings: object[] };
    return { status, findings };
  };

  it(
    'by hand: the command and the scheduled function find it, and attaching again closes it',
    async () => {
      await api.setMethod('/orders', 'GET', 'NONE');
      expect(await isOpen()).toBe(false);
      await api.call('POST', '/deployments', { stageName: 'live', description: 'by hand' });
      expect(await isOpen()).toBe(true);

      const reopened = { stage: 'live', subjects: ['GET /orders'] };
      expect(await found()).toMatchObject({ status: 1, findings: [{ ...reopened, code: 'reopened' }] });
      const { name, schedule } = await driftFunctionOf(api.restApiId);
      expect(schedule).toBe('rate(1 hour)');
      const log = await invoke(name);
      expect(log).toContainEqual(expect.objectContaining({ ...reopened, message: 'reopened' }));
      expect(log).toContainEqual(expect.objectContaining({ DriftedMethods: 1 }));
      expect(await isOpen()).toBe(true);

      expect(await jwtAuthorizer('attach', ...place, '--yes')).toMatchObject({ status: 0 });
      expect(await isOpen()).toBe(false);
      expect(await found()).toEqual({ status: 0, findings: [] });
      expect(await invoke(name)).toContainEqual(expect.objectContaining({ DriftedMethods: 0 }));
    },
    MINUTES,
  );
});

describe('another configuration', () => {
  it(
    'is another version of the function behind the same methods',
    async () => {
      const versionBefore = outputsOf(stack)['AuthorizerFunctionArn'];
      const token = await tokenWith();
      expect((await api.send('GET', '/orders', { authorization: `Bearer ${token}` })).status).toBe(200);
      await deployWith(stack, (file) => {
        const changed = file.replace('audience: orders-api', 'audience: billing-api');
        return `${changed}  driftCheck: { everyMinutes: 5, reattach: true }\n`;
      });
      const version = outputsOf(stack)['AuthorizerFunctionArn'] ?? '';
      expect(version).not.toBe(versionBefore);
      const { authorizers, stages } = await api.state();
      expect(authorizers).toContain(version);
      expect(stages[0]?.served).toContain(version);

      // What was kept of the old version's answers does not count any more.
      expect((await api.send('GET', '/orders', { authorization: `Bearer ${token}` })).status).toBe(401);
      await expectProtected(isSelected, await tokenWith({ aud: 'billing-api' }));
    },
    3 * MINUTES,
  );

  it(
    'attaches by itself where the owner moved the stage back',
    async () => {
      await api.moveStage('live', beforeDeployment);
      expect((await api.send('GET', '/orders')).status).toBe(200);
      const { name, schedule } = await driftFunctionOf(api.restApiId);
      expect(schedule).toBe('rate(5 minutes)');
      await invoke(name);
      await expectProtected(isSelected, await tokenWith({ aud: 'billing-api' }));
    },
    MINUTES,
  );
});

describe('the end', () => {
  it(
    'leaves the API as it was before, word for word',
    async () => {
      await destroy(stack);
      expect(await api.state()).toEqual(before);
      await expectProtected(() => false, 'nobody knows this one');
    },
    3 * MINUTES,
  );

  it(
    'leaves a stack that its owner can destroy',
    async () => {
      await destroyForeign('foreign');
      const gone = callAws('apigateway', { path: `/restapis/${api.restApiId}` });
      await expect(gone).rejects.toThrow(/: 404 /);
    },
    3 * MINUTES,
  );
});
