import { expect, test } from 'vitest';
import { parseMethodArn } from '../../lambda/authorizer/method-arn.ts';

const API = 'arn:aws:execute-api:eu-west-1:123456789012:abcdef1234';

test.each([
  [`${API}/prod/GET/orders/1`, `${API}/prod`, 'GET', '/orders/1'],
  [`${API}/prod/GET/`, `${API}/prod`, 'GET', '/'],
  [`${API}/prod/GET`, `${API}/prod`, 'GET', '/'],
  [`${API}/prod/get/orders`, `${API}/prod`, 'GET', '/orders'],
  [`${API}/prod/GET/orders/`, `${API}/prod`, 'GET', '/orders/'],
  [`${API}/prod/GET//orders`, `${API}/prod`, 'GET', '//orders'],
  [`${API}/prod/GET/a:b/c:d:e`, `${API}/prod`, 'GET', '/a:b/c:d:e'],
  [
    `${API}/prod/GET/arn:aws:execute-api:x:y:z/other/POST/a`,
    `${API}/prod`,
    'GET',
    '/arn:aws:execute-api:x:y:z/other/POST/a',
  ],
  [`${API}/prod/GET/a*b?c`, `${API}/prod`, 'GET', '/a*b?c'],
  [`${API}/prod/GET/a\nb`, `${API}/prod`, 'GET', '/a\nb'],
  [`${API}/$default/GET/a`, `${API}/$default`, 'GET', '/a'],
  [
    'arn:aws-cn:execute-api:cn-north-1:1:api/s/PUT/a',
    'arn:aws-cn:execute-api:cn-north-1:1:api/s',
    'PUT',
    '/a',
  ],
  [
    'arn:aws-us-gov:execute-api:us-gov-west-1:1:api/s/PUT/a',
    'arn:aws-us-gov:execute-api:us-gov-west-1:1:api/s',
    'PUT',
    '/a',
  ],
])('%s', (arn, stageArn, method, path) => {
  expect(parseMethodArn(arn)).toEqual({ stageArn, method, path });
});

test.each([
  undefined,
  `x${API}/prod/GET/orders`,
  ` ${API}/prod/GET/orders`,
  null,
  7,
  '',
  'GET',
  API,
  `${API}/prod`,
  `${API}/prod/`,
  `${API}//GET/orders`,
  `${API}/*/GET/orders`,
  `${API}/pro?/GET/orders`,
  'arn:aws:execute-api:eu-west-1:123456789012:*/prod/GET/orders',
  'arn:aws:lambda:eu-west-1:123456789012:function/prod/GET/orders',
  'arn:aws:execute-api:eu-west-1:123456789012/prod/GET/orders',
  `x${API}/prod/GET/orders`,
  `xx${API}/prod/GET/orders`,
])('%j is no method ARN', (value) => {
  expect(parseMethodArn(value)).toBeUndefined();
});

test('a stage whose name begins like that of the request before is another one', () => {
  const stageOf = (stage: string) => parseMethodArn(`${API}/${stage}/GET/a`)?.stageArn;
  expect(['prod', 'production', 'prod', 'pro'].map(stageOf)).toEqual(
    ['prod', 'production', 'prod', 'pro'].map((stage) => `${API}/${stage}`),
  );
  expect(parseMethodArn(`${API}/pro*/GET/a`)).toBeUndefined();
  expect(parseMethodArn(`${API}/pro/`)).toBeUndefined();
});
