import { isRecord } from '../../lambda/config/record.ts';
/**
 * The part of IAM's condition language that an authorizer's answer can use here: the date operators on the
 * two clock keys. Anything else is `unknown`, for the caller to fail closed on.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export type Conditions = readonly Condition[];

interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly unknown[];
}

/** @returns undefined for what is no condition block. */
export function parseConditions(block: unknown): Conditions | undefined {
  if (!isRecord(block)) return undefined;
  const conditions: Condition[] = [];
  for (const [operator, keys] of Object.entries(block)) {
    if (!isRecord(keys)) return undefined;
    for (const [key, value] of Object.entries(keys)) {
      conditions.push({ operator, key, values: Array.isArray(value) ? value : [value] });
    }
  }
  return conditions;
}

/**
 * All conditions must hold; of one condition's values any may (for `DateNotEquals`: none).
 * @param nowMs the time, in milliseconds since the epoch.
 * @returns `unknown` as soon as one of them cannot be evaluated here.
 */
export function evaluateConditions(conditions: Conditions, nowMs: number): 'holds' | 'fails' | 'unknown' {
  const results = conditions.map((condition) => evaluate(condition, nowMs));
  if (results.includes('unknown')) return 'unknown';
  return results.includes('fails') ? 'fails' : 'holds';
}

type Compare = (now: number, value: number) => boolean;

const OPERATORS = new Map<string, Compare>([
  ['dateequals', (now, value) => now === value],
  ['datenotequals', (now, value) => now !== value],
  ['datelessthan', (now, value) => now < value],
  ['datelessthanequals', (now, value) => now <= value],
  ['dategreaterthan', (now, value) => now > value],
  ['dategreaterthanequals', (now, value) => now >= value],
]);

/** Both are the time of evaluation and always there, so that `…IfExists` changes nothing. */
const CLOCK_KEYS = new Set(['aws:currenttime', 'aws:epochtime']);

function evaluate({ operator, key, values }: Condition, nowMs: number): 'holds' | 'fails' | 'unknown' {
  const name = operator.toLowerCase().replace(/ifexists$/, '');
  const compare = OPERATORS.get(name);
  if (!compare || !CLOCK_KEYS.has(key.toLowerCase()) || values.length === 0) return 'unknown';
  const times = values.map(parseTime);
  if (times.some((time) => time === undefined)) return 'unknown';
  const matches = (time: number | undefined) => time !== undefined && compare(nowMs, time);
  const holds = name === 'datenotequals' ? times.every(matches) : times.some(matches);
  return holds ? 'holds' : 'fails';
}

const ISO_8601 = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;
const EPOCH_SECONDS = /^\d{1,12}(?:\.\d+)?$/;

/** @returns milliseconds since the epoch of an ISO 8601 date or of epoch seconds. */
function parseTime(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return undefined;
  if (EPOCH_SECONDS.test(text)) return Number(text) * 1000;
  const time = ISO_8601.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
