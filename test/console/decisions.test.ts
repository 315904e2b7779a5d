import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDecisionLog } from '../../bin/console/decisions.ts';
import type { WatchedRequest } from '../../bin/local/gateway.ts';

const AT = Date.parse('2026-11-22T10:00:00Z');
const request = (more: Partial<WatchedRequest> = {}): WatchedRequest => ({
  ...{ requestId: 'r', method: 'GET', path: '/orders/7', resource: '/orders/{id}' },
  ...{ status: 200, reason: 'allowed', durationMs: 1.26, ...more },
});
const log = (kept?: number) => createDecisionLog(() => AT, kept === undefined ? {} : { kept });

describe('the last requests', () => {
  it('tells those after a number', async () => {
    const decisions = log();
    for (let i = 0; i < 3; i += 1) decisions.record(request());
    const { run, ...since } = await decisions.since(1);
    expect(since.last).toBe(3);
    expect(since.decisions.map(({ number }) => number)).toEqual([2, 3]);
    expect(since.decisions[0]).toEqual({
      ...{ number: 2, at: '2026-11-22T10:00:00.000Z', method: 'GET', path: '/orders/7' },
      ...{ resource: '/orders/{id}', outcome: 'allowed', status: 200, durationMs: 1.3 },
    });
    expect((await decisions.since(3)).decisions).toEqual([]);
    expect(run).not.toBe((await log().since(0)).run);
  });

  it('keeps so many, and forgets the oldest', async () => {
    const decisions = log(2);
    for (let i = 0; i < 3; i += 1) decisions.record(request());
    expect((await decisions.since(0)).decisions.map(({ number }) => number)).toEqual([2, 3]);
  });

  it.each([
    [{ status: 401, reason: 'function_said_unauthorized', code: 'token_expired' }, 'denied', 'token_expired'],
    [{ status: 401, reason: 'identity_source_missing' }, 'denied', 'identity_source_missing'],
    [{ status: 403, reason: 'explicit_deny', code: 'scope_missing' }, 'denied', 'scope_missing'],
    [{ status: 429, reason: 'quota_exceeded' }, 'denied', 'quota_exceeded'],
    [{ status: 500, reason: 'function_threw', code: 'KeyUnavailable' }, 'failed', 'KeyUnavailable'],
    [{ status: 499, reason: 'client_gone' }, 'other', 'client_gone'],
    [{ status: 204, reason: 'preflight' }, 'allowed', undefined],
    // What the upstream answers is the upstream's.
    [{ status: 500, reason: 'allowed' }, 'allowed', undefined],
  ] as const)('%o', async (more, outcome, code) => {
    const decisions = log();
    decisions.record(request(more));
    expect((await decisions.since(0)).decisions[0]).toMatchObject({ outcome, ...(code && { code }) });
    expect((await decisions.since(0)).decisions[0]?.code).toBe(code);
  });

  it('what looks like a token in a path is not kept, nor more of a path than 200 characters', async () => {
    const decisions = log();
    decisions.record(request({ path: '/a/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl/b' }));
    decisions.record(request({ path: `/${'x'.repeat(200)}` }));
    const [masked, long] = (await decisions.since(0)).decisions;
    expect(masked?.path).toBe('/a/…/b');
    expect(long?.path).toBe(`/${'x'.repeat(199)}…`);
  });

  it.each([
    ['with its dots escaped', '/a/eyJhbGciOiJIUzI1NiJ9%2EeyJzdWIiOiJhIn0%2ec2lnbmF0dXJl/b', '/a/…/b'],
    ['in five parts', '/a/eyJhbGciOiJkaXIifQ..aXZpdml2aXZpdg.Y2lwaGVydGV4dA.dGFndGFndGFn/b', '/a/…/b'],
    ['is none in two parts', '/a/eyJhbGciOiJIUzI1NiJ9.json', '/a/eyJhbGciOiJIUzI1NiJ9.json'],
  ])('a token %s', async (_, path, kept) => {
    const decisions = log();
    decisions.record(request({ path }));
    expect((await decisions.since(0)).decisions[0]?.path).toBe(kept);
  });

  it('a path that is one long word is looked at once, not from each of its letters', async () => {
    const decisions = log();
    decisions.record(request({ path: `/${'a'.repeat(3_000_000)}` }));
    expect((await decisions.since(0)).decisions[0]?.path).toHaveLength(201);
  });

  it('names who was denied as it names who was let in, where somebody knows', async () => {
    const names: Readonly<Record<string, string>> = { 'id-of-ann': 'ann' };
    const asked: string[] = [];
    const nameOf = async (id: string) => {
      asked.push(id);
      if (id === 'id-of-an-outage') throw new Error('no table');
      return names[id];
    };
    const decisions = createDecisionLog(() => AT, { nameOf });
    const denied = { status: 403, reason: 'explicit_deny', code: 'scope_missing' };
    decisions.record(request({ caller: 'ann' }));
    for (const caller of ['id-of-ann', 'id-of-nobody', 'id-of-an-outage', 'id-of-ann'])
      decisions.record(request({ ...denied, caller }));
    // Let in by the function, and named by it; 'id-of-ann' may be a username.
    for (const reason of ['throttled', 'quota_exceeded'])
      decisions.record(request({ status: 429, reason, caller: 'id-of-ann' }));
    decisions.record(request({ status: 403, reason: 'no_statement_matched', caller: 'id-of-ann' }));
    decisions.record(request({ status: 401, reason: 'identity_source_missing' }));
    // Requests may be many, and nobody may look.
    expect(asked).toEqual([]);
    const shown = (await decisions.since(0)).decisions;
    expect(shown.map(({ consumer }) => consumer)).toEqual([
      ...['ann', 'ann', 'id-of-nobody', 'id-of-an-outage', 'ann'],
      ...['id-of-ann', 'id-of-ann', 'id-of-ann', undefined],
    ]);
    // Each once. Who was let in is named already, and a username is nobody's id.
    expect(asked).toEqual(['id-of-ann', 'id-of-nobody', 'id-of-an-outage']);
  });

  describe('while a name is looked up', () => {
    const denied = request({ status: 403, reason: 'explicit_deny', code: 'scope_missing', caller: 'id' });
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());
    const named = (afterMs: number) => {
      const nameOf = () => new Promise<string>((resolve) => setTimeout(resolve, afterMs, 'ann'));
      return createDecisionLog(() => AT, { nameOf });
    };

    it('what comes meanwhile is told the next time, with its name', async () => {
      const decisions = named(900);
      decisions.record(denied);
      const first = decisions.since(0);
      await vi.advanceTimersByTimeAsync(500);
      decisions.record(denied);
      await vi.advanceTimersByTimeAsync(400);
      const { last, decisions: told } = await first;
      expect([last, told.map(({ number, consumer }) => [number, consumer])]).toEqual([1, [[1, 'ann']]]);
      const next = decisions.since(last);
      await vi.advanceTimersByTimeAsync(900);
      expect((await next).decisions).toMatchObject([{ number: 2, consumer: 'ann' }]);
    });

    it.each([
      [999, 'ann'],
      [1_001, 'id'],
    ])('it is waited for one second: after %d ms it is %s', async (afterMs, consumer) => {
      const decisions = named(afterMs);
      decisions.record(denied);
      const told = decisions.since(0);
      await vi.advanceTimersByTimeAsync(1_000);
      expect((await told).decisions).toMatchObject([{ consumer }]);
    });
  });
});
