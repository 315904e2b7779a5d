import { describe, expect, it } from 'vitest';
import { evaluatePolicy, parsePolicy } from '../../bin/local/policy.ts';
import { statement } from './support.ts';

const ARN = 'arn:aws:execute-api:us-east-1:000000000000:local00000/local/GET/orders/1';
const STAGE = 'arn:aws:execute-api:us-east-1:000000000000:local00000/local/*';
const NOON = Date.parse('2026-01-01T12:00:00Z');

function verdict(statements: unknown, now = NOON): unknown {
  const policy = parsePolicy({ Version: '2012-10-17', Statement: statements });
  return policy ? evaluatePolicy(policy, ARN, now) : 'malformed';
}

describe('statements', () => {
  it('allows what a statement names, and nothing beside it', () => {
    expect(verdict([statement('Allow', STAGE)])).toBe('allow');
    expect(verdict([statement('Allow', ARN)])).toBe('allow');
    expect(verdict([statement('Allow', `${ARN}/lines`)])).toBe('no-match');
    expect(verdict([statement('Allow', ARN.replace('GET', 'POST'))])).toBe('no-match');
    expect(verdict([])).toBe('no-match');
  });

  it('lets an explicit deny win in any order', () => {
    expect(verdict([statement('Allow'), statement('Deny', ARN)])).toBe('explicit-deny');
    expect(verdict([statement('Deny', ARN), statement('Allow')])).toBe('explicit-deny');
    expect(verdict([statement('Allow'), statement('Deny', `${ARN}0`)])).toBe('allow');
  });

  it.each([
    ['execute-api:Invoke', 'allow'],
    ['execute-api:invoke', 'allow'],
    ['execute-api:*', 'allow'],
    ['EXECUTE-API:Inv*', 'allow'],
    ['*', 'allow'],
    [['s3:GetObject', 'execute-api:Invoke'], 'allow'],
    ['execute-api:ManageConnections', 'no-match'],
    [['s3:GetObject'], 'no-match'],
  ])('action %j: %s', (Action, expected) => {
    expect(verdict([statement('Allow', '*', { Action })])).toBe(expected);
  });

  it('takes one statement or one resource for a list of one', () => {
    expect(verdict(statement('Allow'))).toBe('allow');
    expect(verdict([statement('Allow', ['nothing', STAGE])])).toBe('allow');
  });

  it('compares resources with case', () => {
    expect(verdict([statement('Allow', STAGE.toUpperCase())])).toBe('no-match');
  });

  it('fails closed on policy variables', () => {
    const variable = `${STAGE}\${aws:username}`;
    expect(verdict([statement('Allow', variable)])).toBe('no-match');
    expect(verdict([statement('Allow'), statement('Deny', variable)])).toBe('explicit-deny');
  });
});

describe('malformed policies', () => {
  it.each([
    [{ Statement: [statement('Allow')] }],
    [{ Version: '2020-01-01', Statement: [statement('Allow')] }],
    [{ Version: ['2012-10-17'], Statement: [statement('Allow')] }],
    [{ Version: '2012-10-17' }],
    [{ Version: '2012-10-17', Statement: ['Allow'] }],
    [{ Version: '2012-10-17', Statement: [{ ...statement('Allow'), Effect: 'allow' }] }],
    [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*' }] }],
    [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Resource: '*' }] }],
    [{ Version: '2012-10-17', Statement: [statement('Allow', [])] }],
    [{ Version: '2012-10-17', Statement: [statement('Allow', [1])] }],
    [{ Version: '2012-10-17', Statement: [statement('Deny', '*', { NotAction: 'x' })] }],
    [{ Version: '2012-10-17', Statement: [statement('Deny', '*', { NotResource: 'x' })] }],
    [{ Version: '2012-10-17', Statement: [statement('Deny', '*', { Principal: '*' })] }],
    [{ Version: '2012-10-17', Statement: [statement('Deny', '*', { Condition: 'now' })] }],
    [{ Version: '2012-10-17', Statement: [statement('Deny', '*', { Condition: { DateLessThan: 1 } })] }],
    [null],
    ['{}'],
    [[]],
  ])('%j', (document) => {
    expect(parsePolicy(document)).toBeUndefined();
  });
});

describe('conditions', () => {
  const at = '2026-01-01T12:00:00Z';
  const deny = (Condition: unknown, now = NOON) =>
    verdict([statement('Allow'), statement('Deny', '*', { Condition })], now);
  const allow = (Condition: unknown, now = NOON) => verdict([statement('Allow', '*', { Condition })], now);

  it('denies from a moment on, not a millisecond earlier', () => {
    const expired = { DateGreaterThanEquals: { 'aws:CurrentTime': at } };
    expect(deny(expired, NOON - 1)).toBe('allow');
    expect(deny(expired, NOON)).toBe('explicit-deny');
  });

  it.each([
    ['DateEquals', [false, true, false]],
    ['DateNotEquals', [true, false, true]],
    ['DateLessThan', [true, false, false]],
    ['DateLessThanEquals', [true, true, false]],
    ['DateGreaterThan', [false, false, true]],
    ['DateGreaterThanEquals', [false, true, true]],
    ['DateGreaterThanEqualsIfExists', [false, true, true]],
    ['dategreaterthanequals', [false, true, true]],
  ])('%s a millisecond before, at and after', (operator, expected) => {
    const seen = [NOON - 1, NOON, NOON + 1].map(
      (now) => allow({ [operator]: { 'AWS:currenttime': at } }, now) === 'allow',
    );
    expect(seen).toEqual(expected);
  });

  it.each([
    [NOON / 1000],
    [String(NOON / 1000)],
    [at],
    ['2026-01-01T13:00:00+01:00'],
    ['2026-01-01T12:00:00.000Z'],
  ])('reads %j as a time', (value) => {
    expect(deny({ DateEquals: { 'aws:EpochTime': value } })).toBe('explicit-deny');
    expect(deny({ DateEquals: { 'aws:EpochTime': value } }, NOON + 1)).toBe('allow');
  });

  it('needs every condition, and of a condition any value', () => {
    const never = { DateLessThan: { 'aws:CurrentTime': '2000-01-01' } };
    expect(allow({ DateEquals: { 'aws:CurrentTime': [at, '2000-01-01'] } })).toBe('allow');
    expect(allow({ DateNotEquals: { 'aws:CurrentTime': [at, '2000-01-01'] } })).toBe('no-match');
    expect(allow({ ...never, DateEquals: { 'aws:CurrentTime': at } })).toBe('no-match');
  });

  it.each([
    [{ StringEquals: { 'aws:CurrentTime': at } }],
    [{ DateLessThan: { 'aws:TokenIssueTime': at } }],
    [{ DateLessThan: { 'aws:CurrentTime': 'tomorrow' } }],
    [{ DateLessThan: { 'aws:CurrentTime': [] } }],
    [{ Null: { 'aws:CurrentTime': 'true' } }],
    [{ 'ForAnyValue:DateLessThan': { 'aws:CurrentTime': at } }],
  ])('fails closed on %j', (condition) => {
    expect(allow(condition)).toBe('no-match');
    expect(deny(condition)).toBe('explicit-deny');
  });
});
