import { expect, it } from 'vitest';
import { formatAddress, keyIn, parseAddress } from '../../bin/console/page/address.ts';

it.each([
  ['', { page: 'debugger', rest: [], parameters: {} }],
  ['#/nowhere/at/all', { page: 'debugger', rest: [], parameters: {} }],
  ['#/__proto__', { page: 'debugger', rest: [], parameters: {} }],
  ['#/consumers', { page: 'consumers', rest: [], parameters: {} }],
  ['#/consumers/user/a%2Fb', { page: 'consumers', rest: ['user', 'a/b'], parameters: {} }],
  ['#/consumers/%E0%A4%A', { page: 'consumers', rest: ['%E0%A4%A'], parameters: {} }],
  ['#/debugger?code=x&path=%2Fa', { page: 'debugger', rest: [], parameters: { code: 'x', path: '/a' } }],
])('%s', (hash, address) => {
  expect(parseAddress(hash)).toEqual(address);
});

it('what is written is read as it was', () => {
  const parameters = { path: '/a?b=c&d#e', code: 'x y' };
  expect(parseAddress(formatAddress('debugger', [], parameters))).toMatchObject({ parameters });
  expect(parseAddress(formatAddress('consumers', ['app', 'ü/?#%']))).toMatchObject({
    rest: ['app', 'ü/?#%'],
  });
});

it('a key is 43 characters, and all of the address', () => {
  const key = 'k'.repeat(43);
  expect(
    [`#key=${key}`, `#key=${key}k`, `#key=${key.slice(1)}`, `#/debugger?key=${key}`, ''].map(keyIn),
  ).toEqual([key, ...[undefined, undefined, undefined, undefined]]);
});
