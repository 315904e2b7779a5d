/**
 * What lies in the journal's table, for each API (`restApiId`):
 * - `header`: owner; wish, phase, deployment and stages as JSON (none of them: a mere claim); the run that holds it,
 *   and until when.
 * - `method#GET /orders`: what stood before that method at first, as JSON.
 *
 * Reading is strict: what the engine did not write cannot be gone by.
 */
import { createHash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type JournaledMethod, type JournalState, JournalUnavailable, type Progress } from './journal.ts';
import { type MethodName, routeOf } from './live.ts';

export type Item = Record<string, AttributeValue>;

export const HEADER = 'header';
const METHOD = 'method#';

export const keyOf = (restApiId: string, sk: string): Item => ({
  restApiId: { S: restApiId },
  sk: { S: sk },
});
export const headerKey = (restApiId: string): Item => keyOf(restApiId, HEADER);
export const methodKey = (restApiId: string, name: MethodName): Item =>
  keyOf(restApiId, `${METHOD}${shortened(routeOf(name))}`);

/** DynamoDB's sort keys have at most 1,024 bytes, and paths may be longer. */
const shortened = (route: string): string =>
  Buffer.byteLength(route) <= 1_000 ? route : `sha256 ${createHash('sha256').update(route).digest('hex')}`;

export const methodItem = (restApiId: string, method: JournaledMethod): Item => ({
  ...methodKey(restApiId, method),
  path: { S: method.path },
  httpMethod: { S: method.httpMethod },
  prior: { S: JSON.stringify(method.prior) },
});

/** The header's members that an update changes, by attribute. */
export const PROGRESS = ['wish', 'phase', 'deployment', 'stages'] as const satisfies (keyof Progress)[];

/** @returns undefined where nothing was accepted yet. @throws JournalUnavailable */
export function parseJournal(restApiId: string, items: readonly Item[]): JournalState | undefined {
  const header = items.find((item) => item['sk']?.S === HEADER);
  if (header === undefined || header['wish'] === undefined) {
    // Records without a header: what stood before is known, and by whom it was changed is not.
    return items.some(isMethod) ? malformed('header') : undefined;
  }
  const phase = readJson(header, 'phase');
  if (phase !== 'attaching' && phase !== 'attached' && phase !== 'detaching') return malformed('phase');
  return {
    restApiId,
    owner: readText(header, 'owner'),
    wish: readObject(header, 'wish') as unknown as JournalState['wish'],
    phase,
    ...(header['deployment'] !== undefined && {
      deployment: readObject(header, 'deployment') as unknown as NonNullable<JournalState['deployment']>,
    }),
    stages: header['stages'] === undefined ? {} : (readObject(header, 'stages') as JournalState['stages']),
    methods: items.filter(isMethod).map(parseMethod),
    ...(header['runId'] !== undefined && { heldUntilMs: parseHolder(header).untilMs }),
  };
}

export const isMethod = (item: Item): boolean => item['sk']?.S?.startsWith(METHOD) === true;

const parseMethod = (item: Item): JournaledMethod => {
  const prior = readObject(item, 'prior');
  if (typeof prior['authorizationType'] !== 'string') return malformed('prior');
  return {
    path: readText(item, 'path'),
    httpMethod: readText(item, 'httpMethod'),
    prior: prior as unknown as JournaledMethod['prior'],
  };
};

export interface Holder {
  readonly owner: string;
  /** Whether it stands for more than a claim. */
  readonly isAccepted: boolean;
  readonly runId: string | undefined;
  readonly untilMs: number;
}

/** @throws JournalUnavailable */
export const parseHolder = (item: Item): Holder => ({
  owner: readText(item, 'owner'),
  isAccepted: item['wish'] !== undefined,
  runId: item['runId']?.S,
  untilMs: Number(item['leaseUntilMs']?.N ?? 0),
});

const readText = (item: Item, name: string): string => item[name]?.S ?? malformed(name);

function readObject(item: Item, name: string): Readonly<Record<string, unknown>> {
  const value = readJson(item, name);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return malformed(name);
  return value as Readonly<Record<string, unknown>>;
}

function readJson(item: Item, name: string): unknown {
  try {
    return JSON.parse(readText(item, name));
  } catch {
    return malformed(name);
  }
}

function malformed(name: string): never {
  throw new JournalUnavailable(`journal: ${name} is missing or not what the engine writes`);
}
