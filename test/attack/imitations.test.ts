/** Claims of an honest token that are named as what only the authorizer, or API Gateway, may say. */
import { describe, expect, test } from 'vitest';
import { fileOf } from './doors.ts';
import { forge } from './forge.ts';
import { bearerEvent, guardOf } from './ours.ts';

const OURS = [
  ...[
    'authenticated',
    'anonymous',
    'consumerId',
    'consumerType',
    'username',
    'credentialId',
    'scopes',
    'issuer',
  ],
  ...['claimsJson', 'claimsBase64url', 'code', 'error'],
];
const API_GATEWAYS = [
  'principalId',
  'usageIdentifierKey',
  'integrationLatency',
  'integrationStatus',
  'claims',
  'property',
  'latency',
  'status',
  'requestId',
];
const OTHERS = [
  '__proto__',
  'constructor',
  'prototype',
  'policyDocument.Statement',
  'x-authorizer-username',
  'a b',
  'é',
  '1a',
  '',
];

async function contextFor(payload: Readonly<Record<string, unknown>>) {
  const outcome = await guardOf(fileOf('HS256')).respond(bearerEvent(forge('HS256', { payload })));
  if (outcome.kind !== 'decided' || outcome.answer === undefined) throw new Error('not let in');
  return outcome.answer;
}

const spellings = (name: string) => [name, name.toUpperCase(), name.toLowerCase()];

describe('no claim stands for an entry of the context (RFC 8725 §2.9, §3.10)', () => {
  test.each([...OURS, ...API_GATEWAYS].flatMap(spellings))('%s', async (name) => {
    const honest = await contextFor({});
    const { context, ...answer } = await contextFor({ [name]: 'imitated' });
    const { claimsJson: _, claimsBase64url: __, ...rest } = context ?? {};
    const { claimsJson: ___, claimsBase64url: ____, ...honestRest } = honest.context ?? {};
    expect(rest).toEqual(honestRest);
    expect(answer).toEqual({ principalId: honest.principalId, policyDocument: honest.policyDocument });
  });

  test.each(OTHERS)('%j, which is no name of a variable', async (name) => {
    const { context } = await contextFor({ [name]: 'imitated' });
    expect(Object.values(context ?? {})).not.toContain('imitated');
  });

  test('but a claim of its own name is there', async () => {
    expect((await contextFor({ tenant: 'north' })).context).toMatchObject({ tenant: 'north' });
  });
});

test.each(['a\r\nx-admin: 1', 'a\nb', 'a\0b', '\u0007', 'a\u0085b'])(
  'no control character of a claim is in the context (RFC 9110 §5.5): %j',
  async (value) => {
    const { context } = await contextFor({ tenant: value });
    expect(context).not.toHaveProperty('tenant');
  },
);

test('claims of 6 kB do not drive out what is ours (RFC 8725 §3.10)', async () => {
  const { context, principalId } = await contextFor({ a: 'x'.repeat(2_500), b: 'y'.repeat(2_500) });
  expect(principalId).toBe('ada');
  expect(context).toMatchObject({ authenticated: 'true', consumerId: '', issuer: 'https://id.example.com/' });
});
