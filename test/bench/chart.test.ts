import { expect, it } from 'vitest';
import { chartOf } from './chart.ts';
import { digits, resultTables, targetTable } from './page.ts';
import type { Report } from './report.ts';

type Result = Report['results'][number];

const result = (node: string, values: Readonly<Record<string, number>>): Result => ({
  node,
  tables: [
    {
      ...{ id: 'decision-RS256', title: 'RS256', unit: 'µs' },
      rows: Object.entries(values).map(([id, value]) => ({ id, name: `<${id}>`, value, ratio: value / 10 })),
    },
  ],
  targets: [
    { id: 'a', target: 'kept', measured: 1.5, isMet: true },
    { id: 'b', target: 'not kept', measured: 2.5, isMet: false },
  ],
});

const report = (...results: Result[]): Report => ({
  ...{ measuredAt: '2026-11-22T00:00:00.000Z', cpu: 'a processor', cores: 2, busyShare: 0.02, rounds: 80 },
  ...{ peers: { jose: '1.2.3' } },
  results,
});

const bars = (svg: string) =>
  [...svg.matchAll(/<rect class="(own|peer|floor)"[^>]* width="([\d.]+)"/g)].map(([, kind, width]) => ({
    kind,
    width: Number(width),
  }));

it('bars are as long as what they show, the longest of a panel being the widest', () => {
  const svg = chartOf(report(result('v24.21.0', { signature: 10, first: 20, jose: 40, seen: 4 })));
  expect(bars(svg)).toEqual([
    { kind: 'floor', width: 95 },
    { kind: 'own', width: 190 },
    { kind: 'peer', width: 380 },
    { kind: 'own', width: 38 },
  ]);
});

it("the chart shows Lambda's Node.js, its text as text and for who hears it", () => {
  const svg = chartOf(report(result('v20.20.2', { first: 90 }), result('v24.21.0', { first: 30 })));
  expect(svg).toMatch(/<title id="title">[^<]+<\/title>/);
  expect(svg).toMatch(/<desc id="desc">[^<]*v24\.21\.0[^<]*&lt;first&gt;[^<]* 30 µs/);
  expect(svg).toMatch(/<text [^>]*>&lt;first&gt;<\/text>/);
  expect(svg).not.toContain('90 µs');
});

it('tables have two columns for each Node.js, and gaps where one lacks a row', () => {
  const markdown = resultTables(
    report(result('v20.20.2', { signature: 10 }), result('v24.21.0', { signature: 20, jose: 40 })),
  );
  expect(markdown.split('\n').slice(2)).toEqual([
    '|  | µs, v20.20.2 | ratio | µs, v24.21.0 | ratio |',
    '| --- | ---: | ---: | ---: | ---: |',
    '| <signature> | 10 | 1 | 20 | 2 |',
    '| <jose> |  |  | 40 | 4 |',
  ]);
});

it('targets are met or missed', () => {
  const lines = targetTable(report(result('v24.21.0', {}))).split('\n');
  expect(lines.slice(2)).toEqual(['| kept | 1.50 | met |', '| not kept | 2.50 | **missed** |']);
});

it.each([
  [0.0812, '0.081'],
  [1.266, '1.27'],
  [45.31, '45.3'],
  [1234.5, '1235'],
  [300, '300'],
])('%d is spelled %s', (value, spelled) => {
  expect(digits(value)).toBe(spelled);
});
