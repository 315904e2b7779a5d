import { describe, expect, it } from 'vitest';
import { GUARDED, type GuardedPair, undisturbedRatio } from './guarded.ts';
import type { Table } from './model.ts';
import { type Baseline, compareBaselines, differences, findSlower, measureRatios } from './regression.ts';

const pair = (table: string): GuardedPair => ({
  ...{ id: `${table}/first`, table, row: 'first', reference: 'peer', tolerance: 1.25 },
});

function table(id: string, first: number): Table {
  const values = (value: number) => [value, value];
  const rows = [
    { id: 'peer', name: 'peer', values: values(1) },
    { id: 'first', name: 'first', values: values(first) },
  ] as const;
  return { id, title: id, unit: 'µs', rows };
}

const baseline: Baseline = {
  ...{ measuredAt: '2026-11-22T00:00:00.000Z', cpu: undefined, node: 'v24.21.0', measurements: 1 },
  ratios: { 'A/first': 2, 'B/first': 2 },
};

/** Measurements one after another: of each table its row's values, in turn. */
function measurements(values: Readonly<Record<string, readonly number[]>>) {
  const asked: (readonly string[])[] = [];
  const taken = new Map<string, number>();
  const measure = async (ids: readonly string[]) => {
    asked.push(ids);
    return ids.map((id) => {
      const at = taken.get(id) ?? 0;
      taken.set(id, at + 1);
      return table(id, values[id]?.[at] ?? Number.NaN);
    });
  };
  return { measure, asked };
}

const ids = (verdicts: readonly { pair: GuardedPair; isSlower: boolean }[]) =>
  verdicts.filter(({ isSlower }) => isSlower).map((verdict) => verdict.pair.id);

describe('findSlower', () => {
  it.each([
    [2.5, []],
    [2.51, ['A/first']],
  ])('a ratio of %d with a baseline of 2 and a tolerance of 1.25', async (ratio, slower) => {
    const { measure } = measurements({ A: [ratio, ratio, ratio] });
    expect(ids(await findSlower([pair('A')], { baseline, measure, attempts: 3 }))).toEqual(slower);
  });

  it('measures once when nothing is slower', async () => {
    const { measure, asked } = measurements({ A: [2], B: [1] });
    const verdicts = await findSlower([pair('A'), pair('B')], { baseline, measure, attempts: 3 });
    expect(ids(verdicts)).toEqual([]);
    expect(asked).toEqual([['A', 'B']]);
  });

  it('repeats what was slower, that alone, and takes its best', async () => {
    const { measure, asked } = measurements({ A: [2], B: [9, 4, 2.4] });
    const verdicts = await findSlower([pair('A'), pair('B')], { baseline, measure, attempts: 3 });
    expect(verdicts).toMatchObject([
      { measured: 2, isSlower: false },
      { measured: 2.4, isSlower: false },
    ]);
    expect(asked).toEqual([['A', 'B'], ['B'], ['B']]);
  });

  it('believes what is slower in every measurement', async () => {
    const { measure, asked } = measurements({ A: [2.6, 9, 2.7] });
    const verdicts = await findSlower([pair('A')], { baseline, measure, attempts: 3 });
    expect(verdicts).toMatchObject([{ measured: 2.6, isSlower: true }]);
    expect(asked).toHaveLength(3);
  });

  it('takes what is no number for slower', async () => {
    const { measure } = measurements({ A: [] });
    expect(ids(await findSlower([pair('A')], { baseline, measure, attempts: 1 }))).toEqual(['A/first']);
  });

  it('refuses a baseline that lacks a pair', async () => {
    const { measure } = measurements({ C: [1] });
    await expect(findSlower([pair('C')], { baseline, measure, attempts: 1 })).rejects.toThrow('C/first');
  });
});

it.each([
  [2.5, []],
  [2.51, ['A/first']],
  [Number.NaN, ['A/first']],
])('a new baseline with %d instead of 2 is slower, or not', (ratio, slower) => {
  const now = { ...baseline, ratios: { 'A/first': ratio, 'C/first': 9 } };
  const verdicts = compareBaselines([pair('A'), pair('C')], { before: baseline, now });
  expect(verdicts).toHaveLength(1);
  expect(ids(verdicts)).toEqual(slower);
});

it('differences tells where a machine is not the baseline’s', () => {
  const one = { cpu: 'A', node: 'v24.21.0' };
  expect(differences(one, one)).toEqual([]);
  expect(differences(one, { cpu: 'B', node: 'v24.22.0' })).toMatchObject([
    expect.stringContaining('B'),
    expect.stringContaining('v24.22.0'),
  ]);
});

it('undisturbedRatio looks at the fastest tenth of each row, not at rounds that something slowed', () => {
  const disturbed = (value: number) => [value, value, ...Array.from({ length: 9 }, () => value * 50)];
  const rows = [
    { id: 'peer', name: 'peer', values: disturbed(2) },
    { id: 'first', name: 'first', values: disturbed(3).reverse() },
  ] as const;
  expect(undisturbedRatio([{ id: 'A', title: '', unit: 'µs', rows }], pair('A'))).toBe(1.5);
});

it('undisturbedRatio throws where a row is missing', () => {
  expect(() => undisturbedRatio([], pair('A'))).toThrow('A/first');
});

it('measureRatios takes the median of its measurements', async () => {
  const { measure } = measurements({ A: [3, 1, 2] });
  expect(await measureRatios([pair('A')], { measure, measurements: 3 })).toEqual({ 'A/first': 2 });
});

it('the committed baseline has what is guarded and nothing else', async () => {
  const { default: committed } = await import('./baseline.json', { with: { type: 'json' } });
  expect(Object.keys(committed.ratios).sort()).toEqual(GUARDED.map(({ id }) => id).sort());
});
