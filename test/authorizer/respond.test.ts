/** From the event to the answer: what is the caller's fault, and what is ours. */
import { describe, expect, test } from 'vitest';
import type { Dependencies } from '../../lambda/authorizer/dependencies.ts';
import { deliver, type Outcome, respond } from '../../lambda/authorizer/respond.ts';
import type { FoundCredential } from '../../lambda/consumers/find-credential.ts';
import { markStale } from '../../lambda/consumers/last-known.ts';
import { StoreUnavailable } from '../../lambda/consumers/model.ts';
import { requestEvent } from '../support/requests.ts';
import { NOW_SECONDS as NOW, tokenOf } from '../support/tokens.ts';
import { configOf, dependenciesOf, foundForUser } from './fixtures.ts';

const CONTROLLED = configOf([{ checkCredentialExistence: true }], {
  routes: [{ paths: ['/orders'], scopes: ['orders:read'] }],
});
const EVENT = requestEvent({ headers: [['Authorization', `Bearer ${tokenOf({ sub: 'key-1' })}`]] });

const answered = (found: FoundCredential | undefined, overrides: Partial<Dependencies> = {}) =>
  respond(EVENT, dependenciesOf({ config: CONTROLLED, findCredential: async () => found, ...overrides }));

/** `Allow`, `Deny`, or what API Gateway makes of what is thrown: 401, 500. */
function deliveredAs(outcome: Outcome): string {
  try {
    return deliver(outcome).policyDocument.Statement[0]?.Effect ?? 'nothing';
  } catch (error) {
    return error instanceof Error && error.message === 'Unauthorized' ? '401' : '500';
  }
}

const READER = { scopes: ['orders:read'] };

describe('a credential that was read now', () => {
  test.each<[string, FoundCredential | undefined, string]>([
    ['with the scope', foundForUser(READER), 'Allow'],
    ['without the scope', foundForUser({ scopes: ['orders:write'] }), 'Deny'],
    ['that has expired', foundForUser({ ...READER, expiresAtSeconds: NOW }), '401'],
    ['that there is not', undefined, '401'],
  ])('%s: %s', async (_, found, expected) => {
    const outcome = await answered(found);
    expect([outcome.kind, deliveredAs(outcome)]).toEqual(['decided', expected]);
  });
});

describe.each(['credential', 'holder'] as const)(
  'a credential whose %s was read before an outage',
  (part) => {
    const staled = (found: FoundCredential) => {
      markStale(found[part]);
      return found;
    };

    test('lets its caller in', async () => {
      expect(deliveredAs(await answered(staled(foundForUser(READER))))).toBe('Allow');
      const lasting = foundForUser({ ...READER, expiresAtSeconds: NOW + 1 });
      expect(deliveredAs(await answered(staled(lasting)))).toBe('Allow');
    });

    test.each<[string, () => FoundCredential]>([
      [
        'without the scope, which may have been given since',
        () => foundForUser({ scopes: ['orders:write'] }),
      ],
      ['without any scope', () => foundForUser()],
      [
        'that has expired, which may have been put off',
        () => foundForUser({ ...READER, expiresAtSeconds: NOW }),
      ],
    ])('denies nobody: %s', async (_, found) => {
      const outcome = await answered(staled(found()));
      expect(outcome).toMatchObject({ kind: 'unavailable', request: { method: 'GET' } });
      expect('error' in outcome && outcome.error).toBeInstanceOf(StoreUnavailable);
      expect(deliveredAs(outcome)).toBe('500');
    });

    test('nor does the next policy, or nobody in particular, take its place', async () => {
      const config = configOf(
        [
          { checkCredentialExistence: true, passThrough: true, issuer: [] },
          { checkCredentialExistence: false, passThrough: true },
        ],
        { routes: CONTROLLED.routes },
      );
      const outcome = await answered(staled(foundForUser({ ...READER, isActive: false })), { config });
      expect([outcome.kind, deliveredAs(outcome)]).toEqual(['unavailable', '500']);
    });
  },
);

test('what revocations were read says who may not, before an outage as in it', async () => {
  const found = foundForUser(READER);
  markStale(found.holder);
  const findRevocation = async () => ({ isRevoked: true });
  expect(deliveredAs(await answered(found, { findRevocation }))).toBe('401');
});

test('what does not come in the function’s time is an outage, told before that is over', async () => {
  const findCredential = () => new Promise<undefined>(() => undefined);
  const dependencies = dependenciesOf({ config: CONTROLLED, findCredential });
  const outcome = await respond(EVENT, dependencies, 20);
  expect('error' in outcome && String(outcome.error)).toMatch(/^OutOfTime: .*within 20 ms$/);
  expect(deliveredAs(outcome)).toBe('500');
});

test.each([null, undefined, 7, 'text', {}, { type: 'REQUEST' }])('%j is no event: a 500', async (event) => {
  const outcome = await respond(event, dependenciesOf());
  expect(outcome).toMatchObject({ kind: 'unavailable', request: undefined });
  expect(deliveredAs(outcome)).toBe('500');
});

test('what is thrown for an outage does not say what failed', async () => {
  const findCredential = async () => {
    throw new StoreUnavailable('Unauthorized');
  };
  const outcome = await answered(undefined, { findCredential });
  expect(deliveredAs(outcome)).toBe('500');
  expect(() => deliver(outcome)).toThrow('the authorizer is unavailable');
});
