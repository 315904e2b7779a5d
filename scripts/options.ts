/** The options of the configuration as a reference has them. */
import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import {
  adminApiSchema,
  corsSchema,
  driftCheckSchema,
  planSchema,
  policySchema,
  quotaSchema,
  restApiSchema,
  routeSchema,
  topLevelEntries,
} from '../lambda/config/schema.ts';

export type Entries = Readonly<Record<string, v.GenericSchema>>;

/** All that a file may hold, by the part of the file that holds it. */
export const OPTION_GROUPS = {
  jwt: policySchema.entries,
  other: topLevelEntries,
  routes: routeSchema.entries,
  cors: corsSchema.entries,
  restApi: restApiSchema.entries,
  driftCheck: driftCheckSchema.entries,
  adminApi: adminApiSchema.entries,
  plans: planSchema.entries,
  quota: quotaSchema.entries,
} as const satisfies Readonly<Record<string, Entries>>;

export interface Option {
  readonly name: string;
  /** What may be given. */
  readonly value: string;
  /** What holds without it; `required` where there is nothing. */
  readonly standard: string;
  readonly meaning: string;
}

export const optionsOf = (entries: Entries): readonly Option[] =>
  Object.entries(entries).map(([name, entry]) => {
    const isOptional = entry.type === 'optional';
    const inner = 'wrapped' in entry ? (entry.wrapped as v.GenericSchema) : entry;
    const text = v.getDescription(inner) ?? '';
    const standard = isOptional ? (standardIn(text) ?? '–') : 'required';
    return { name, value: kindsIn(inner), standard, meaning: withoutStandard(text) };
  });

/** Descriptions end in `Default false.` or `Seconds, default 60.`, or have ` (default` behind the value. */
const AT_THE_END = / ?(?:Default:? |(?:Seconds|Minutes), default )([^.]+)\.(?=$| )/;
const BESIDE = /`?([\w*]+)`? \(default[,)]/;

const LITERAL = /^(?:true|false|\d+|unauthorized|authBearer|restore|deployment)\b/;

const standardIn = (text: string): string | undefined =>
  (AT_THE_END.exec(text) ?? BESIDE.exec(text))?.[1]?.replace(LITERAL, '`$&`');

/** The unit stays. */
const withoutStandard = (text: string): string =>
  text
    .replace(AT_THE_END, (ending) => {
      const unit = /Seconds|Minutes/.exec(ending)?.[0];
      return unit ? ` ${unit}.` : '';
    })
    .trim();

function kindsIn(schema: v.GenericSchema): string {
  const json = toJsonSchema(schema, {
    target: 'draft-07',
    errorMode: 'ignore',
    ignoreActions: ['finite', 'check'],
  });
  return [...new Set(kindsOf(json))].join(', ');
}

/** In a few words; a list whose single value may stand alone is `text or list`. */
function kindsOf(schema: JsonSchema): readonly string[] {
  const { type, anyOf, enum: values, const: only, items, minimum, maximum, exclusiveMinimum } = schema;
  if (anyOf) return oneOrList(anyOf.flatMap((each) => (typeof each === 'object' ? kindsOf(each) : [])));
  if (only !== undefined) return [`\`${only}\``];
  if (values) return values.map((each) => `\`${each}\``);
  if (type === 'boolean') return ['`true`', '`false`'];
  if (type === 'integer' || type === 'number') return [rangeOf({ minimum, maximum, exclusiveMinimum })];
  if (type === 'array') return [`list of ${listed(items)}`];
  return [type === 'object' ? 'mapping' : 'text'];
}

function listed(items: JsonSchema['items']): string {
  if (typeof items !== 'object' || Array.isArray(items)) return 'values';
  const kinds = kindsOf(items);
  return kinds.length === 1 && kinds[0] === 'text'
    ? 'texts'
    : kinds[0] === 'mapping'
      ? 'mappings'
      : kinds.join(', ');
}

const oneOrList = (kinds: readonly string[]): readonly string[] =>
  kinds.join() === 'text,list of texts' ? ['text or list of texts'] : kinds;

function rangeOf({
  minimum,
  maximum,
  exclusiveMinimum,
}: Pick<JsonSchema, 'minimum' | 'maximum' | 'exclusiveMinimum'>): string {
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  return exclusiveMinimum === undefined ? 'number' : `number above ${exclusiveMinimum}`;
}
