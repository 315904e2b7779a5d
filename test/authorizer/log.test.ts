import { expect, test } from 'vitest';
import {
  logDenial,
  logKeyFailure,
  logPassedThrough,
  logStale,
  logUnavailable,
  unavailableReason,
} from '../../lambda/authorizer/log.ts';
import { StoreUnavailable } from '../../lambda/consumers/model.ts';
import { KeyUnavailable } from '../../lambda/keys/key-unavailable.ts';
import { requestOf } from '../support/requests.ts';

function lineOf(log: (write: (line: string) => void) => void): unknown {
  const lines: string[] = [];
  log((line) => lines.push(line));
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('\n');
  return JSON.parse(lines[0] ?? '');
}

test('a denial is one line with its code, resource and method, and nothing else of the request', () => {
  const request = requestOf({
    resource: '/orders/{id}',
    path: '/orders/secret-path',
    headers: [['Authorization', 'Bearer secret-token']],
    query: [['token', 'secret-query']],
  });
  expect(lineOf((write) => logDenial(write, 'signature_invalid', { request }))).toEqual({
    level: 'warn',
    message: 'denied',
    code: 'signature_invalid',
    method: 'GET',
    resource: '/orders/{id}',
    requestId: 'request-1',
  });
});

test('a verified caller’s credential is named', () => {
  const options = { request: requestOf(), credentialId: 'key-1' };
  expect(lineOf((write) => logDenial(write, 'scope_missing', options))).toMatchObject({
    credentialId: 'key-1',
  });
});

test.each([new StoreUnavailable('table gone'), new KeyUnavailable('table gone')])(
  'an outage of ours is told: %s',
  (error) => {
    expect(lineOf((write) => logUnavailable(write, error, 'request-1'))).toEqual({
      level: 'error',
      message: 'unavailable',
      reason: error.name,
      detail: 'table gone',
      requestId: 'request-1',
    });
  },
);

test('the cause of an outage is told by its name', () => {
  const error = new KeyUnavailable('cannot read', { cause: new RangeError('secret bytes') });
  const line = lineOf((write) => logUnavailable(write, error, undefined));
  expect(line).toMatchObject({ cause: 'RangeError' });
  expect(JSON.stringify(line)).not.toContain('secret bytes');
});

test.each([new SyntaxError('Unexpected token secret'), 'secret', undefined, { message: 'secret' }])(
  'what others threw is not quoted: %j',
  (error) => {
    expect(JSON.stringify(lineOf((write) => logUnavailable(write, error, undefined)))).not.toContain(
      'secret',
    );
  },
);

test('a token that was denied on the way to anonymous leaves its code', () => {
  const lines: string[] = [];
  logPassedThrough((line) => lines.push(line), 'token_expired', requestOf({ resource: '/a' }));
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'info', message: 'anonymous', code: 'token_expired', resource: '/a' },
  ]);
});

test('an outage that is served through is a warning, with what failed', () => {
  expect(lineOf((write) => logStale(write, new StoreUnavailable('table gone')))).toEqual({
    ...{ level: 'warn', message: 'stale_credentials' },
    ...{ reason: 'StoreUnavailable', detail: 'table gone' },
  });
});

test('keys that cannot be fetched are a warning, with the policy that needs them', () => {
  expect(lineOf((write) => logKeyFailure(write, new KeyUnavailable('keys gone'), 2))).toEqual({
    ...{ level: 'warn', message: 'key_refresh_failed', policy: 'jwt[2]' },
    ...{ reason: 'KeyUnavailable', detail: 'keys gone' },
  });
});

test.each([
  [new StoreUnavailable('x'), 'StoreUnavailable'],
  [new KeyUnavailable('x'), 'KeyUnavailable'],
  [new TypeError('x'), 'Fault'],
  [Object.assign(new Error('x'), { name: 'anything' }), 'Fault'],
  ['StoreUnavailable', 'Fault'],
  [undefined, 'Fault'],
])('an outage is counted by one of four reasons: %s', (error, reason) => {
  expect(unavailableReason(error)).toBe(reason);
});
