/** The built authorizer, as Lambda loads it: one instance for each configuration in a process. */
import { pathToFileURL } from 'node:url';

let instances = 0;

/** @param config of `authorizer.config.yml`. @returns the handler. */
export async function loadAuthorizer(config, environment = {}) {
  const before = { ...process.env };
  // With a function's name the metrics are on, as they are in Lambda.
  const set = {
    AUTHORIZER_CONFIG: JSON.stringify(config),
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    ...environment,
  };
  Object.assign(process.env, set);
  const url = pathToFileURL(`${import.meta.dirname ?? '.'}/../../dist/lambda/authorizer/index.mjs`);
  const { handler } = await import(`${url}?instance=${instances++}`);
  for (const name of Object.keys(set)) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  return handler;
}

const ARN = 'arn:aws:execute-api:eu-central-1:111122223333:a1b2c3d4e5/prod';

/** What API Gateway sends for `GET /orders/7`, with as many headers as a browser's request has. */
export const requestEvent = (token) => ({
  type: 'REQUEST',
  methodArn: `${ARN}/GET/orders/7`,
  resource: '/orders/{id}',
  path: '/orders/7',
  httpMethod: 'GET',
  headers: headersOf(token),
  multiValueHeaders: multiValueHeadersOf(token),
  queryStringParameters: {},
  multiValueQueryStringParameters: {},
  pathParameters: { id: '7' },
  stageVariables: {},
  requestContext: {
    resourcePath: '/orders/{id}',
    httpMethod: 'GET',
    requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
  },
});

export const tokenEvent = (token) => ({
  type: 'TOKEN',
  methodArn: `${ARN}/GET/orders/7`,
  authorizationToken: `Bearer ${token}`,
});

// Written out: to put them together would take as long as a twentieth of a decision, and is no part of it.
const headersOf = (token) => ({
  Accept: '*/*',
  'Accept-Encoding': 'gzip, deflate, br',
  'CloudFront-Forwarded-Proto': 'https',
  'CloudFront-Viewer-Country': 'DE',
  Host: 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com',
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
  Via: '1.1 fb7cca60f0ecd82ce07790c9c5eef16c.cloudfront.net (CloudFront)',
  'X-Amz-Cf-Id': 'nBsWBOrSHMgnaROZJK1wGCZ9PcRcSpq_oSXZNQwQ10OTZL4cimZo3g==',
  'X-Amzn-Trace-Id': 'Root=1-5759e988-bd862e3fe1be46a994272793',
  'X-Forwarded-For': '203.0.113.17, 198.51.100.70',
  'X-Forwarded-Port': '443',
  'X-Forwarded-Proto': 'https',
  Authorization: `Bearer ${token}`,
});
const multiValueHeadersOf = (token) => ({
  Accept: ['*/*'],
  'Accept-Encoding': ['gzip, deflate, br'],
  'CloudFront-Forwarded-Proto': ['https'],
  'CloudFront-Viewer-Country': ['DE'],
  Host: ['a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com'],
  'User-Agent': ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36'],
  Via: ['1.1 fb7cca60f0ecd82ce07790c9c5eef16c.cloudfront.net (CloudFront)'],
  'X-Amz-Cf-Id': ['nBsWBOrSHMgnaROZJK1wGCZ9PcRcSpq_oSXZNQwQ10OTZL4cimZo3g=='],
  'X-Amzn-Trace-Id': ['Root=1-5759e988-bd862e3fe1be46a994272793'],
  'X-Forwarded-For': ['203.0.113.17, 198.51.100.70'],
  'X-Forwarded-Port': ['443'],
  'X-Forwarded-Proto': ['https'],
  Authorization: [`Bearer ${token}`],
});
