import { expect, test } from 'vitest';
import { NOTHING, UPSTREAM_HEADERS } from '../../lambda/config/upstream-headers.ts';

test('what says that there is nothing to say is a value that a header keeps', () => {
  // RFC 9110 §5.5: what is visible; spaces around a value are none of it.
  expect(NOTHING).toMatch(/^[\x21-\x7e]+$/);
});

test('each header has its own entry of the context', () => {
  const [names, entries] = [Object.keys(UPSTREAM_HEADERS), Object.values(UPSTREAM_HEADERS)];
  for (const name of names) expect(name).toMatch(/^x-authorizer-[a-z-]+$/);
  expect(new Set(entries).size).toBe(names.length);
});
