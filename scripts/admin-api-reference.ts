// Writes the reference in docs/admin-api.md from the description that the Admin API gives of itself. With --check: fails
// when it is stale.
import { readFileSync } from 'node:fs';
import { createAdminApp } from '../lambda/admin/app.ts';
import type { JsonSchema } from '../lambda/admin/json-schema.ts';
import type { ConsumerStore } from '../lambda/consumers/store.ts';
import { fill, writeOrCheck } from './generated.ts';
import { code, type Row, table } from './markdown.ts';

const FILE = 'docs/admin-api.md';

interface Content {
  readonly content?: { readonly 'application/json'?: { readonly schema: JsonSchema } };
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: JsonSchema;
}
interface Operation {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: Content & { readonly required: boolean };
  readonly responses: Readonly<Record<string, Content & { readonly description: string }>>;
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

// The description asks no table.
const app = createAdminApp({ store: {} as ConsumerStore });
const description = (await (await app.request('/openapi.json')).json()) as Description;
const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    title: `${method.toUpperCase()} ${path}`,
    operation,
  })),
);
const groups = [...new Set(operations.flatMap(({ operation }) => operation.tags))];

const nameIn = (ref: string): string => ref.split('/').at(-1) ?? '';
const linkTo = (name: string): string => `[${name}](#${name.toLowerCase()})`;

/** What may stand there, in a few words. */
function kindOf(schema: JsonSchema): string {
  const { $ref, type, anyOf, const: only, enum: values, items, format, properties } = schema;
  if ($ref) return linkTo(nameIn($ref));
  if (anyOf) return [...new Set(anyOf.map(kindOf))].join(' or ');
  if (only !== undefined) return code(JSON.stringify(only));
  if (values) return values.map((each) => code(JSON.stringify(each))).join(' or ');
  if (type === 'array') return `list of ${items ? kindOf(items) : 'values'}`;
  if (type === 'object' && properties)
    return `{ ${Object.entries(properties)
      .map(([name, each]) => `${code(name)}: ${kindOf(each)}`)
      .join(', ')} }`;
  if (format === 'date-time') return 'time (ISO 8601)';
  return {
    string: 'text',
    integer: 'whole number',
    boolean: 'true or false',
    null: 'null',
    object: 'object',
  }[type as string] as string;
}

function limitsOf(schema: JsonSchema): string {
  const { minimum, maximum, maxLength, pattern, default: standard, maxItems } = schema;
  return [
    minimum !== undefined && `from ${minimum}`,
    maximum !== undefined && `to ${maximum}`,
    maxLength !== undefined && `at most ${maxLength} characters`,
    maxItems !== undefined && `at most ${maxItems}`,
    pattern !== undefined && code(pattern),
    standard !== undefined && `default ${code(String(standard))}`,
  ]
    .filter((each) => each !== false)
    .join(', ');
}

const meaningOf = (schema: JsonSchema): string =>
  [schema.description, limitsOf(schema)].filter(Boolean).join('; ').replace(/</g, '&lt;');

function operationSection({ title, operation }: (typeof operations)[number]): string {
  const { summary, parameters, requestBody, responses } = operation;
  const query = parameters.filter((each) => each.in === 'query');
  const body = requestBody?.content?.['application/json']?.schema;
  const done = Object.entries(responses).find(([status]) => status < '300');
  const schema = done?.[1].content?.['application/json']?.schema;
  const refusals = Object.keys(responses).filter((status) => status >= '300');
  return [
    `### \`${title}\``,
    `${summary}.`,
    [
      ...query.map(
        ({ name, schema: each }) =>
          `- query \`${name}\`: ${[kindOf(each), meaningOf(each)].filter(Boolean).join('; ')}`,
      ),
      ...(body ? [`- body${requestBody?.required ? '' : ' (may be missing)'}: ${kindOf(body)}`] : []),
      `- answers ${done?.[0]}${schema ? `: ${kindOf(schema)}` : ', empty'}`,
      `- or ${refusals.join(', ')}`,
    ].join('\n'),
  ].join('\n\n');
}

function schemaSection([name, schema]: readonly [string, JsonSchema]): string {
  const { properties = {}, required = [], additionalProperties } = schema;
  const rows: readonly Row[] = Object.entries(properties).map(([member, each]) => [
    code(member),
    kindOf(each),
    required.includes(member) ? 'yes' : '',
    meaningOf(each),
  ]);
  return [
    `### ${name}`,
    schema.description ?? '',
    table(['member', 'value', 'always', 'meaning'], rows),
    additionalProperties ? 'And properties of your own.' : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const refusals = new Map(
  operations.flatMap(({ operation }) =>
    Object.entries(operation.responses).flatMap(([status, { description: text }]): [string, string][] =>
      status >= '300' ? [[status, text]] : [],
    ),
  ),
);

const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');

const reference = [
  table(
    ['request', ''],
    operations.map(({ title, operation }) => [`[\`${title}\`](#${anchorOf(title)})`, operation.summary]),
  ),
  '## Refusals',
  'A line of text says why.',
  table(
    ['status', 'when'],
    [...refusals].sort(([a], [b]) => Number(a) - Number(b)),
  ),
  ...groups.flatMap((group) => [
    `## ${group === 'openapi.json' ? 'Description' : `/${group}`}`,
    ...operations.filter(({ operation }) => operation.tags.includes(group)).map(operationSection),
  ]),
  '## Bodies',
  ...Object.entries(description.components.schemas).map(schemaSection),
].join('\n\n');

writeOrCheck(
  FILE,
  fill(readFileSync(FILE, 'utf8'), 'reference', `\n${reference}\n`),
  'npx tsx scripts/admin-api-reference.ts',
);
