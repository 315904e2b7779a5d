import * as v from 'valibot';
import { stringify } from 'yaml';
import { isRecord } from '../../lambda/config/record.ts';
import { policySchema, topLevelEntries } from '../../lambda/config/schema.ts';
import type { Answers } from './answers.ts';
import { otherOptions, policyOptions, type RawOptions } from './policy.ts';

/** Columns of a comment. */
const WIDTH = 110;

type Entries = Readonly<Record<string, v.GenericSchema>>;

/**
 * The file, with each option's meaning above it, and that of those left out below: in the schema's own words.
 * @param config the path of the file.
 * @param schema the JSON Schema for editors, relative to the file; undefined where it is not at hand.
 */
export function renderConfig(answers: Answers, config: string, schema: string | undefined): string {
  const policy = policyOptions(answers, config);
  const others = otherOptions(answers);
  const lines = [
    ...(schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}`]),
    '# What the authorizer accepts. The local gateway, the stack and the function all read this file.',
    'jwt:',
    ...chosen(policy, policySchema.entries, '  '),
    '',
    ...leftOut(policy, policySchema.entries, '  ', 'Left out; these hold their defaults:'),
    '',
    ...chosen(others, topLevelEntries, ''),
    ...(Object.keys(others).length > 0 ? [''] : []),
    ...leftOut(others, topLevelEntries, '', 'Left out, beside jwt:'),
  ];
  return `${lines.join('\n')}\n`;
}

function chosen(options: RawOptions, entries: Entries, indent: string): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => [
    ...comment(notes(name, value) ?? meaningOf(entries[name]), indent),
    ...yamlOf({ [name]: value }).map((line) => `${indent}${line}`),
  ]);
}

function leftOut(options: RawOptions, entries: Entries, indent: string, title: string): readonly string[] {
  const names = Object.keys(entries).filter((name) => !(name in options));
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
