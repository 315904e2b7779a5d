import { describe, expect, test } from 'vitest';
import { createMemory, shareCalls } from '../../lambda/consumers/memory.ts';

function open(atMost: number) {
  const clock = { ms: 0 };
  return { clock, ...createMemory<number>({ atMost, now: () => clock.ms }) };
}

describe('a memory', () => {
  test('holds a value until its time, and not at it', () => {
    const { clock, get, set } = open(2);
    set('a', 1, 1_000);
    clock.ms = 999;
    expect(get('a')).toBe(1);
    clock.ms = 1_000;
    expect(get('a')).toBeUndefined();
    clock.ms = 999;
    expect(get('a')).toBeUndefined();
  });

  test('holds no value from a time that is to come: the clock was set back', () => {
    const { clock, get, set } = open(2);
    clock.ms = 3_600_000;
    set('a', 1, 3_660_000);
    set('b', 2, 3_660_000);
    expect(get('a')).toBe(1);
    clock.ms = 3_599_999;
    expect(get('a')).toBeUndefined();
    clock.ms = 3_600_000;
    expect([get('a'), get('b')]).toEqual([undefined, 2]);
  });

  test('being asked for does not prolong the time; being set again does', () => {
    const { clock, get, set } = open(2);
    set('a', 1, 10);
    clock.ms = 9;
    get('a');
    set('b', 2, 10);
    set('b', 3, 20);
    clock.ms = 10;
    expect([get('a'), get('b')]).toEqual([undefined, 3]);
  });

  test('forgets first what was not asked for longest', () => {
    const { get, set } = open(3);
    for (const [index, name] of ['a', 'b', 'c'].entries()) set(name, index, 1);
    get('a');
    set('d', 3, 1);
    expect(['a', 'b', 'c', 'd'].map(get)).toEqual([0, undefined, 2, 3]);
  });

  test('what is peeked at does not count as asked for', () => {
    const { clock, get, peek, set } = open(2);
    for (const [index, name] of ['a', 'b'].entries()) set(name, index, 10);
    expect(['a', 'b', 'c'].map(peek)).toEqual([0, 1, undefined]);
    set('c', 2, 10);
    expect(['a', 'b', 'c'].map(get)).toEqual([undefined, 1, 2]);
    clock.ms = 9;
    expect(peek('c')).toBe(2);
    clock.ms = 10;
    expect(peek('c')).toBeUndefined();
  });

  test('to set a name again takes no room of others', () => {
    const { get, set } = open(2);
    set('a', 0, 1);
    for (const value of [1, 2, 3]) set('b', value, 1);
    expect(['a', 'b'].map(get)).toEqual([0, 3]);
  });

  test('what has no time left takes no room, and replaces what was there', () => {
    const { clock, get, set } = open(1);
    set('a', 1, 10);
    set('b', 2, 0);
    expect(get('a')).toBe(1);
    clock.ms = 5;
    set('a', 3, 5);
    expect(get('a')).toBeUndefined();
  });

  test('the empty name is one like any other', () => {
    const { get, set, forget } = open(1);
    set('', 1, 1);
    expect(get('')).toBe(1);
    forget('');
    expect(get('')).toBeUndefined();
    forget('never set');
  });
});

describe('shared calls', () => {
  test('are one while it lasts, and another afterwards', async () => {
    let calls = 0;
    const call = shareCalls(async (name) => {
      calls += 1;
      return `${name} ${calls}`;
    }, Date.now);
    expect(await Promise.all([call('a'), call('a'), call('b')])).toEqual(['a 1', 'a 1', 'b 2']);
    expect(await call('a')).toBe('a 3');
  });

  test('share a failure, which is not kept', async () => {
    let calls = 0;
    const call = shareCalls(async () => {
      calls += 1;
      if (calls === 1) throw new Error('down');
      return calls;
    }, Date.now);
    const both = await Promise.allSettled([call('a'), call('a')]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await call('a')).toBe(2);
  });

  describe('that take longer than a function has were slept through', () => {
    function openSlow() {
      const clock = { ms: 0 };
      const under: { resolve: (value: string) => void; reject: (reason: Error) => void }[] = [];
      const call = shareCalls<string, []>(
        () => new Promise((resolve, reject) => under.push({ resolve, reject })),
        () => clock.ms,
      );
      return { clock, under, call };
    }
    const settle = () => new Promise(setImmediate);

    test('until then they are shared', async () => {
      const { clock, under, call } = openSlow();
      const first = call('a');
      clock.ms = 10_000;
      const second = call('a');
      under[0]?.resolve('old');
      expect(await Promise.all([first, second])).toEqual(['old', 'old']);
      expect(under).toHaveLength(1);
    });
    test.each(['resolve', 'reject'] as const)('then another is made after they end (%s)', async (end) => {
      const { clock, under, call } = openSlow();
      const first = call('a').catch(() => 'old');
      clock.ms = 10_001;
      const later = [call('a'), call('a')];
      await settle();
      expect(under).toHaveLength(1);
      if (end === 'resolve') under[0]?.resolve('old');
      else under[0]?.reject(new Error('dead'));
      await settle();
      expect(under).toHaveLength(2);
      under[1]?.resolve('new');
      expect(await Promise.all([first, ...later])).toEqual(['old', 'new', 'new']);
    });
  });
});
