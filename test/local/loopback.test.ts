import { describe, expect, it } from 'vitest';
import { loopbackRefusal } from '../../bin/local/loopback.ts';

const HOST = '127.0.0.1:9876';

describe('loopbackRefusal', () => {
  it.each([['127.0.0.1:9876'], ['localhost:9876'], ['LOCALHOST:9876'], ['[::1]:9876']])(
    'takes host %s',
    (host) => {
      expect(loopbackRefusal({ host }, 9876)).toBeUndefined();
    },
  );

  it.each([
    ['rebind.example:9876'],
    ['127.0.0.1'],
    ['127.0.0.1:8080'],
    ['127.0.0.1.evil.example:9876'],
    ['localhost.:9876'],
    ['0.0.0.0:9876'],
    [''],
    [undefined],
  ])('refuses host %s', (host) => {
    expect(loopbackRefusal(host === undefined ? {} : { host }, 9876)).toBe('host_not_allowed');
  });

  it('needs no port on port 80', () => {
    expect(loopbackRefusal({ host: 'localhost' }, 80)).toBeUndefined();
    expect(loopbackRefusal({ host: 'localhost:80' }, 80)).toBeUndefined();
  });

  it.each([['http://127.0.0.1:9876'], ['http://localhost:9876']])('takes origin %s', (origin) => {
    expect(loopbackRefusal({ host: HOST, origin }, 9876)).toBeUndefined();
  });

  it.each([
    ['https://evil.example'],
    ['null'],
    ['http://127.0.0.1:8080'],
    ['https://127.0.0.1:9876'],
    ['http://127.0.0.1:9876.evil.example'],
    [''],
  ])('refuses origin %s', (origin) => {
    expect(loopbackRefusal({ host: HOST, origin }, 9876)).toBe('origin_not_allowed');
  });

  it.each([
    [{ 'content-length': '2', 'content-type': 'application/json' }, undefined],
    [{ 'content-length': '2', 'content-type': 'Application/JSON; charset=utf-8' }, undefined],
    [{ 'content-length': '0' }, undefined],
    [{ 'content-length': '2' }, 'content_type_not_allowed'],
    [{ 'transfer-encoding': 'chunked', 'content-type': 'text/plain' }, 'content_type_not_allowed'],
    [{ 'content-length': '2', 'content-type': 'application/json-patch' }, 'content_type_not_allowed'],
    [{ 'content-length': '2', 'content-type': 'text/plain; application/json' }, 'content_type_not_allowed'],
  ])('body of %j: %s', (headers, expected) => {
    expect(loopbackRefusal({ host: HOST, ...headers }, 9876)).toBe(expected);
  });
});
