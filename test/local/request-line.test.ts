import { expect, it } from 'vitest';
import type { GatewayRecord } from '../../bin/local/gateway.ts';
import { requestLine } from '../../bin/local/request-line.ts';

const line = (more: Partial<GatewayRecord>) =>
  requestLine(
    { requestId: 'r', method: 'POST', resource: '/orders', status: 403, reason: 'explicit_deny', ...more },
    'http://127.0.0.1:1',
  );

it.each<[Partial<GatewayRecord>, string]>([
  [{ code: 'scope_missing', cache: 'hit' }, 'POST /orders 403 scope_missing (cache hit)'],
  // The policy lets the caller in, and not to this spelling of a path: nobody but the gateway says so.
  [{ cache: 'miss' }, 'POST /orders 403 explicit_deny (cache miss)'],
  [
    { status: 401, reason: 'function_said_unauthorized', code: 'token_expired' },
    'POST /orders 401 token_expired',
  ],
  [{ status: 401, reason: 'function_said_unauthorized' }, 'POST /orders 401 function_said_unauthorized'],
  [
    { status: 500, reason: 'function_threw', code: 'table_unreachable' },
    'POST /orders 500 table_unreachable, function_threw',
  ],
  [
    { status: 403, reason: 'no_statement_matched', code: 'scope_missing' },
    'POST /orders 403 scope_missing, no_statement_matched',
  ],
  [{ status: 200, reason: 'allowed', cache: 'off' }, 'POST /orders 200 allowed (cache off)'],
  [{ status: 504, reason: 'integration_timeout' }, 'POST /orders 504 integration_timeout http://127.0.0.1:1'],
  [{ method: 'GET', status: 403, reason: 'no_such_method' }, 'GET /orders 403 no_such_method'],
])('%j is %s', (more, expected) => {
  expect(line(more)).toBe(expected);
});

it('has a place for a resource that nobody knows', () => {
  const { resource, ...record } = {
    requestId: 'r',
    method: 'GET',
    resource: '',
    status: 403,
    reason: 'no_such_method',
  };
  expect(requestLine(record, '')).toBe('GET - 403 no_such_method');
});
