import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonBytes } from '../../lambda/authorizer/json-bytes.ts';

const exact = (value: object) => Buffer.byteLength(JSON.stringify(value));
const texts = fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }));

test('is never less than it is, and exact above the limit', () => {
  fc.assert(
    fc.property(texts, fc.nat(2000), (entries, limit) => {
      const bytes = jsonBytes(entries, limit);
      expect(bytes).toBeGreaterThanOrEqual(exact(entries));
      if (bytes > limit) expect(bytes).toBe(exact(entries));
    }),
  );
});

test('of what is no text is exact, whatever the limit', () => {
  for (const entries of [{ a: 7 }, { a: 'x', b: { c: ['é'] } }, { a: null }])
    expect(jsonBytes(entries, 1_000_000)).toBe(exact(entries));
});

test('with what is known of base64url and JSON', () => {
  fc.assert(
    fc.property(texts, fc.nat(2000), (claims, limit) => {
      const claimsJson = JSON.stringify(claims);
      const entries = { claimsJson, claimsBase64url: Buffer.from(claimsJson).toString('base64url') };
      const bytes = jsonBytes(entries, limit, (name) => (name === 'claimsJson' ? 3 : 1));
      expect(bytes).toBeGreaterThanOrEqual(exact(entries));
      if (bytes > limit) expect(bytes).toBe(exact(entries));
    }),
  );
});
