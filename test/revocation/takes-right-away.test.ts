import { describe, expect, it } from 'vitest';
import { type Image, takesRightAway } from '../../lambda/revocation/takes-right-away.ts';

const RECORD = {
  pk: { S: 'cred#key-1' },
  sk: { S: 'record' },
  keyId: { S: 'key-1' },
  isActive: { BOOL: true },
  scopes: { SS: ['a', 'b'] },
  expiresAtSeconds: { N: '2000' },
  issuedBeforeSeconds: { N: '1000' },
  keySlot: { N: '1' },
  updatedAt: { S: '2026-11-22T08:00:00.000Z' },
};
/** The record with some attributes replaced, or without them. */
const changed = (changes: Readonly<Record<string, unknown>>): Image =>
  Object.fromEntries(Object.entries({ ...RECORD, ...changes }).filter(([, value]) => value !== undefined));

/** Before, after, and what it comes to. */
describe.each<[string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>, boolean]>([
  ['deactivated', {}, { isActive: { BOOL: false } }, true],
  ['activated', { isActive: { BOOL: false } }, { isActive: { BOOL: true } }, false],
  ['a state that is none', {}, { isActive: { S: 'yes' } }, true],
  ['no state any more', {}, { isActive: undefined }, true],
  ['being deleted', {}, { phase: { S: 'deleting' } }, true],
  ['in a phase that is unknown', {}, { phase: { S: 'frozen' } }, true],
  ['a scope less', {}, { scopes: { SS: ['a'] } }, true],
  ['no scope any more', {}, { scopes: undefined }, true],
  ['another scope', {}, { scopes: { SS: ['a', 'c'] } }, true],
  ['a scope more', {}, { scopes: { SS: ['c', 'b', 'a'] } }, false],
  ['its first scope', { scopes: undefined }, { scopes: { SS: ['a'] } }, false],
  ['the same scopes in another order', {}, { scopes: { SS: ['b', 'a'] } }, false],
  ['scopes of another type', {}, { scopes: { L: [{ S: 'a' }, { S: 'b' }, { S: 'c' }] } }, true],
  ['expires a second sooner', {}, { expiresAtSeconds: { N: '1999' } }, true],
  ['expires a second later', {}, { expiresAtSeconds: { N: '2001' } }, false],
  ['expires no more', {}, { expiresAtSeconds: undefined }, false],
  ['expires from now on', { expiresAtSeconds: undefined }, {}, true],
  ['expires at what is no number', {}, { expiresAtSeconds: { S: '9999' } }, true],
  ['later tokens do not count', {}, { issuedBeforeSeconds: { N: '1001' } }, true],
  ['fewer tokens do not count', {}, { issuedBeforeSeconds: { N: '999' } }, false],
  ['all tokens count again', {}, { issuedBeforeSeconds: undefined }, false],
  ['some tokens do not count', { issuedBeforeSeconds: undefined }, {}, true],
  ['another issuer', { issuer: { S: 'a' } }, { issuer: { S: 'b' } }, true],
  ['an issuer for the first time', {}, { issuer: { S: 'b' } }, true],
  ['another API key', { apiKey: { S: 'a' } }, { apiKey: { S: 'b' } }, true],
  ['no API key any more', { apiKey: { S: 'a' } }, { apiKey: undefined }, true],
  ['another key', {}, { keySlot: { N: '2' } }, true],
  ['a key that is being replaced', {}, { keyVersion: { N: '7' } }, true],
  ['another end of the old key', {}, { previousKeyUntilSeconds: { N: '7' } }, true],
  ['another holder', { consumerId: { S: 'a' } }, { consumerId: { S: 'b' } }, true],
  ['another maker', { attempt: { S: 'a' } }, { attempt: { S: 'b' } }, true],
  ['something new to us', {}, { quarantined: { BOOL: true } }, true],
  ['something new to us is gone', { vip: { BOOL: true } }, { vip: undefined }, true],
  ['something new that JavaScript has a name for', {}, { constructor: { S: 'x' } }, true],
  ['something new that every object has', {}, { valueOf: { S: 'x' } }, true],
  ['another name', { firstname: { S: 'Ada' } }, { firstname: { S: 'Eva' } }, false],
  ['other properties', {}, { properties: { S: '{"team":"blue"}' } }, false],
  ['a change of scopes that does not count yet', {}, { pendingScopes: { SS: ['a'] } }, false],
  ['the time of its last change', {}, { updatedAt: { S: '2026-11-22T09:00:00.000Z' } }, false],
  ['nothing', {}, {}, false],
  ['a name and a scope less', {}, { firstname: { S: 'x' }, scopes: { SS: ['a'] } }, true],
  ['active, and a scope less', { isActive: { BOOL: false } }, { scopes: { SS: ['a'] } }, true],
])('a record that has %s', (_, before, after, expected) => {
  it(expected ? 'lost a right' : 'lost none', () =>
    expect(takesRightAway({ before: changed(before), after: changed(after) })).toBe(expected),
  );
});

describe('what is there, and is not', () => {
  const REVOKED = { pk: { S: 'revoked#all' }, sk: { S: 'record' }, issuedBeforeSeconds: { N: '1' } };
  it.each<[string, { before?: Image; after?: Image }, boolean]>([
    ['a record is removed', { before: RECORD }, true],
    ['a record comes', { after: RECORD }, true],
    ['a revocation comes', { after: REVOKED }, true],
    [
      'a revocation is changed',
      { before: REVOKED, after: { ...REVOKED, issuedBeforeSeconds: { N: '2' } } },
      true,
    ],
    ['a revocation goes', { before: REVOKED }, false],
    ['there are no images, as of a stream of keys', {}, true],
  ])('%s', (_, change, expected) => expect(takesRightAway(change)).toBe(expected));
});
