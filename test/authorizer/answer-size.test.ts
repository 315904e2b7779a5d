import { describe, expect, test } from 'vitest';
import { allow } from '../../lambda/authorizer/answer.ts';
import type { AuthenticatedCaller } from '../../lambda/authorizer/caller.ts';
import { respond } from '../../lambda/authorizer/respond.ts';
import { codeOf } from '../attack/ours.ts';
import { requestEvent, requestOf, tokenEvent } from '../support/requests.ts';
import { tokenOf } from '../support/tokens.ts';
import { configOf, dependenciesOf } from './fixtures.ts';

/** More than an answer has room for, although the token has at most 8,192 bytes: DEL is told as U+FFFD, three bytes. */
const LONG = '\u007f'.repeat(2800);

describe('of whom an answer would have to say more than API Gateway takes', () => {
  const scoped = configOf([{ scopeClaim: ['scope'] }], {
    routes: [{ paths: ['/orders'], scopes: ['read'] }],
  });

  test.each([
    ['unauthorized', undefined],
    ['policy', undefined],
  ] as const)('is denied: onDenial %s', async (onDenial, answer) => {
    const event = tokenEvent(`Bearer ${tokenOf({ sub: LONG })}`);
    const outcome = await respond(event, dependenciesOf({ config: configOf([{}], { onDenial }) }));
    expect(codeOf(outcome)).toBe('token_too_large');
    expect(outcome).toMatchObject({ kind: 'decided', answer });
    const decision = outcome.kind === 'decided' ? outcome.decision : undefined;
    expect(decision).toMatchObject({ kind: 'denied', isLasting: false, denial: { isLasting: false } });
  });

  test('has none that is remembered either', () => {
    const caller: AuthenticatedCaller = {
      ...{ kind: 'authenticated', claims: { sub: LONG }, keySource: 'inline', scopes: [] },
      ...{ principalId: '\ufffd'.repeat(LONG.length), isRemembered: true },
    };
    for (let time = 1; time <= 2; time += 1) expect(allow(caller, requestOf(), configOf())).toBeUndefined();
    expect(allow({ ...caller, claims: {}, principalId: 'ada' }, requestOf(), configOf())).toBeDefined();
  });

  test('a shorter one is let in', async () => {
    const event = tokenEvent(`Bearer ${tokenOf({ sub: LONG.slice(0, 2000) })}`);
    expect(codeOf(await respond(event, dependenciesOf()))).toBe('allowed');
  });

  test('without the scope, is refused without the name', async () => {
    const headers = [['Authorization', `Bearer ${tokenOf({ sub: LONG })}`]] as const;
    const outcome = await respond(requestEvent({ headers }), dependenciesOf({ config: scoped }));
    expect(codeOf(outcome)).toBe('scope_missing');
    expect(outcome).toMatchObject({ answer: { principalId: 'anonymous' } });
  });
});
