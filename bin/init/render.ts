import * as v from 'valibot';
import { stringify } from 'yaml';
import { isRecord } from '../../lambda/config/record.ts';
import { policySchema, topLevelEntries } from '../../lambda/config/schema.ts';
import type { Answers } from './answers.ts';
import { otherOptions, policyOptions, type RawOptions } from './policy.ts';

/** Columns of a comment. */
const WIDTH = 110;

/** What a rule stands on where nothing is looked up. */
const CLAIM = 'scopeClaim: scope # the rules below need it; some issuers call it scp';

/** Valid when uncommented, where the policy has a source of scopes. */
const RULES = [
  'routes:',
  "  - paths: [/orders, '/orders/{id}'] # inside [ ], YAML wants quotes around { }",
  '    methods: [POST, PUT, DELETE]',
  '    scopes: [orders:write]',
];

type Entries = Readonly<Record<string, v.GenericSchema>>;

/**
 * The file, with each option's meaning above it, and that of those left out below: in the schema's own words.
 * @param config the path of the file.
 * @param schema the JSON Schema for editors, relative to the file; undefined where it is not at hand.
 */
export function renderConfig(answers: Answers, config: string, schema: string | undefined): string {
  const policy = policyOptions(answers, config);
  // Where nothing is looked up, a rule can only ask the token.
  const asksToken = !answers.isManaged;
  const others = otherOptions(answers);
  const lines = [
    ...(schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}`]),
    '# What the authorizer accepts. The local gateway, the stack and the function all read this file.',
    'jwt:',
    ...chosen(policy, policySchema.entries, '  '),
    '',
    ...(asksToken ? [...sample('scopeClaim', policySchema.entries, [CLAIM], '  '), ''] : []),
    ...leftOut(
      [...Object.keys(policy), ...(asksToken ? ['scopeClaim'] : [])],
      policySchema.entries,
      '  ',
      'Left out; these hold their defaults:',
    ),
    '',
    ...sample('routes', topLevelEntries, RULES, ''),
    '',
    ...chosen(others, topLevelEntries, ''),
    ...(Object.keys(others).length > 0 ? [''] : []),
    ...leftOut([...Object.keys(others), 'routes'], topLevelEntries, '', 'Left out, beside jwt:'),
  ];
  return `${lines.join('\n')}\n`;
}

function chosen(options: RawOptions, entries: Entries, indent: string): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => [
    ...comment(notes(name, value) ?? meaningOf(entries[name]), indent),
    ...yamlOf({ [name]: value }).map((line) => `${indent}${line}`),
  ]);
}

/** An option to uncomment, with its meaning above it. */
function sample(name: string, entries: Entries, lines: readonly string[], indent: string): readonly string[] {
  return [...comment(meaningOf(entries[name]), indent), ...lines.map((line) => `${indent}# ${line}`)];
}

/** @param said which options the file has elsewhere. */
function leftOut(
  said: readonly string[],
  entries: Entries,
  indent: string,
  title: string,
): readonly string[] {
  const names = Object.keys(entries).filter((name) => !said.includes(name));
  return [
    ...comment(title, indent),
    ...names.flatMap((name) => comment(`${name}: ${meaningOf(entries[name])}`, indent, '  ')),
  ];
}

/** What an answer means, where that is shorter than what the option can mean. */
function notes(name: string, value: unknown): string | undefined {
  switch (name) {
    case 'checkCredentialExistence':
      return value === true
        ? 'Controlled: `sub` must be the keyId of a stored, active credential. false: whoever has a valid token comes in, and nothing is looked up.'
        : 'Uncontrolled: whoever has a valid token comes in, and nothing is looked up. true: `sub` must be the keyId of a stored, active credential.';
    case 'anyAudience':
      return 'Tokens that the issuer made for other applications are accepted too. Better: `audience`, with the name of this API.';
    case 'algorithms':
      return 'Allow-list; a token that was signed with anything else is denied.';
    case 'secretOrPublicKeyFile':
      return 'A public key or certificate (PEM), or a secret, relative to this file. A secret serves locally alone: to deploy, use `secret: generate` or `secretArn`.';
    default:
      return undefined;
  }
}

function meaningOf(entry: v.GenericSchema | undefined): string {
  if (entry === undefined) return '';
  const inner = 'wrapped' in entry ? (entry.wrapped as v.GenericSchema) : entry;
  return v.getDescription(inner) ?? '';
}

/** @param hanging what stands before the text of all lines but the first. */
function comment(text: string, indent: string, hanging = ''): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && `${indent}# ${line} ${word}`.length > WIDTH) {
      lines.push(line);
      line = hanging;
    }
    line = line.trim() === '' ? `${line}${word}` : `${line} ${word}`;
  }
  return [...lines, line].map((one) => `${indent}# ${one}`);
}

/** Lists on one line. What a text holds cannot end it: it is quoted where it must be. */
function yamlOf(options: RawOptions): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    isRecord(value)
      ? [`${name}:`, ...yamlOf(value).map((line) => `  ${line}`)]
      : [`${name}: ${inFlow(value)}`],
  );
}

/** YAML takes JSON too: the spelling for what has line ends or other characters that a person would not see. */
function inFlow(value: unknown): string {
  const json = JSON.stringify(value);
  if (/\\|[^ -~]/.test(json)) return json;
  return stringify(value, {
    lineWidth: 0,
    blockQuote: false,
    collectionStyle: 'flow',
    flowCollectionPadding: false,
  }).trimEnd();
}
