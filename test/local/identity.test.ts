import { describe, expect, it } from 'vitest';
import { authorizationTokenOf, cacheKeyOf, identityValuesOf } from '../../bin/local/identity.ts';
import type { GatewayRequest } from '../../bin/local/request.ts';
import type { IdentitySource } from '../../lambda/config/keying.ts';

const HEADER: IdentitySource = { in: 'header', name: 'Authorization' };
const QUERY: IdentitySource = { in: 'query', name: 'token' };
const ROUTE = { resource: '/orders/{id}', pathParameters: { id: '1' } };

function request(changes: Partial<GatewayRequest> = {}): GatewayRequest {
  return { method: 'GET', rawPath: '/orders/1', headers: [], sourceIp: '127.0.0.1', ...changes };
}

const values = (sources: readonly IdentitySource[], changes: Partial<GatewayRequest>) =>
  identityValuesOf(sources, request(changes), ROUTE);

describe('identityValuesOf', () => {
  it('finds headers by any spelling, parameters by one', () => {
    expect(values([HEADER], { headers: [['AUTHORIZATION', 't']] })).toEqual([['t']]);
    expect(values([QUERY], { rawQuery: 'token=t' })).toEqual([['t']]);
    expect(values([QUERY], { rawQuery: 'Token=t' })).toBeUndefined();
  });

  it('wants every source, with something in it', () => {
    const both = [HEADER, QUERY];
    expect(values(both, { headers: [['Authorization', 't']], rawQuery: 'token=u' })).toEqual([['t'], ['u']]);
    expect(values(both, { headers: [['Authorization', 't']] })).toBeUndefined();
    expect(values(both, { headers: [['Authorization', '']], rawQuery: 'token=u' })).toBeUndefined();
    expect(values([QUERY], { rawQuery: 'token=' })).toBeUndefined();
    expect(values([], {})).toEqual([]);
  });

  it('knows resource and method', () => {
    const sources: readonly IdentitySource[] = [
      { in: 'context', name: 'resourcePath' },
      { in: 'context', name: 'httpMethod' },
    ];
    expect(values(sources, { method: 'POST' })).toEqual([['/orders/{id}'], ['POST']]);
  });
});

describe('several values', () => {
  const twice = [['a', 'b']];
  const joined = [['a,b']];

  it('share no cache key with one value that looks like them', () => {
    expect(cacheKeyOf(twice)).not.toBe(cacheKeyOf(joined));
    expect(cacheKeyOf([['a'], ['b']])).not.toBe(cacheKeyOf(twice));
  });

  it('reach a TOKEN function joined', () => {
    expect(authorizationTokenOf(twice)).toBe('a,b');
    expect(authorizationTokenOf([['a']])).toBe('a');
  });
});
