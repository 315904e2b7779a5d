import { describe, expect, test } from 'vitest';
import { EventMalformed, parseRequest } from '../../lambda/authorizer/request.ts';
import { requestEvent, requestOf, STAGE_ARN, tokenEvent } from '../support/requests.ts';

describe('a REQUEST event', () => {
  test('says resource, method, path and request', () => {
    expect(requestOf({ method: 'POST', resource: '/orders/{id}', path: '/orders/1' })).toMatchObject({
      resource: '/orders/{id}',
      method: 'POST',
      path: '/orders/1',
      requestId: 'request-1',
      methodArn: { stageArn: STAGE_ARN },
    });
  });

  test.each([{ resource: undefined }, { resource: 7 }, { httpMethod: undefined }, { httpMethod: null }])(
    'with %j is malformed',
    (more) => {
      expect(() => requestOf({}, more)).toThrow(EventMalformed);
    },
  );

  test.each(['*', '', 'GET/orders', 'GET*', 'G?T', '$' + '{aws:username}', 'GET '])(
    'whose method is %j, which is none, is malformed: the method enters a policy',
    (httpMethod) => {
      expect(() => requestOf({}, { httpMethod })).toThrow(EventMalformed);
    },
  );

  test.each([
    { path: undefined },
    { path: null },
    { requestContext: null },
    { requestContext: { requestId: 7 } },
  ])('with %j is read', (more) => {
    expect(requestOf({}, more).resource).toBe('/orders');
  });

  test.each([undefined, null, 7, {}])('has no path or id of a request where these are %j', (value) => {
    const request = requestOf({}, { path: value, requestContext: { requestId: value } });
    expect(request).not.toHaveProperty('path');
    expect(request).not.toHaveProperty('requestId');
  });

  test('has the methodArn’s path whatever its own says', () => {
    expect(requestOf({ path: '/a' }, { path: '/b' }).methodArn.path).toBe('/a');
  });
});

test('a TOKEN event does not say the resource', () => {
  const request = parseRequest(tokenEvent('Bearer t'));
  expect(request.resource).toBeUndefined();
  expect(request.headerValues('authorization')).toEqual(['Bearer t']);
});

test.each([undefined, null, 7, {}, ['Bearer t']])('a TOKEN event with the token %j holds none', (token) => {
  expect(parseRequest(tokenEvent(token)).headerValues('authorization')).toEqual([]);
});

test.each([
  undefined,
  null,
  'event',
  [],
  {},
  { ...requestEvent(), type: 'OTHER' },
  { ...requestEvent(), type: undefined },
  { ...requestEvent(), methodArn: undefined },
  { ...requestEvent(), methodArn: 'arn:aws:lambda:a:b:c' },
])('%j is no event of a REST API', (event) => {
  expect(() => parseRequest(event)).toThrow(EventMalformed);
});

test('a malformed event is not quoted', () => {
  const event = { ...requestEvent(), methodArn: 'arn:secret' };
  expect(() => parseRequest(event)).toThrow(/^the event has no methodArn of a REST API$/);
});
