import { describe, expect, it } from 'vitest';
import { methodArnOf, requestEvent, tokenEvent } from '../../bin/local/events.ts';
import type { GatewayRequest } from '../../bin/local/request.ts';

const API = { apiId: 'local00000', stage: 'local' };
const ROUTE = { resource: '/orders/{id}', pathParameters: { id: '1' } };
const MOMENT = { requestId: '141d6671-99b4-40ca-9997-7a22f01eac74', receivedAt: 1_718_636_523_035 };
const REQUEST: GatewayRequest = {
  method: 'POST',
  rawPath: '/orders/1',
  rawQuery: 'a=1&a=2&b=x%20y',
  headers: [
    ['X-Twice', '1'],
    ['x-twice', '2'],
    ['User-Agent', 'curl'],
    ['__proto__', 'kept'],
  ],
  sourceIp: '127.0.0.1',
};

describe('methodArnOf', () => {
  it.each([
    ['/', 'arn:aws:execute-api:us-east-1:000000000000:local00000/local/POST/'],
    ['/orders/', 'arn:aws:execute-api:us-east-1:000000000000:local00000/local/POST/orders/'],
    ['/a%2Fb:c', 'arn:aws:execute-api:us-east-1:000000000000:local00000/local/POST/a%2Fb:c'],
  ])('%s keeps its spelling', (rawPath, arn) => {
    expect(methodArnOf(API, { ...REQUEST, rawPath })).toBe(arn);
  });
});

describe('tokenEvent', () => {
  it('holds three fields and nothing else', () => {
    expect(tokenEvent('arn', 'Bearer t')).toStrictEqual({
      type: 'TOKEN',
      authorizationToken: 'Bearer t',
      methodArn: 'arn',
    });
  });
});

describe('requestEvent', () => {
  const event = JSON.parse(JSON.stringify(requestEvent(API, { request: REQUEST, route: ROUTE }, MOMENT)));

  it('says all values in the multi-value maps and the last in the others', () => {
    expect(event.headers).toMatchObject({ 'X-Twice': '2', 'User-Agent': 'curl' });
    expect(event.headers).not.toHaveProperty('x-twice');
    expect(event.multiValueHeaders['X-Twice']).toEqual(['1', '2']);
    expect(Object.hasOwn(event.headers, '__proto__')).toBe(true);
    expect(event.queryStringParameters).toEqual({ a: '2', b: 'x y' });
    expect(event.multiValueQueryStringParameters).toEqual({ a: ['1', '2'], b: ['x y'] });
  });

  it('says where the request arrived', () => {
    expect(event).toMatchObject({
      type: 'REQUEST',
      methodArn: 'arn:aws:execute-api:us-east-1:000000000000:local00000/local/POST/orders/1',
      resource: '/orders/{id}',
      path: '/orders/1',
      httpMethod: 'POST',
      pathParameters: { id: '1' },
      stageVariables: {},
      requestContext: {
        resourcePath: '/orders/{id}',
        httpMethod: 'POST',
        path: '/local/orders/1',
        stage: 'local',
        apiId: 'local00000',
        requestId: MOMENT.requestId,
        requestTime: '17/Jun/2024:15:02:03 +0000',
        requestTimeEpoch: MOMENT.receivedAt,
        identity: { sourceIp: '127.0.0.1', userAgent: 'curl', user: null },
      },
    });
    expect(event.requestContext).not.toHaveProperty('authorizer');
  });

  it('gives empty maps where AWS does', () => {
    const { rawQuery: _, ...bare } = REQUEST;
    const route = { resource: '/', pathParameters: {} };
    const empty = requestEvent(API, { request: { ...bare, headers: [] }, route }, MOMENT);
    expect(empty.queryStringParameters).toEqual({});
    expect(empty.multiValueQueryStringParameters).toEqual({});
    expect(empty.pathParameters).toEqual({});
    expect(empty.requestContext.identity.userAgent).toBeNull();
  });
});
