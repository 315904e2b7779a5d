import { isRecord } from '../../lambda/config/record.ts';

/** The keywords that `accepts` knows. */
const KEYWORDS = new Set([
  ...[
    '$schema',
    'title',
    'description',
    'definitions',
    '$ref',
    'type',
    'const',
    'enum',
    'anyOf',
    'items',
    'minItems',
  ],
  ...[
    'properties',
    'required',
    'additionalProperties',
    'propertyNames',
    'minimum',
    'exclusiveMinimum',
    'maximum',
    'minLength',
    'pattern',
  ],
  'contentEncoding',
]);

/**
 * As much of JSON Schema (draft-07) as the shipped schema uses, so that what an editor says is tested without
 * another dependency.
 * @throws Error for a keyword that it does not know.
 */
export function accepts(schema: unknown, value: unknown, root: unknown = schema): boolean {
  if (!isRecord(schema)) return schema === true;
  const foreign = Object.keys(schema).filter((keyword) => !KEYWORDS.has(keyword));
  if (foreign.length > 0) throw new Error(`unknown keywords ${foreign.join(', ')}`);
  const {
    $ref,
    type,
    anyOf,
    enum: values,
    items,
    minItems = 0,
    minimum = -Infinity,
    exclusiveMinimum = -Infinity,
    maximum = Infinity,
    minLength = 0,
  } = schema as Record<string, never>;
  if ($ref !== undefined) return accepts(definition(root, $ref), value, root);
  if (type !== undefined && !isOfType(type, value)) return false;
  if ('const' in schema && schema['const'] !== value) return false;
  if (values !== undefined && !listOf(values).includes(value)) return false;
  if (anyOf !== undefined && !listOf(anyOf).some((one) => accepts(one, value, root))) return false;
  if (typeof value === 'number') return value >= minimum && value > exclusiveMinimum && value <= maximum;
  if (typeof value === 'string')
    return value.length >= minLength && new RegExp(String(schema['pattern'] ?? '')).test(value);
  if (Array.isArray(value))
    return (
      value.length >= minItems && value.every((item) => items === undefined || accepts(items, item, root))
    );
  return !isRecord(value) || acceptsMembers(schema, value, root);
}

type Members = Readonly<Record<string, unknown>>;

function acceptsMembers(schema: Members, value: Members, root: unknown): boolean {
  const { properties = {}, required = [], additionalProperties = true, propertyNames = true } = schema;
  const known = isRecord(properties) ? properties : {};
  return (
    listOf(required).every((name) => Object.hasOwn(value, String(name))) &&
    Object.entries(value).every(
      ([name, member]) =>
        accepts(propertyNames, name, root) &&
        accepts(Object.hasOwn(known, name) ? known[name] : additionalProperties, member, root),
    )
  );
}

function isOfType(type: string, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isRecord(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function definition(root: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), root);
}
