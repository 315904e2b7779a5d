/**
 * The same by the command: a stack makes the function, its role and the journal (`attachWith: command`), and
 * `jwt-authorizer attach` does the rest.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configOf, deploy, destroy } from './cdk.ts';
import { jwtAuthorizer } from './command.ts';
import { expectedAnswers } from './foreign/expected.ts';
import { ROUTES } from './foreign/routes.ts';
import { foreignApi, type State } from './foreign-api.ts';
import { claims, generatedSecretOf, signHs256, startUpstream } from './support.ts';

const MINUTES = 60_000;
const stack = 'commanded';
const api = foreignApi('neighbour');
const upstream = startUpstream();
afterAll(upstream.stop);

const place = ['--stack', stack, '--config', configOf(stack)] as const;
const isAdmin = (route: string) => route.includes(' /admin');
let before: State;
beforeAll(async () => {
  before = await api.state();
  await deploy(
    stack,
    `
jwt: { secret: generate, algorithms: [HS256], audience: orders-api, checkCredentialExistence: false, scopeClaim: scope }
routes: [{ paths: ['/admin/{proxy+}'], methods: [PUT], scopes: [admin] }]
restApi: { id: '${api.restApiId}', stages: live, routes: [ANY /admin, ANY /admin/*], attachWith: command }
`,
  );
}, 3 * MINUTES);

const tokenOf = async (scope: string) => signHs256(claims({ scope }), await generatedSecretOf(stack));
const answers = async () => api.answers(await tokenOf('admin'));

describe('the command', () => {
  it('has changed nothing before it is run, nor by showing its plan', async () => {
    const { status, stdout } = await jwtAuthorizer('attach', ...place, '--dry-run');
    expect(status).toBe(0);
    expect(stdout).toContain('/admin/{proxy+}');
    expect(await api.state()).toEqual(before);
    expect(await answers()).toEqual(expectedAnswers(ROUTES, () => false));
  });

  it(
    'does not publish what its owner has not deployed yet',
    async () => {
      await api.setMethod('/orders', 'GET', 'AWS_IAM');
      const edited = await api.state();
      expect(edited.methods).not.toBe(before.methods);
      expect(edited.stages).toEqual(before.stages);
      const { status, stdout } = await jwtAuthorizer('attach', ...place, '--yes', '--json');
      expect(status).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({ refusals: [{ code: 'pending_edits' }] });
      expect(await api.state()).toEqual(edited);
      await api.setMethod('/orders', 'GET', 'NONE');
      expect(await api.state()).toEqual(before);
    },
    MINUTES,
  );

  it(
    'attaches, and has nothing to do the second time',
    async () => {
      expect(await jwtAuthorizer('attach', ...place, '--yes')).toMatchObject({
        status: 0,
      });
      expect(await answers()).toEqual(expectedAnswers(ROUTES, isAdmin));
      const attached = await api.state();
      const deployments = await api.call('GET', '/deployments?limit=500');
      expect(await jwtAuthorizer('attach', ...place, '--yes')).toMatchObject({ status: 0 });
      expect(await api.state()).toEqual(attached);
      expect(await api.call('GET', '/deployments?limit=500')).toEqual(deployments);
      expect(await jwtAuthorizer('drift', ...place)).toMatchObject({ status: 0 });
    },
    MINUTES,
  );

  it('keeps answers for each route: a scope is asked for where the configuration says so', async () => {
    const authorization = `Bearer ${await tokenOf('other')}`;
    const statusOf = async (method: string, path: string) =>
      (await api.send(method, path, { authorization })).status;
    for (const _ of [1, 2]) {
      expect(await statusOf('GET', '/admin')).toBe(200);
      expect(await statusOf('GET', '/admin/{proxy+}')).toBe(200);
      expect(await statusOf('PUT', '/admin/{proxy+}')).toBe(403);
    }
  });

  it(
    'finds that the owner moved the stage back, and attaches again',
    async () => {
      const { item } = (await api.call('GET', '/deployments?limit=500')) as { item: { id: string }[] };
      const attached = (await api.call('GET', '/stages/live'))['deploymentId'];
      const original = item.find(({ id }) => id !== attached)?.id ?? '';
      await api.moveStage('live', original);
      expect((await api.send('GET', '/admin')).status).toBe(200);
      expect(await jwtAuthorizer('drift', ...place)).toMatchObject({ status: 1 });
      expect(await jwtAuthorizer('attach', ...place, '--yes')).toMatchObject({ status: 0 });
      expect(await answers()).toEqual(expectedAnswers(ROUTES, isAdmin));
    },
    MINUTES,
  );

  it(
    'detaches, so that all is as it was, word for word',
    async () => {
      expect(await jwtAuthorizer('detach', ...place, '--yes')).toMatchObject({ status: 0 });
      expect(await api.state()).toEqual(before);
      expect(await answers()).toEqual(expectedAnswers(ROUTES, () => false));
      await destroy(stack);
    },
    3 * MINUTES,
  );
});
