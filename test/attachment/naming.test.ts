import { expect, it, test } from 'vitest';
import { authorizersFor, holderOf, prefixOf } from '../../lambda/attachment/naming.ts';
import { OWNER, wishOf } from './wishes.ts';

const HANDLER = { functionArn: 'arn:aws-cn:lambda:cn-north-1:111122223333:function:jwt:7' };

test.each([
  ['Token', 'ours'],
  ['', 'ours'],
])('a name that begins with its owner is the owner’s: %j', (rest, whose) => {
  expect(holderOf(`${prefixOf(OWNER)}${rest}`, OWNER)).toBe(whose);
});

test.each([
  ['jwt-authorizer-00000000-Token', 'attachment'],
  [`${prefixOf('another stack')}Token`, 'attachment'],
  ['jwt-authorizer-0000000-Token', 'other'],
  ['jwt-authorizer', 'other'],
  [`x${prefixOf(OWNER)}Token`, 'other'],
  ['Token', 'other'],
  [undefined, 'other'],
])('%j is not', (name, whose) => {
  expect(holderOf(name, OWNER)).toBe(whose);
});

it('one keying is one authorizer, which API Gateway calls in the function’s own partition and region', () => {
  const { authorizers, byPath } = authorizersFor(wishOf({ handler: HANDLER }), ['/a', '/b', '/a']);
  expect(authorizers).toEqual([
    {
      name: `${prefixOf(OWNER)}Token`,
      type: 'TOKEN',
      identitySource: 'method.request.header.authorization',
      authorizerResultTtlInSeconds: 300,
      authorizerUri: `arn:aws-cn:apigateway:cn-north-1:lambda:path/2015-03-31/functions/${HANDLER.functionArn}/invocations`,
    },
  ]);
  expect([...byPath]).toEqual([
    ['/a', `${prefixOf(OWNER)}Token`],
    ['/b', `${prefixOf(OWNER)}Token`],
  ]);
});

it('resources that are kept differently get authorizers of their own, with the role if there is one', () => {
  const routes = [{ paths: ['/a', '/b/{id}'], scopes: ['x'] }];
  const handler = { ...HANDLER, invokeRoleArn: 'arn:aws-cn:iam::111122223333:role/invoke' };
  const { authorizers, byPath } = authorizersFor(wishOf({ keyed: { ...wishOf().keyed, routes }, handler }), [
    '/a',
    '/{proxy+}',
  ]);
  expect(authorizers).toMatchObject([
    { type: 'REQUEST', authorizerCredentials: handler.invokeRoleArn },
    { type: 'REQUEST', authorizerResultTtlInSeconds: 0, authorizerCredentials: handler.invokeRoleArn },
  ]);
  expect(authorizers[1]).not.toHaveProperty('identitySource');
  expect([byPath.get('/a'), byPath.get('/{proxy+}')]).toEqual([
    `${prefixOf(OWNER)}Route`,
    `${prefixOf(OWNER)}Uncached`,
  ]);
});

it('what is no function is not made an authorizer of', () => {
  for (const functionArn of ['', 'jwt', 'arn:aws:s3:::bucket'])
    expect(() => authorizersFor(wishOf({ handler: { functionArn } }), ['/a'])).toThrow();
});
