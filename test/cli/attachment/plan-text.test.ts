/** A plan as a person reads it: nothing that changes, and nothing that stays open, is left out. */
import { describe, expect, it } from 'vitest';
import { summaryOf } from '../../../bin/attachment/plan-summary.ts';
import { findingsText, planText } from '../../../bin/attachment/plan-text.ts';
import type { LiveMethod, LiveStage, WorkingCopy } from '../../../lambda/attachment/live.ts';
import { routeOf } from '../../../lambda/attachment/live.ts';
import type { Plan } from '../../../lambda/attachment/plan.ts';
import type { SnapshotMethod } from '../../../lambda/attachment/snapshot.ts';

const OURS = 'jwt-authorizer-0123abcd-Token';
const isOurs = (name: string) => name === OURS;

const method = (route: string, authorizationType = 'NONE', authorizerId?: string): LiveMethod => {
  const [httpMethod = '', path = ''] = route.split(' ');
  return {
    httpMethod,
    path,
    authorizationType,
    authorizerId,
    resourceId: path,
    apiKeyRequired: false,
    authorizationScopes: [],
  };
};

const authorizers = [
  { id: 'a1', name: 'theirs', type: 'TOKEN' },
  { id: 'a2', name: OURS, type: 'TOKEN', identitySource: 'method.request.header.Authorization' },
];
const nameOf = (id?: string) => authorizers.find((each) => each.id === id)?.name;

const stage = (stageName: string, methods: readonly LiveMethod[]): LiveStage => ({
  ...{ stageName, deploymentId: `d-${stageName}`, hasCanary: false, tracesData: false },
  snapshot: {
    api: {},
    authorizers: new Map(),
    methods: new Map(
      methods.map((each): [string, SnapshotMethod] => [
        routeOf(each),
        {
          authorizationType: each.authorizationType,
          authorizerName: nameOf(each.authorizerId),
          apiKeyRequired: false,
          authorizationScopes: [],
          rest: {},
        },
      ]),
    ),
  },
});

const toOurs = (each: LiveMethod): Plan['methods'][number] => ({
  method: each,
  to: { authorizationType: 'CUSTOM', authorizerName: OURS },
});

function summary(
  methods: readonly LiveMethod[],
  plan: Partial<Plan>,
  stages: readonly LiveStage[] = [stage('prod', methods)],
) {
  const nothing = { remember: [], authorizers: [], methods: [], stages: [], forget: [], retire: [] };
  const snapshot = { api: {}, methods: new Map(), authorizers: new Map() };
  const whole: Plan = { ...nothing, intended: snapshot, expected: new Map(), ...plan };
  const workingCopy: WorkingCopy = { methods, authorizers, snapshot, policy: undefined };
  return summaryOf(whole, { workingCopy, stages }, isOurs);
}

const fates = (made: ReturnType<typeof summary>) =>
  Object.fromEntries(made.methods.map((each) => [routeOf(each), each.fate]));

describe('what becomes of a method', () => {
  it('is told for every one', () => {
    const open = method('GET /orders');
    const methods = [
      method('POST /orders', 'CUSTOM', 'a2'),
      open,
      method('OPTIONS /orders'),
      method('GET /health'),
      method('GET /admin', 'AWS_IAM'),
      method('GET /old', 'CUSTOM', 'a2'),
    ];
    const back = { method: method('GET /old', 'CUSTOM', 'a2'), to: { authorizationType: 'NONE' } };
    expect(fates(summary(methods, { methods: [toOurs(open), back] }))).toEqual({
      'GET /admin': 'elsewhere',
      'GET /health': 'open',
      'GET /old': 'given_back',
      'GET /orders': 'protected',
      'OPTIONS /orders': 'open',
      'POST /orders': 'kept',
    });
  });

  it('goes by what the stages serve: one of them without the authorizer is enough', () => {
    const methods = [method('GET /orders', 'CUSTOM', 'a2')];
    const before = stage('dev', [method('GET /orders')]);
    expect(fates(summary(methods, {}))).toEqual({ 'GET /orders': 'kept' });
    const made = summary(methods, { stages: ['dev'] }, [stage('prod', methods), before]);
    expect(made.methods).toMatchObject([
      {
        fate: 'protected',
        before: [{ authorizationType: 'CUSTOM', authorizerName: OURS }, { authorizationType: 'NONE' }],
        after: { authorizationType: 'CUSTOM', authorizerName: OURS },
      },
    ]);
    expect(made.deploys).toEqual([{ stage: 'dev', deploymentId: 'd-dev' }]);
  });

  it('counts a method that no stage serves yet as one that will be protected', () => {
    const methods = [method('GET /new', 'CUSTOM', 'a2')];
    const made = summary(methods, { stages: ['prod'] }, [stage('prod', [])]);
    expect(fates(made)).toEqual({ 'GET /new': 'protected' });
    expect(planText(made)).toContain('not deployed yet');
  });
});

describe('the text', () => {
  it('says it path by path, what changes first', () => {
    const [get, remove] = [method('GET /orders'), method('DELETE /orders', 'CUSTOM', 'a1')];
    const made = summary(
      [get, remove, method('OPTIONS /orders'), method('GET /health'), method('GET /x', 'AWS_IAM')],
      {
        methods: [get, remove].map(toOurs),
        authorizers: [
          { ...{ name: OURS, type: 'TOKEN', identitySource: 'method.request.header.Authorization' } },
          { id: 'a3', name: `${OURS}2`, type: 'REQUEST', authorizerResultTtlInSeconds: 0 },
        ],
        retire: [{ id: 'a4', name: `${OURS}3`, type: 'TOKEN' }],
        stages: ['prod'],
      },
    );
    expect(planText(made).split('\n')).toEqual([
      'will be protected (2):',
      '  /orders  DELETE (was authorizer theirs), GET',
      'protected by something else, and left as they are (1):',
      '  /x  GET (AWS_IAM)',
      'stay open (1):',
      '  /health  GET',
      'stay open for CORS preflights: OPTIONS of 1 path',
      'authorizers:',
      `  ${OURS} is made: TOKEN, identity sources method.request.header.Authorization, cached for 300 s`,
      `  ${OURS}2 is changed: REQUEST, identity sources none, nothing cached`,
      `  ${OURS}3 is removed when no stage's deployment uses it`,
      'stages that get a new deployment of the whole API:',
      '  prod (serves d-prod now)',
    ]);
  });

  it.each([
    [10, 11],
    [11, 12],
  ])('shortens what is kept, and nothing else: %i paths', (count, lines) => {
    const kept = Array.from({ length: count }, (_, i) => method(`GET /a${i}`, 'CUSTOM', 'a2'));
    const text = planText(summary(kept, {})).split('\n');
    expect([text.length, text.some((line) => line.includes('--json'))]).toEqual([lines, count > 10]);
    const open = Array.from({ length: 50 }, (_, i) => method(`GET /a${i}`));
    expect(planText(summary(open, {})).split('\n')).toHaveLength(51);
  });

  it('names each subject of a finding once, and the option that consents', () => {
    const about = { message: 'GET /a is pending', subjects: ['GET /a', 'GET /b'] };
    expect(findingsText('refused', [{ code: 'pending_edits', ...about }]).split('\n')).toEqual([
      'refused: GET /a is pending [pending_edits] (here: --deploy-pending-changes)',
      '    GET /b',
    ]);
    expect(findingsText('warning', [{ code: 'canary', ...about, subjects: [] }])).toBe(
      'warning: GET /a is pending [canary]',
    );
  });

  it('writes names of others so that no terminal takes them for commands', () => {
    const made = summary([method('GET /x', 'CUSTOM', 'a9')], {});
    const [only] = made.methods;
    if (only === undefined) throw new Error('there is one');
    const named = { ...only, after: { authorizationType: 'CUSTOM', authorizerName: 'a\u001b[2J' } };
    expect(planText({ ...made, methods: [named] })).toContain('authorizer a\\u001b[2J');
    const finding = { code: 'canary' as const, message: 'm\n', subjects: ['GET /\u202eorders'] };
    expect(findingsText('refused', [finding])).toBe('refused: m\\n [canary]\n    GET /\\u202eorders');
  });
});
