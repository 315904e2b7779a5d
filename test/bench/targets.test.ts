import { describe, expect, it } from 'vitest';
import type { Table } from './model.ts';
import { outcomesOf, TARGETS } from './targets.ts';

const NODE = 'v24.21.0';

/** A table in which each row takes as long in every round. */
function table(id: string, values: Readonly<Record<string, number>>): Table {
  const [first, ...more] = Object.entries(values).map(([row, value]) => ({
    ...{ id: row, name: row },
    values: [value, value, value],
  }));
  if (first === undefined) throw new Error('a table needs a row');
  return { id, title: id, unit: 'µs', rows: [first, ...more] };
}

const of = (id: string, tables: readonly Table[], node = NODE) =>
  outcomesOf({ node, tables }).find((outcome) => outcome.id === id);

describe('targets', () => {
  it('have ids of their own', () => {
    expect(new Set(TARGETS.map(({ id }) => id)).size).toBe(TARGETS.length);
  });

  it.each([
    [150, true],
    [151, false],
  ])('a first-seen RS256 decision of %d µs with a signature of 100 µs', (first, isMet) => {
    const outcome = of('first-RS256', [table('decision-RS256', { signature: 100, first })]);
    expect(outcome).toMatchObject({ measured: first / 100, isMet });
  });

  it.each([
    ['first-request-RS256', 'decision-RS256', 'first-request', 'signature', 1.5],
    ['controlled-first-RS256', 'decision-RS256', 'controlled-first', 'signature', 1.5],
    ['controlled-first-HS256', 'decision-HS256', 'controlled-first', 'jsonwebtoken', 1.6],
    ['controlled-seen-ES256', 'decision-ES256', 'controlled-seen', 'fast-jwt-cached', 2],
  ])('hold for each kind of decision: %s', (id, name, row, reference, limit) => {
    expect(of(id, [table(name, { [reference]: 1, [row]: limit })])).toMatchObject({ isMet: true });
    expect(of(id, [table(name, { [reference]: 1, [row]: limit + 0.01 })])).toMatchObject({ isMet: false });
  });

  it.each([
    [99, true],
    [100, false],
  ])('faster than jose: %d µs against 100', (first, isMet) => {
    expect(of('first-RS256-jose', [table('decision-RS256', { first, jose: 100 })])).toMatchObject({ isMet });
  });

  it.each([
    [100, true],
    [99, false],
  ])('as many requests a second as Express Gateway: %d against 100', (ours, isMet) => {
    const rows = table('gateway-rate-HS256-controlled-same', { 'express-gateway': 100, ours });
    expect(of('gateway-rate-HS256-controlled-same-express-gateway', [rows])).toMatchObject({ isMet });
  });

  it('of rounds that were slow for both rows count by their ratio', () => {
    const rows = [
      { id: 'fast-jwt-cached', name: 'fast-jwt-cached', values: [1, 10, 1] },
      { id: 'seen', name: 'seen', values: [1.5, 15, 2.5] },
    ] as const;
    const outcome = of('seen-HS256', [{ id: 'decision-HS256', title: '', unit: 'µs', rows }]);
    expect(outcome).toMatchObject({ measured: 1.5, isMet: true });
  });

  it('are left out when one of their rows was not measured', () => {
    expect(of('first-RS256', [table('decision-RS256', { first: 1 })])).toBeUndefined();
    expect(of('first-RS256', [table('decision-HS256', { first: 1, signature: 1 })])).toBeUndefined();
  });

  it("are those of Lambda's Node.js", () => {
    const tables = [table('decision-RS256', { signature: 100, first: 100 })];
    expect(of('first-RS256', tables, 'v20.20.2')).toBeUndefined();
    expect(of('first-RS256', tables, 'v24.0.0')).toBeDefined();
  });
});
