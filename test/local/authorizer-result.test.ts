import { describe, expect, it } from 'vitest';
import { parseAuthorizerResult } from '../../bin/local/authorizer-result.ts';
import { answer, statement } from './support.ts';

const VALID = answer([statement('Allow')]) as Record<string, unknown>;
const parse = (changes: Record<string, unknown>) => parseAuthorizerResult({ ...VALID, ...changes });

describe('parseAuthorizerResult', () => {
  it('makes strings of scalar context values', () => {
    const parsed = parse({ context: { a: 'x', b: 1.5, c: false }, usageIdentifierKey: 'key' });
    expect(parsed).toMatchObject({
      ok: true,
      result: { principalId: 'user-1', context: { a: 'x', b: '1.5', c: 'false' }, usageIdentifierKey: 'key' },
    });
  });

  it('needs neither context nor usage key', () => {
    expect(parse({ context: undefined, usageIdentifierKey: null })).toMatchObject({
      ok: true,
      result: { context: {} },
    });
  });

  it.each([
    [{ principalId: '' }, 'principal_id_malformed'],
    [{ principalId: 7 }, 'principal_id_malformed'],
    [{ principalId: undefined }, 'principal_id_malformed'],
    [{ policyDocument: undefined }, 'policy_malformed'],
    [{ policyDocument: { Version: '2012-10-17' } }, 'policy_malformed'],
    [{ context: { a: {} } }, 'context_malformed'],
    [{ context: { a: [] } }, 'context_malformed'],
    [{ context: { a: null } }, 'context_malformed'],
    [{ context: 'a' }, 'context_malformed'],
    [{ usageIdentifierKey: 1 }, 'usage_identifier_key_malformed'],
  ])('%j is %s', (changes, reason) => {
    expect(parse(changes)).toEqual({ ok: false, reason });
  });

  it.each([[null], ['Allow'], [[]], [undefined]])('%j is no answer', (value) => {
    expect(parseAuthorizerResult(value)).toEqual({ ok: false, reason: 'answer_not_an_object' });
  });
});
