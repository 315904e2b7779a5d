import { describe, expect, it, test } from 'vitest';
import { otherApiWarnings } from '../../lambda/config/warnings.ts';
import { parsedFile, policy, problemsOf } from './parsing.ts';

const API = { id: 'a1b2c3d4e5', stages: 'prod' };
const section = (restApi: object) => parsedFile({ jwt: policy(), restApi }).restApi;
const problems = (restApi: unknown, file: object = {}) => problemsOf({ jwt: policy(), restApi, ...file });

it('takes the defaults of the documentation', () => {
  expect(section(API)).toEqual({
    id: 'a1b2c3d4e5',
    stages: ['prod'],
    routes: [],
    takeOver: false,
    deployPendingChanges: false,
    onDetach: 'restore',
    driftCheck: { everyMinutes: 60, reattach: false },
    attachWith: 'deployment',
  });
  expect(parsedFile({ jwt: policy() })).not.toHaveProperty('restApi');
});

it('takes every setting', () => {
  const settings = {
    takeOver: true,
    deployPendingChanges: true,
    onDetach: 'deny',
    driftCheck: { everyMinutes: 5, reattach: true },
    attachWith: 'command',
  };
  expect(
    section({ ...API, ...settings, stages: ['prod', 'test_2', 'prod'], routes: ['GET /a', '!ANY /b/*'] }),
  ).toEqual({
    id: 'a1b2c3d4e5',
    ...settings,
    stages: ['prod', 'test_2'],
    routes: [
      { excludes: false, httpMethod: 'GET', path: '/a' },
      { excludes: true, httpMethod: 'ANY', path: '/b/{proxy+}' },
    ],
  });
  expect(section({ ...API, routes: 'GET /a' })?.routes).toHaveLength(1);
});

describe('the drift check', () => {
  it('is on unless it is switched off', () => {
    const byDefault = { everyMinutes: 60, reattach: false };
    expect(section({ ...API, driftCheck: true })?.driftCheck).toEqual(byDefault);
    expect(section({ ...API, driftCheck: {} })?.driftCheck).toEqual(byDefault);
    expect(section({ ...API, driftCheck: false })).not.toHaveProperty('driftCheck');
  });
  it('takes from a minute to a day', () => {
    const every = (everyMinutes: unknown) => ({ ...API, driftCheck: { everyMinutes } });
    for (const minutes of [1, 1440])
      expect(section(every(minutes))?.driftCheck).toMatchObject({ everyMinutes: minutes });
    for (const minutes of [0, 1441, 1.5, '5', null])
      expect(problems(every(minutes))).toEqual(['value_invalid at restApi.driftCheck.everyMinutes']);
  });
});

describe('is refused', () => {
  test.each<[unknown, string[]]>([
    [{}, ['value_invalid at restApi.id', 'value_invalid at restApi.stages']],
    [null, ['value_invalid at restApi']],
    [true, ['value_invalid at restApi']],
    [[API], ['value_invalid at restApi']],
    ['a1b2c3d4e5', ['value_invalid at restApi']],
    [{ ...API, id: 1234567890 }, ['value_invalid at restApi.id']],
    [{ ...API, id: '' }, ['value_invalid at restApi.id']],
    [{ ...API, id: 'arn:aws:apigateway:eu-west-1::/restapis/a1' }, ['value_invalid at restApi.id']],
    [{ ...API, id: 'a'.repeat(33) }, ['value_invalid at restApi.id']],
    [{ ...API, stages: [] }, ['value_invalid at restApi.stages']],
    [{ ...API, stages: 'a'.repeat(129) }, ['value_invalid at restApi.stages']],
    [{ ...API, stages: '$default' }, ['value_invalid at restApi.stages']],
    [{ ...API, stages: ['prod', 'a/b'] }, ['value_invalid at restApi.stages[1]']],
    [{ ...API, routes: [] }, ['value_invalid at restApi.routes']],
    [{ ...API, routes: [{ paths: '/a' }] }, ['value_invalid at restApi.routes']],
    [{ ...API, routes: '/a' }, ['route_invalid at restApi.routes']],
    [
      { ...API, routes: ['GET /a', '/a', 'GET /b', 'OPTIONS /a'] },
      ['route_invalid at restApi.routes[1]', 'route_invalid at restApi.routes[3]'],
    ],
    [{ ...API, takeOver: 'yes' }, ['value_invalid at restApi.takeOver']],
    [{ ...API, onDetach: 'delete' }, ['value_invalid at restApi.onDetach']],
    [{ ...API, attachWith: 'hand' }, ['value_invalid at restApi.attachWith']],
    [{ ...API, driftCheck: null }, ['value_invalid at restApi.driftCheck']],
    [{ ...API, driftCheck: { every: 1 } }, ['unknown_key at restApi.driftCheck.every']],
    [
      { ...API, stage: 'prod', routes: 'GET', takeOver: 1 },
      [
        'unknown_key at restApi.stage',
        'value_invalid at restApi.takeOver',
        'route_invalid at restApi.routes',
      ],
    ],
  ])('%j', (restApi, expected) => {
    expect(problems(restApi)).toEqual(expected);
  });

  it('the longest id and stage are taken', () => {
    expect(problems({ id: 'a'.repeat(32), stages: 'a'.repeat(128) })).toEqual([]);
  });

  it('what belongs to an API of our own beside it', () => {
    const upstream = 'https://orders.example.com';
    expect(problems(API, { upstream, cors: true })).toEqual([
      'needs_own_api at upstream',
      'needs_own_api at cors',
    ]);
    expect(problems(API, { cors: false })).toEqual([]);
  });
});

it('a cache time is judged by the resources that there are, which only the attachment knows', () => {
  const routes = [{ paths: '/{tenant}/admin', scopes: 'admin' }, { paths: '/*' }];
  const file = { jwt: policy({ scopeClaim: 'scope' }), routes, authorizerCacheSeconds: 60 };
  expect(problemsOf(file)).toEqual(['cache_contradiction at authorizerCacheSeconds']);
  expect(problemsOf({ ...file, restApi: API })).toEqual([]);
});

it('the local gateway says that it is another API', () => {
  expect(otherApiWarnings(parsedFile({ jwt: policy(), restApi: API }))).toHaveLength(1);
  expect(otherApiWarnings(parsedFile({ jwt: policy() }))).toEqual([]);
});
