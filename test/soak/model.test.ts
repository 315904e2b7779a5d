/** The reference itself: at each boundary, just before and just after. */
import { describe, expect, test } from 'vitest';
import { type Credential, type Minted, newHolder, type PolicyFacts } from './facts.ts';
import { createHistory } from './history.ts';
import { expectedOf, type ModelWorld, type Route } from './model.ts';
import { createPropagation, recoveryMs } from './propagation.ts';

const POLICY: PolicyFacts = {
  ...{
    issuer: 'https://a.example',
    isControlled: true,
    isRevocable: true,
    hasScopeClaim: false,
    isFetched: false,
  },
};
/** C = 2 s, A = 600 s: bounds of 12.5 s and 612.5 s. */
const settings = { credentialCacheSeconds: 2, authorizerCacheSeconds: 600 };

function world(policy: PolicyFacts = POLICY) {
  const propagation = createPropagation(settings);
  const policies = { shared: policy, plain: policy, set: policy, found: policy, own: policy };
  const model: ModelWorld = { policies, propagation, allIssuedBefore: createHistory(0) };
  const holder = newHolder({ kind: 'user', id: 'u1', username: 'ann' });
  const state = { isActive: true, scopes: ['read'], keys: [1] };
  const credential: Credential = {
    keyId: 'k1',
    holder,
    state: createHistory<typeof state | undefined>(state),
  };
  const minted: Minted = {
    ...{ token: 'a.b.c', policy: 'shared', claims: { jti: 'j' }, issuedAtSeconds: 100, expMs: 9_000_000 },
    ...{ credential, isRevoked: createHistory(false) },
  };
  const at = (ms: number, route: Route = CACHED, token: Minted = minted) =>
    expectedOf(token, route, { beganMs: ms, endedMs: ms + 5 }, model).outcomes.map((one) => one.slice(0, 3));
  return { propagation, model, holder, credential, minted, at };
}

const CACHED: Route = { method: 'GET', path: '/orders/7', scopes: ['read'], isCached: true };
const UNCACHED: Route = { ...CACHED, isCached: false };

test('nothing has changed: one answer', () => {
  const { at } = world();
  expect(at(1_000)).toEqual(['200']);
  expect(at(1_000, { ...CACHED, scopes: ['write'] })).toEqual(['403']);
  expect(at(1_000, { ...CACHED, isAmbiguous: true })).toEqual(['403']);
});

test('a deactivation: either answer until the bound, then one', () => {
  const { at, credential, propagation } = world();
  const state = credential.state.latest();
  const acked = credential.state.begin(state && { ...state, isActive: false }, 'admin', 10_000);
  expect(at(9_994)).toEqual(['200']);
  expect(at(9_996)).toEqual(['200', '401']);
  expect(at(90_000)).toEqual(['200', '401']);
  propagation.flushed(acked(10_100));
  expect(at(22_600)).toEqual(['200', '401']);
  expect(at(22_601)).toEqual(['401']);
});

test('a change around the Admin API: where answers are kept, until a flush or for as long as they are', () => {
  const { at, holder, propagation } = world();
  holder.isActive.begin(false, 'direct', 10_000)(10_000);
  expect(at(22_500, UNCACHED)).toEqual(['200', '401']);
  expect(at(22_501, UNCACHED)).toEqual(['401']);
  expect(at(622_500)).toEqual(['200', '401']);
  expect(at(622_501)).toEqual(['401']);
  // One that is not a second later may share its flush with what was before.
  propagation.flushed({ beganMs: 10_999, ackedMs: 11_000, way: 'admin', value: 1 });
  expect(at(622_500)).toEqual(['200', '401']);
  propagation.flushed({ beganMs: 11_000, ackedMs: 11_010, way: 'admin', value: 2 });
  expect(at(23_510)).toEqual(['200', '401']);
  expect(at(23_511)).toEqual(['401']);
});

test('an outage: also 500, and never anything else than without', () => {
  const { at, holder, propagation } = world();
  holder.isActive.begin(false, 'admin', 0)(0);
  propagation.fell({ dependency: 'table', beganMs: 60_000, endedMs: 65_000 });
  const overMs = 65_000 + recoveryMs('table', 5_000);
  expect(at(59_994)).toEqual(['401']);
  expect(at(59_995)).toEqual(['401', '500']);
  expect(at(overMs)).toEqual(['401', '500']);
  expect(at(overMs + 1)).toEqual(['401']);
  propagation.fell({ dependency: 'issuer', beganMs: 100_000, endedMs: 105_000 });
  expect(at(102_000)).toEqual(['401']);
});

describe('tokens', () => {
  test('expire; what is kept outlives them, until a flush', () => {
    const { at, minted, propagation } = world();
    const token = { ...minted, expMs: 50_000 };
    expect(at(49_994, UNCACHED, token)).toEqual(['200']);
    expect(at(49_999, UNCACHED, token)).toEqual(['200', '401']);
    expect(at(50_000, UNCACHED, token)).toEqual(['401']);
    expect(at(50_000, CACHED, token)).toEqual(['200', '401']);
    propagation.flushed({ beganMs: 50_000, ackedMs: 50_010, way: 'admin', value: 1 });
    expect(at(50_509, CACHED, token)).toEqual(['200', '401']);
    expect(at(50_510, CACHED, token)).toEqual(['401']);
  });

  test('are revoked one by one, and with all that were issued before', () => {
    const { at, minted, model } = world();
    model.allIssuedBefore.begin(100, 'admin', 0)(0);
    expect(at(20_000)).toEqual(['200']);
    model.allIssuedBefore.begin(101, 'admin', 30_000)(30_000);
    expect(at(42_501)).toEqual(['401']);
    expect(at(20_000, CACHED, { ...minted, isRevoked: createHistory(true) })).toEqual(['401']);
  });

  test('of a key that was replaced, and of one that goes on', () => {
    const { at, credential, minted } = world();
    const state = credential.state.latest();
    const [first, second] = [1, 2].map((keyVersion) => ({ ...minted, keyVersion }));
    credential.state.begin(state && { ...state, keys: [1, 2] }, 'admin', 0)(0);
    expect([at(12_501, CACHED, first), at(12_501, CACHED, second)]).toEqual([['200'], ['200']]);
    credential.state.begin(state && { ...state, keys: [2] }, 'admin', 20_000)(20_000);
    expect([at(32_501, CACHED, first), at(32_501, CACHED, second)]).toEqual([['401'], ['200']]);
  });

  test('of a key of a set: ten seconds after it is there, ten minutes after it is not', () => {
    const { at, minted } = world({ ...POLICY, isFetched: true });
    const setKey = { kid: 'a', isPublished: createHistory(false) };
    const token = { ...minted, setKey };
    expect(at(0, UNCACHED, token)).toEqual(['401']);
    setKey.isPublished.begin(true, 'direct', 1_000)(1_000);
    expect(at(11_000, UNCACHED, token)).toEqual(['200', '401']);
    expect(at(11_001, UNCACHED, token)).toEqual(['200']);
    setKey.isPublished.begin(false, 'direct', 20_000)(20_000);
    expect(at(630_500, UNCACHED, token)).toEqual(['200', '401']);
    expect(at(630_501, UNCACHED, token)).toEqual(['401']);
  });
});
