import { expect, test } from 'vitest';
import { normalizeTokenType } from '../../lambda/config/token-type.ts';

test.each([
  ['JWT', 'jwt'],
  ['at+JWT', 'at+jwt'],
  ['application/at+jwt', 'at+jwt'],
  ['APPLICATION/JWT', 'jwt'],
  // With another slash it is no name that `application/` may be left out of.
  ['application/a/b', 'application/a/b'],
  ['text/application/jwt', 'text/application/jwt'],
  ['application/', 'application/'],
  ['xapplication/jwt', 'xapplication/jwt'],
  // The Kelvin sign is no spelling of k.
  ['\u212a', '\u212a'],
  ['', ''],
])('%j is %j', (type, normal) => {
  expect(normalizeTokenType(type)).toBe(normal);
});
