/** `attach` from the command line to the API: the SDK's own clients on the models of what AWS answers. */
import { beforeEach, describe, expect, it, test, vi } from 'vitest';
import type { ChangeReport } from '../../../bin/attachment/report.ts';
import { selectors } from '../../attachment/wishes.ts';
import { weakenings } from '../../support/control-plane/protection.ts';
import type { Json } from '../cli.ts';
import { type Bench, FUNCTION_ARN, INVOKE_ROLE_ARN, JOURNAL_TABLE, openBench } from './bench.ts';

// The model asks nobody to wait.
vi.mock('../../../lambda/attachment/pace.ts', async (original) => ({
  ...(await original<object>()),
  PACE: { everyMs: 0, operationEveryMs: {} },
}));

const ORDERS = ['--stack', 'Orders', '--rest-api-id', 'api1'];
const TWO = ['--stage', 'prod', '--route', 'GET /orders', '--route', 'GET /health'];

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});

/** With `--json`, and what that says. */
async function attach(...args: readonly string[]): Promise<ChangeReport & { readonly code: number }> {
  const { code, stdout, stderr } = await bench.run(['attach', ...args, ...ORDERS, '--json', '--yes']);
  expect(stderr).toBe('');
  return { ...(JSON.parse(stdout) as ChangeReport), code };
}

const routesOf = ({ methods = [] }: ChangeReport, wanted: string) =>
  methods.filter(({ fate }) => fate === wanted).map(({ httpMethod, path }) => `${httpMethod} ${path}`);

/** Calls that change something. */
const writes = () => bench.scene.model.log.filter(({ operation }) => !operation.startsWith('Get'));

const served = (stageName: string, route: string) => bench.served(stageName, route);

describe('attach', () => {
  it('protects what was selected, in the stage that was named, and says so', async () => {
    const report = await attach(...TWO);
    expect(report).toMatchObject({
      ...{ code: 0, outcome: 'attached', restApiId: 'api1', owner: `command:${JOURNAL_TABLE}` },
      ...{ stages: ['prod'], routes: ['GET /orders', 'GET /health'], refusals: [] },
      authorizers: [{ fate: 'made', type: 'TOKEN', identitySource: 'method.request.header.Authorization' }],
      deploys: [{ stage: 'prod' }],
    });
    expect(routesOf(report, 'protected')).toEqual(['GET /health', 'GET /orders']);
    expect(routesOf(report, 'open')).toEqual(['ANY /admin/{proxy+}', 'OPTIONS /orders', 'POST /orders']);
    expect(routesOf(report, 'elsewhere')).toEqual(['DELETE /orders/{id}', 'GET /orders/{id}']);
    expect([served('prod', 'GET /orders'), served('prod', 'POST /orders')]).toEqual(['CUSTOM', 'NONE']);
    expect(served('dev', 'GET /orders')).toBe('NONE');
    const [made] = [...bench.scene.model.api.definition.authorizers.values()].filter(
      ({ name }) => name !== 'theirs',
    );
    expect(made?.authorizerCredentials).toBe(INVOKE_ROLE_ARN);
    expect(made?.authorizerUri).toContain(FUNCTION_ARN);
    expect(weakenings(bench.scene.model.history)).toEqual([]);
  });

  it('attaches again what is attached, without a word, and changes nothing where nothing differs', async () => {
    await attach(...TWO);
    const before = writes().length;
    const again = await attach();
    expect(again).toMatchObject({
      outcome: 'unchanged',
      stages: ['prod'],
      routes: ['GET /orders', 'GET /health'],
    });
    expect(routesOf(again, 'kept')).toEqual(['GET /health', 'GET /orders']);
    expect(writes()).toHaveLength(before);

    const [old] = bench.scene.model.history[0]?.served.get('prod') ?? [];
    bench.scene.model.owner.rollbackStage('prod', old?.deployment.id ?? '');
    expect(served('prod', 'GET /orders')).toBe('NONE');
    expect(await attach()).toMatchObject({ outcome: 'attached', deploys: [{ stage: 'prod' }] });
    expect(served('prod', 'GET /orders')).toBe('CUSTOM');
  });

  it('changes what is attached where an option says otherwise', async () => {
    await attach(...TWO);
    const report = await attach('--route', 'GET /orders');
    expect([routesOf(report, 'given_back'), routesOf(report, 'kept')]).toEqual([
      ['GET /health'],
      ['GET /orders'],
    ]);
    expect([served('prod', 'GET /health'), served('prod', 'GET /orders')]).toEqual(['NONE', 'CUSTOM']);
    const all = await attach('--all-routes', '--take-over');
    expect(all).toMatchObject({ outcome: 'attached', routes: [] });
    expect(served('prod', 'DELETE /orders/{id}')).toBe('CUSTOM');
  });

  it('keeps what is wished of a detachment, though nothing else differs', async () => {
    await attach(...TWO);
    expect(await attach('--on-detach', 'deny')).toMatchObject({ outcome: 'unchanged' });
    expect((await bench.journal.read('api1'))?.wish.onDetach).toBe('deny');
  });
});

describe('--dry-run', () => {
  it('shows the plan and writes nothing, to the API or to the journal', async () => {
    const ran = await bench.run(['attach', ...TWO, ...ORDERS, '--dry-run']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    for (const line of [
      'REST API api1, stage prod: GET /orders, GET /health',
      'will be protected (2):',
      '  /orders/{id}  DELETE (authorizer theirs), GET (AWS_IAM)',
      '  /admin/{proxy+}  ANY',
      'methods: 2 will be protected, 0 are, 0 given back, 2 left to others, 2 open',
      'nothing was changed: --dry-run',
    ])
      expect(ran.stdout.split('\n')).toContain(line);
    expect(writes()).toEqual([]);
    expect(await bench.journal.read('api1')).toBeUndefined();

    const json = await bench.run(['attach', ...TWO, ...ORDERS, '--dry-run', '--json']);
    expect([json.code, (JSON.parse(json.stdout) as Json)['outcome']]).toEqual([0, 'planned']);
  });

  it('ends like the run would where that is refused', async () => {
    const ran = await bench.run(['attach', ...ORDERS, '--stage', 'nowhere', '--dry-run']);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('[stage_not_found]');
  });
});

describe('the question', () => {
  const ask = (stdin: string, more: readonly string[] = []) =>
    bench.run(['attach', ...TWO, ...ORDERS, ...more], { stdin, terminal: { isAsked: true } });

  it('comes after the plan and before the first change', async () => {
    const said = await ask('y\n');
    expect(said).toMatchObject({ code: 0, stderr: 'attach now? [y/N] ' });
    expect(said.stdout).toMatch(/will be protected[\s\S]*\nattached: 2 methods/);
  });

  test.each(['n\n', '\n', ''])('%j changes nothing', async (stdin) => {
    const said = await ask(stdin);
    expect([said.code, said.stderr]).toEqual([130, expect.stringContaining('nothing was changed')]);
    expect(writes()).toEqual([]);
    expect(await bench.journal.read('api1')).toBeUndefined();
  });

  it('is not asked where nothing would change', async () => {
    await attach(...TWO);
    expect(await ask('')).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('unchanged'),
    });
  });

  it('cannot be asked of nobody, which is said before anything is looked at', async () => {
    const ran = await bench.run(['attach', ...TWO, ...ORDERS], { stdin: 'y\n' });
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('--yes')]);
    expect(bench.scene.model.log).toEqual([]);
    expect((await ask('y\n', ['--json'])).code).toBe(2);
  });
});

describe('what is refused', () => {
  it('is listed, all of it, with what to do; nothing is changed', async () => {
    bench.scene.model.owner.editWorkingCopy((definition) => {
      bench.scene.set(definition, 'PUT /orders/{id}');
    });
    const ran = await bench.run(['attach', '--stage', 'prod', ...ORDERS, '--yes']);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(
      /^refused: .*PUT \/orders\/\{id\}.* \[pending_edits\] .*--deploy-pending-changes/m,
    );
    expect(ran.stdout).toMatch(/^refused: .*GET \/orders\/\{id\}.* \[protected_by_other\] .*--take-over/m);
    expect(ran.stderr).toBe('error: refused, and nothing was changed; see above\n');
    const { outcome, refusals, code } = await attach('--stage', 'prod');
    expect({ outcome, code }).toEqual({ outcome: 'refused', code: 1 });
    expect(new Set(refusals.map((each) => each.code))).toEqual(
      new Set(['pending_edits', 'protected_by_other']),
    );
    expect(writes()).toEqual([]);

    const consent = ['--take-over', '--deploy-pending-changes'];
    expect(await attach('--stage', 'prod', ...consent)).toMatchObject({ outcome: 'attached' });
    expect(served('prod', 'PUT /orders/{id}')).toBe('CUSTOM');
  });
});

describe('what a stack has attached', () => {
  beforeEach(async () => {
    expect(await bench.attachAsStack({ selectors: selectors('GET /orders') })).toMatchObject({
      kind: 'attached',
    });
  });

  it('is attached again as it was, though the configuration here says otherwise', async () => {
    const [old] = bench.scene.model.history[0]?.served.get('prod') ?? [];
    bench.scene.model.owner.rollbackStage('prod', old?.deployment.id ?? '');
    const ran = await bench.run(['attach', ...ORDERS, '--yes']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('attached by the stack Orders');
    expect([served('prod', 'GET /orders'), served('prod', 'GET /health')]).toEqual(['CUSTOM', 'NONE']);
  });

  it('is not changed by a command', async () => {
    const before = writes().length;
    const ran = await bench.run(['attach', ...ORDERS, ...TWO, '--yes']);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringMatching(/the stack Orders .*deploy/)]);
    expect(writes()).toHaveLength(before);
  });
});

describe('where things come from', () => {
  const section = { id: 'api1', stages: ['prod', 'dev'], routes: ['GET /orders'], attachWith: 'command' };

  it('the configuration, and the stack that cdk deploy names', async () => {
    bench = await openBench({ restApi: section });
    bench.aws.stacks.set('JwtAuthorizer', bench.aws.stacks.get('Orders') ?? {});
    const ran = await bench.run(['attach', '--yes']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(bench.aws.asked).toEqual(['JwtAuthorizer']);
    expect([served('dev', 'GET /orders'), served('prod', 'GET /health')]).toEqual(['CUSTOM', 'NONE']);
  });

  it('not the configuration’s section, where that is about another API', async () => {
    bench = await openBench({ restApi: { ...section, id: 'other' } });
    const ran = await bench.run(['attach', ...ORDERS, '--yes']);
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('--stage')]);
  });

  it('options, without any stack', async () => {
    const own = ['--rest-api-id', 'api1', '--journal-table', JOURNAL_TABLE, '--function-arn', FUNCTION_ARN];
    const ran = await bench.run(['attach', ...TWO, ...own, '--no-invoke-role-arn', '--yes']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(bench.aws.asked).toEqual([]);
    // What is attached is known from then on.
    const again = await bench.run([
      'attach',
      '--rest-api-id',
      'api1',
      '--journal-table',
      JOURNAL_TABLE,
      '--yes',
    ]);
    expect(again.stdout).toContain('unchanged');
  });

  test.each<[string, readonly string[], RegExp]>([
    ['no API', ['--stack', 'Orders', '--stage', 'prod'], /--rest-api-id/],
    ['no stage', ORDERS, /--stage/],
    ['a selector that is none', [...ORDERS, '--stage', 'prod', '--route', 'orders'], /GET \/orders/],
    ['OPTIONS', [...ORDERS, '--stage', 'prod', '--route', 'OPTIONS /orders'], /stays open/],
    ['two wishes', [...ORDERS, '--route', 'GET /a', '--all-routes'], /give one/],
    [
      'a function that could change',
      [...ORDERS, '--function-arn', FUNCTION_ARN.replace(/:1$/, '')],
      /version/,
    ],
    ['a function behind a closed door', [...ORDERS, '--function-arn', FUNCTION_ARN], /--invoke-role-arn/],
    ['a role of no function', [...ORDERS, '--invoke-role-arn', INVOKE_ROLE_ARN], /--function-arn/],
    ['a role that is none', [...ORDERS, '--invoke-role-arn', 'admin'], /ARN/],
    ['an API that is none', ['--rest-api-id', 'https://a.example'], /a1b2c3d4e5/],
  ])('wrong usage: %s', async (_, args, said) => {
    const ran = await bench.run(['attach', ...args, '--yes']);
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(said)]);
    expect(writes()).toEqual([]);
  });

  test.each<[string, ...string[]]>([
    ['a stack without a journal', '--stack', 'Empty', '--rest-api-id', 'api1'],
    ['a stack that is not there', '--stack', 'Unknown', '--rest-api-id', 'api1'],
    ['a table that is not there', '--stack', 'Orders', '--rest-api-id', 'api1', '--journal-table', 'unknown'],
    ['an API that is not there', '--stack', 'Orders', '--rest-api-id', 'other'],
  ])('is said: %s', async (_, ...args) => {
    bench.aws.stacks.set('Empty', {});
    const ran = await bench.run(['attach', ...args, ...TWO, '--yes']);
    expect(ran.code).toBe(1);
    expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(ran.stdout + ran.stderr).toMatch(/--stack|--journal-table|api_not_found/);
  });
});

describe('what AWS refuses', () => {
  const run = (more: Record<string, string | undefined> = {}) =>
    bench.run(['attach', ...TWO, ...ORDERS, '--yes'], { variables: more });

  test.each<[string, Record<string, string | undefined>, string]>([
    ['no region', { AWS_REGION: undefined }, '--region'],
    ['no credentials', { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }, 'AWS_PROFILE'],
  ])('%s', async (_, variables, said) => {
    const ran = await run(variables);
    expect([ran.code, ran.stdout]).toEqual([1, '']);
    expect(ran.stderr).toContain(said);
    expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('access to the API, before anything was changed', async () => {
    bench.scene.model.trouble = () => ({ error: 'AccessDeniedException', status: 403 });
    const ran = await run();
    expect([ran.code, ran.stdout]).toEqual([1, '']);
    expect(ran.stderr).toMatch(
      /^error: these AWS credentials may not use the REST API api1; [^\n]*apigateway[^\n]*\n$/,
    );
  });

  it('a call in the middle: the same command goes on', async () => {
    bench.scene.model.trouble = ({ operation, nth }) =>
      operation === 'UpdateMethod' && nth === 2 ? { error: 'AccessDeniedException', status: 403 } : undefined;
    const ran = await run();
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('the same command goes on')]);
    expect(served('prod', 'GET /orders')).toBe('NONE');
    bench.scene.model.trouble = () => undefined;
    expect(await run()).toMatchObject({ code: 0, stderr: '' });
    expect([served('prod', 'GET /orders'), served('prod', 'GET /health')]).toEqual(['CUSTOM', 'CUSTOM']);
    expect(weakenings(bench.scene.model.history)).toEqual([]);
  });
});

describe('Ctrl-C', () => {
  it('ends it between two calls, and the same command goes on', async () => {
    const controller = new AbortController();
    bench.scene.model.trouble = ({ operation }) => {
      if (operation === 'UpdateMethod') controller.abort();
      return undefined;
    };
    const terminal = { interruption: () => controller.signal };
    const ran = await bench.run(['attach', ...TWO, ...ORDERS, '--yes'], { terminal });
    expect([ran.code, ran.stderr]).toEqual([130, expect.stringContaining('the same command goes on')]);
    expect(writes().filter(({ operation }) => operation === 'UpdateMethod')).toHaveLength(1);
    expect(served('prod', 'GET /orders')).toBe('NONE');
    bench.scene.model.trouble = () => undefined;
    // The lease was given back: nobody has to wait for its end.
    expect(await attach()).toMatchObject({ outcome: 'attached' });
    expect([served('prod', 'GET /orders'), served('prod', 'GET /health')]).toEqual(['CUSTOM', 'CUSTOM']);
  });
});

describe('progress', () => {
  it('is one line for who watches, and gone at the end', async () => {
    const watched = await bench.run(['attach', ...TWO, ...ORDERS, '--yes'], {
      terminal: { isWatched: true },
    });
    const shown = watched.stderr.split('\r\u001b[K');
    expect(shown.some((text) => text.startsWith('reading'))).toBe(true);
    expect(shown.at(-1)).toBe('');
    expect(watched.stderr).not.toContain('\n');
  });
});
