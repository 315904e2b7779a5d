/** What the project promises of its speed, and whether a run kept it. Ratios within one run, on the Node.js of Lambda. */
import { median, type Row, ratioOf, type Table } from './model.ts';

export interface Target {
  readonly id: string;
  /** As a sentence's subject: `RS256, first seen`. */
  readonly name: string;
  readonly table: string;
  readonly row: string;
  /** What the row's values are divided by. Unset: the value itself counts, in the table's unit. */
  readonly reference?: { readonly row: string; readonly name: string };
  readonly bound: Bound;
}

export interface Bound {
  readonly kind: 'at most' | 'less than' | 'at least';
  readonly limit: number;
}

/** A target with what a run measured of it: the median of the rounds' ratios, or of their values. */
export interface Outcome extends Target {
  readonly measured: number;
  readonly isMet: boolean;
}

/** Lambda's `nodejs24.x`. */
const NODE = /^v24\./;

const atMost = (limit: number): Bound => ({ kind: 'at most', limit });
const faster: Bound = { kind: 'less than', limit: 1 };

const SIGNATURE = { row: 'signature', name: 'the signature alone' };
const JSONWEBTOKEN = { row: 'jsonwebtoken', name: 'jsonwebtoken with a KeyObject' };
const CACHED = { row: 'fast-jwt-cached', name: "fast-jwt's cached verify" };
const FASTER_THAN = [
  { row: 'jose', name: "jose's verify" },
  { row: 'aws-jwt-verify', name: "aws-jwt-verify's verify" },
  { row: 'passport-jwt', name: "passport-jwt's verify, key as text" },
  { row: 'passport-jwt-key', name: "passport-jwt's verify, key as KeyObject" },
];
/** What a decision's cost may hang on beside its token: the event that brings it, and whether its consumer is looked up. */
const FIRST = [
  { row: 'first', kind: '' },
  { row: 'first-request', kind: ', REQUEST' },
  { row: 'controlled-first', kind: ', controlled' },
];
const SEEN = FIRST.filter(({ row }) => row !== 'first-request').map(({ row, kind }) => ({
  ...{ row: row.replace('first', 'seen'), kind },
}));

const GATEWAY_TABLES = ['HS256', 'RS256'].flatMap((algorithm) =>
  ['uncontrolled', 'controlled'].flatMap((modality) =>
    ['same', 'distinct'].map((tokens) => `gateway-rate-${algorithm}-${modality}-${tokens}`),
  ),
);
/** As npm installs it, and with the packages of its time: the faster one counts. */
const EXPRESS_GATEWAYS = [
  { row: 'express-gateway', name: 'Express Gateway, jsonwebtoken 8.5.1' },
  { row: 'express-gateway-today', name: 'Express Gateway, as npm installs it' },
];

export const TARGETS: readonly Target[] = [
  ...FIRST.map(({ row, kind }) => ({
    ...{ id: `${row}-RS256`, name: `RS256, first seen${kind}`, table: 'decision-RS256', row },
    ...{ reference: SIGNATURE, bound: atMost(1.5) },
  })),
  ...FASTER_THAN.map((reference) => ({
    ...{ id: `first-RS256-${reference.row}`, name: 'RS256, first seen', table: 'decision-RS256' },
    ...{ row: 'first', reference, bound: faster },
  })),
  ...FIRST.map(({ row, kind }) => ({
    ...{ id: `${row}-HS256`, name: `HS256, first seen${kind}`, table: 'decision-HS256', row },
    ...{ reference: JSONWEBTOKEN, bound: atMost(1.6) },
  })),
  ...['HS256', 'RS256', 'ES256'].flatMap((algorithm) =>
    SEEN.map(({ row, kind }) => ({
      ...{ id: `${row}-${algorithm}`, name: `${algorithm}, seen before${kind}` },
      ...{ table: `decision-${algorithm}`, row, reference: CACHED, bound: atMost(2) },
    })),
  ),
  {
    ...{ id: 'start-up-controlled', name: 'start-up, controlled', table: 'start-up', row: 'controlled' },
    reference: { row: 'jsonwebtoken-sdk', name: 'a bare handler with the same SDK' },
    bound: atMost(1.15),
  },
  {
    ...{ id: 'start-up-uncontrolled', name: 'start-up, uncontrolled', table: 'start-up' },
    ...{ row: 'uncontrolled', reference: { row: 'jsonwebtoken', name: 'bare jsonwebtoken' } },
    bound: atMost(1.2),
  },
  {
    ...{ id: 'table-size', name: '1,000,000 credentials', table: 'table-size', row: 'many' },
    ...{ reference: { row: 'few', name: 'ten' }, bound: atMost(1.1) },
  },
  {
    ...{ id: 'memory', name: 'growth of the heap, MiB', table: 'memory', row: 'growth' },
    bound: atMost(64),
  },
  ...GATEWAY_TABLES.flatMap((table) =>
    EXPRESS_GATEWAYS.map((reference) => ({
      ...{ id: `${table}-${reference.row}`, name: `local gateway, ${table.replace('gateway-rate-', '')}` },
      ...{ table, row: 'ours', reference, bound: { kind: 'at least', limit: 1 } as const },
    })),
  ),
];

/** @returns the targets whose rows were measured; none on another Node.js than Lambda's. */
export function outcomesOf({ node, tables }: { node: string; tables: readonly Table[] }): readonly Outcome[] {
  return NODE.test(node) ? TARGETS.flatMap((target) => outcomeOf(target, tables) ?? []) : [];
}

function outcomeOf(target: Target, tables: readonly Table[]): Outcome | undefined {
  const rows = tables.find(({ id }) => id === target.table)?.rows;
  const rowOf = (wanted: string): Row | undefined => rows?.find(({ id }) => id === wanted);
  const row = rowOf(target.row);
  const reference = target.reference && rowOf(target.reference.row);
  if (row === undefined || (target.reference && reference === undefined)) return undefined;
  const measured = reference === undefined ? median(row.values) : ratioOf(row, reference);
  return { ...target, measured, isMet: isWithin(measured, target.bound) };
}

function isWithin(measured: number, { kind, limit }: Bound): boolean {
  if (kind === 'at most') return measured <= limit;
  return kind === 'at least' ? measured >= limit : measured < limit;
}
