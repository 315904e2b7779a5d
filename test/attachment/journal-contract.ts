/** What every journal promises the engine: on dynalite, on AWS's DynamoDB Local, and in memory. */
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Journal, type JournaledMethod, LeaseLost } from '../../lambda/attachment/journal.ts';
import { outcome } from '../keys/support.ts';
import { OWNER, wishOf } from './wishes.ts';

const LEASE_MS = 60_000;

/** @param open gives a journal by another process each time, on the same table and with the same clock. */
export function journalContract(name: string, open: (now: () => number) => Promise<Journal>): void {
  describe(`journal ${name}`, () => {
    let nowMs = 0;
    let api = '';
    let journal: Journal;
    beforeEach(async () => {
      nowMs = Date.parse('2026-05-01T12:00:00.000Z');
      api = randomUUID();
      journal = await open(() => nowMs);
    });
    const run = (id: string) => ({ id, untilMs: nowMs + LEASE_MS });
    const wish = wishOf();
    const accepted = { wish, phase: 'attaching', stages: {} } as const;
    const open1: JournaledMethod = {
      path: '/orders',
      httpMethod: 'GET',
      prior: { authorizationType: 'NONE' },
    };
    const custom: JournaledMethod = {
      path: '/orders/{id}',
      httpMethod: 'DELETE',
      prior: { authorizationType: 'CUSTOM', authorizerId: 'abc', authorizerName: 'theirs' },
    };

    it('knows nothing of an API at first, and of one that is merely claimed', async () => {
      expect(await journal.read(api)).toBeUndefined();
      expect(await journal.claim(api, OWNER, run('a'))).toEqual({ kind: 'claimed' });
      expect(await journal.read(api)).toBeUndefined();
    });

    it('gives back what was accepted, and the first prior state of each method', async () => {
      await journal.claim(api, OWNER, run('a'));
      await journal.update(api, run('a'), accepted);
      await journal.rememberMethod(api, open1);
      await journal.rememberMethod(api, custom);
      await journal.rememberMethod(api, { ...open1, prior: { authorizationType: 'AWS_IAM' } });
      const state = await journal.read(api);
      expect(state).toMatchObject({ restApiId: api, owner: OWNER, ...accepted });
      expect(state?.deployment).toBeUndefined();
      expect(new Set(state?.methods)).toEqual(new Set([open1, custom]));
      await journal.forgetMethod(api, open1);
      await journal.forgetMethod(api, open1);
      expect((await journal.read(api))?.methods).toEqual([custom]);
    });

    it('changes what an update names, and nothing else', async () => {
      await journal.claim(api, OWNER, run('a'));
      await journal.update(api, run('a'), accepted);
      const deployment = { description: 'd', content: 'c', replaces: { prod: 'one' } };
      await journal.update(api, run('a'), { deployment });
      const stages = { prod: { before: 'one', moving: { from: 'one', to: 'two', content: 'c' } } };
      await journal.update(api, run('a'), { stages });
      expect(await journal.read(api)).toMatchObject({ ...accepted, stages, deployment });
      await journal.update(api, run('a'), { phase: 'attached', deployment: undefined });
      const state = await journal.read(api);
      expect(state).toMatchObject({ wish, phase: 'attached', stages });
      expect(state?.deployment).toBeUndefined();
    });

    it('is one run’s at a time, until the lease is over', async () => {
      await journal.claim(api, OWNER, run('a'));
      await journal.update(api, run('a'), accepted);
      const untilMs = nowMs + LEASE_MS;
      nowMs += LEASE_MS - 1;
      expect(await journal.claim(api, OWNER, run('b'))).toEqual({ kind: 'busy', untilMs });
      nowMs += 1;
      expect(await journal.claim(api, OWNER, run('b'))).toEqual({ kind: 'claimed' });
      expect(await outcome(journal.update(api, run('a'), { phase: 'attached' }))).toBeInstanceOf(LeaseLost);
      expect(await outcome(journal.renew(api, run('a')))).toBeInstanceOf(LeaseLost);
      expect(await outcome(journal.forget(api, run('a')))).toBeInstanceOf(LeaseLost);
      await journal.release(api, run('a'));
      expect(await journal.claim(api, OWNER, run('c'))).toHaveProperty('kind', 'busy');
      expect(await journal.read(api)).toHaveProperty('phase', 'attaching');
    });

    it('is held for longer by a run that renews', async () => {
      await journal.claim(api, OWNER, run('a'));
      nowMs += LEASE_MS - 1;
      await journal.renew(api, run('a'));
      const untilMs = nowMs + LEASE_MS;
      nowMs += LEASE_MS - 1;
      expect(await journal.claim(api, OWNER, run('b'))).toEqual({ kind: 'busy', untilMs });
    });

    it('goes to the next run once it is released, with all that is in it', async () => {
      await journal.claim(api, OWNER, run('a'));
      await journal.update(api, run('a'), accepted);
      await journal.release(api, run('a'));
      await journal.release(api, run('a'));
      expect(await outcome(journal.update(api, run('a'), { phase: 'attached' }))).toBeInstanceOf(LeaseLost);
      expect(await journal.claim(api, OWNER, run('b'))).toEqual({ kind: 'claimed' });
      expect(await journal.read(api)).toMatchObject(accepted);
    });

    it('a claim by the run that has it holds', async () => {
      await journal.claim(api, OWNER, run('a'));
      expect(await journal.claim(api, OWNER, run('a'))).toEqual({ kind: 'claimed' });
    });

    it('is one owner’s, held or not', async () => {
      await journal.claim(api, OWNER, run('a'));
      await journal.update(api, run('a'), accepted);
      const foreign = { kind: 'foreign', owner: OWNER };
      expect(await journal.claim(api, 'another', run('b'))).toEqual(foreign);
      await journal.release(api, run('a'));
      expect(await journal.claim(api, 'another', run('b'))).toEqual(foreign);
      nowMs += 10 * LEASE_MS;
      expect(await journal.claim(api, 'another', run('b'))).toEqual(foreign);
    });

    it('a claim alone makes nobody its owner for longer than the lease', async () => {
      await journal.claim(api, OWNER, run('a'));
      expect(await journal.claim(api, 'another', run('b'))).toHaveProperty('kind', 'busy');
      await journal.release(api, run('a'));
      expect(await journal.claim(api, 'another', run('b'))).toEqual({ kind: 'claimed' });
      nowMs += LEASE_MS;
      expect(await journal.claim(api, OWNER, run('c'))).toEqual({ kind: 'claimed' });
    });

    it('forgets all of an API, and nothing of another', async () => {
      const other = randomUUID();
      for (const id of [api, other]) {
        await journal.claim(id, OWNER, run('a'));
        await journal.update(id, run('a'), accepted);
        await journal.rememberMethod(id, open1);
      }
      await journal.forget(api, run('a'));
      expect(await journal.read(api)).toBeUndefined();
      expect(await journal.read(other)).toHaveProperty('methods', [open1]);
      expect(await journal.claim(api, 'another', run('b'))).toEqual({ kind: 'claimed' });
      await journal.update(api, run('b'), accepted);
      expect(await journal.read(api)).toMatchObject({ owner: 'another', methods: [] });
    });

    it('of two that claim at once one gets it', async () => {
      const claims = await Promise.all(
        ['a', 'b', 'c', 'd'].map(async (id) => (await open(() => nowMs)).claim(api, OWNER, run(id))),
      );
      expect(claims.map(({ kind }) => kind).toSorted()).toEqual(['busy', 'busy', 'busy', 'claimed']);
    });

    it('tells methods apart whose paths are longer than a key of DynamoDB', async () => {
      await journal.claim(api, OWNER, run('a'));
      await journal.update(api, run('a'), accepted);
      const long = ['1', '2'].map((end) => ({ ...open1, path: `/${'ö'.repeat(600)}/${end}` }));
      for (const method of long) await journal.rememberMethod(api, method);
      expect(new Set((await journal.read(api))?.methods)).toEqual(new Set(long));
      for (const method of long.slice(1)) await journal.forgetMethod(api, method);
      expect((await journal.read(api))?.methods).toEqual(long.slice(0, 1));
    });

    it('holds a record for each of 300 methods', async () => {
      await journal.claim(api, OWNER, run('a'));
      await journal.update(api, run('a'), accepted);
      // Long enough to take several pages of DynamoDB's megabyte.
      const prior = { ...custom.prior, authorizerName: 'x'.repeat(4_000) };
      for (let i = 0; i < 300; i += 1)
        await journal.rememberMethod(api, { path: `/orders/${i}`, httpMethod: 'GET', prior });
      expect((await journal.read(api))?.methods).toHaveLength(300);
      await journal.forget(api, run('a'));
      await journal.claim(api, OWNER, run('b'));
      await journal.update(api, run('b'), accepted);
      expect((await journal.read(api))?.methods).toEqual([]);
    });
  });
}
