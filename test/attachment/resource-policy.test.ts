import { describe, expect, test } from 'vitest';
import { policyKind } from '../../lambda/attachment/resource-policy.ts';

const API = 'arn:aws:execute-api:us-east-1:111122223333:abcdef1234';
const ALLOW = { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: `${API}/*` };
const CONDITION = { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24'] } };
const DENY = { ...ALLOW, Effect: 'Deny', Condition: CONDITION };

const kindOf = (...statements: readonly unknown[]) =>
  policyKind(JSON.stringify({ Version: '2012-10-17', Statement: statements }));

describe('allows everybody', () => {
  test.each([
    ['plainly', ALLOW],
    ['by its account', { ...ALLOW, Principal: { AWS: '*' } }],
    [
      'in a list',
      { ...ALLOW, Principal: { AWS: ['*'] }, Action: ['execute-api:Invoke'], Resource: [`${API}/*`] },
    ],
    ['all actions', { ...ALLOW, Action: 'execute-api:*' }],
    ['every action', { ...ALLOW, Action: '*' }],
    ['every resource', { ...ALLOW, Resource: '*' }],
    ['stages and methods in full', { ...ALLOW, Resource: `${API}/*/*/*` }],
    ['in the short form', { ...ALLOW, Resource: 'execute-api:/*' }],
    ['with an empty condition', { ...ALLOW, Condition: {} }],
  ])('%s', (_, statement) => {
    expect(kindOf(statement)).toBe('free');
    expect(kindOf(DENY, statement)).toBe('free');
  });

  test('where there is none', () => {
    expect([policyKind(undefined), policyKind('')]).toEqual(['free', 'free']);
    expect(policyKind(JSON.stringify({ Statement: ALLOW }))).toBe('free');
  });
});

describe('allows somebody only', () => {
  test.each([
    ['under a condition', { ...ALLOW, Condition: CONDITION }],
    ['a principal', { ...ALLOW, Principal: { AWS: 'arn:aws:iam::111122223333:root' } }],
    ['a service', { ...ALLOW, Principal: { Service: '*' } }],
    ['whoever is not one', { ...ALLOW, Principal: undefined, NotPrincipal: { AWS: '*' } }],
    ['one stage', { ...ALLOW, Resource: `${API}/prod/*` }],
    ['one method', { ...ALLOW, Resource: `${API}/*/GET/*` }],
    ['all but a resource', { ...ALLOW, Resource: undefined, NotResource: `${API}/*` }],
    ['another action', { ...ALLOW, Action: 'execute-api:ManageConnections' }],
  ])('%s', (_, statement) => {
    expect(kindOf(statement)).toBe('conditional');
    expect(kindOf(statement, DENY)).toBe('conditional');
  });

  test.each(['x', '{', '[]', '{}', '{"Statement":["x"]}', '{"Statement":[{}]}'])(
    '%s, which nobody can read',
    (text) => {
      expect(policyKind(text)).toBe('conditional');
    },
  );
});

test('allows nobody', () => {
  expect([kindOf(DENY), kindOf()]).toEqual(['closed', 'closed']);
});
