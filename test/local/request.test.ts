import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { headBytes, headerValues, queryPairs, readRequest, targetOf } from '../../bin/local/request.ts';

function read(url: string, rawHeaders: readonly string[] = []) {
  return readRequest({
    method: 'GET',
    url,
    rawHeaders,
    socket: { remoteAddress: '127.0.0.1' },
  } as unknown as IncomingMessage);
}

describe('readRequest', () => {
  it.each([
    ['/a/../b//c/%2e?x=1?y', '/a/../b//c/%2e', 'x=1?y'],
    ['/a', '/a', undefined],
    ['/a?', '/a', ''],
    ['http://elsewhere.example/a?b', '/a', 'b'],
    ['http://elsewhere.example', '/', undefined],
    ['http://elsewhere.example?b', '/', 'b'],
  ])('takes %s apart and changes nothing', (url, rawPath, rawQuery) => {
    const request = read(url);
    expect(request?.rawPath).toBe(rawPath);
    expect(request?.rawQuery).toBe(rawQuery);
  });

  it.each([['*'], [''], ['a'], ['/a#b'], ['/a\u00e9'], ['/a b'], ['ftp://x/a']])('refuses %j', (url) => {
    expect(read(url)).toBeUndefined();
  });

  it('gives the target back byte for byte', () => {
    for (const target of ['/', '/?', '/a//b?c=%2F&&d']) expect(targetOf(read(target) ?? fail())).toBe(target);
  });

  it('finds headers without case and keeps every value', () => {
    const request = read('/', ['X-A', '1', 'x-a', '2', 'X-B', '3']) ?? fail();
    expect(headerValues(request, 'X-a')).toEqual(['1', '2']);
  });

  it('decodes the query, splitting on ; as API Gateway does', () => {
    const request = read('/?a=1&a=%32;b=x+y&c&%zz=%zz&d=1=2&&=e') ?? fail();
    expect(queryPairs(request)).toEqual([
      ['a', '1'],
      ['a', '2'],
      ['b', 'x y'],
      ['c', ''],
      ['%zz', '%zz'],
      ['d', '1=2'],
      ['', 'e'],
    ]);
  });

  it('counts the request line and header values', () => {
    expect(headBytes(read('/a?b', ['long-name', '12345']) ?? fail())).toBe('GET /a?b HTTP/1.1'.length + 5);
  });
});

function fail(): never {
  throw new Error('no request');
}
