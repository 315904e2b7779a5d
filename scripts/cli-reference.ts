// Writes docs/cli.md from the commands themselves. With --check: fails when it is stale.
import type { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import type { Argument, Command, Option } from 'commander';
import { createProgram } from '../bin/commands/program.ts';
import { writeOrCheck } from './generated.ts';
import { code, table } from './markdown.ts';

const FILE = 'docs/cli.md';
/** An option of so many commands, with the same words, stands once. */
const COMMON_FROM = 8;

interface Described {
  readonly path: string;
  readonly command: Command;
}

const nothing = () => undefined;
const program = createProgram({
  version: '0.0.0',
  bundle: new URL('file:///nowhere/index.mjs'),
  terminal: { stdin: Readable.from([]), out: nothing, err: nothing, isWatched: false, stdinBytes: 0 },
});

const isHidden = (command: Command): boolean => (command as unknown as { _hidden: boolean })._hidden;

const groups = program.commands.filter((each) => !isHidden(each) && each.name() !== 'help');
const leaves = (command: Command, path: string): readonly Described[] =>
  command.commands.length === 0
    ? [{ path, command }]
    : command.commands
        .filter((each) => !isHidden(each) && each.name() !== 'help')
        .flatMap((each) => leaves(each, `${path} ${each.name()}`));
const all = groups.flatMap((each) => leaves(each, each.name()));

const keyOf = ({ flags, description, defaultValue }: Option) =>
  JSON.stringify([flags, description, defaultValue]);
const visible = (command: Command) => command.options.filter(({ hidden }) => !hidden);
const uses = new Map<string, number>();
for (const { command } of all)
  for (const option of visible(command)) uses.set(keyOf(option), (uses.get(keyOf(option)) ?? 0) + 1);
const isCommon = (option: Option): boolean => (uses.get(keyOf(option)) ?? 0) >= COMMON_FROM;
const common = [
  ...new Map(
    all.flatMap(({ command }) =>
      visible(command)
        .filter(isCommon)
        .map((each) => [keyOf(each), each]),
    ),
  ).values(),
];

const escaped = (text: string): string => text.replace(/</g, '&lt;').replace(/\*/g, '\\*');
const standardOf = ({ defaultValue, description }: Option): string => {
  const said = /\s*\(default:? ([^)]+)\)/.exec(description)?.[1];
  if (said) return escaped(said);
  return defaultValue === undefined || defaultValue === false || Array.isArray(defaultValue)
    ? ''
    : code(String(defaultValue));
};
const meaningOf = ({ description, mandatory }: Option): string =>
  `${mandatory ? '**Required.** ' : ''}${escaped(description.replace(/\s*\(default:? [^)]+\)/, ''))}`;

const optionsTable = (options: readonly Option[]): string =>
  table(
    ['option', 'default', 'meaning'],
    options.map((option) => [code(option.flags), standardOf(option), meaningOf(option)]),
  );

/** What its help says below the options: examples, and more. */
function afterHelp(command: Command): { readonly examples: readonly string[]; readonly more: string } {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  // Commander is an emitter, and its types do not say so.
  (command as unknown as EventEmitter).emit('afterHelp', { error: false, command, write });
  const lines = text.split('\n');
  const examples = lines.filter((line) => /^ {2}jwt-authorizer /.test(line)).map((line) => line.trim());
  const rest = lines.filter((line) => !/^ {2}jwt-authorizer |^Examples?:$/.test(line));
  return {
    examples,
    more: rest
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
  };
}

function argumentLines(list: readonly Argument[]): readonly string[] {
  return list
    .filter(({ description }) => description)
    .map((each) => `- ${code(each.name())}: ${escaped(each.description)}`);
}

function section({ path, command }: Described, level: string): string {
  const { examples, more } = afterHelp(command);
  const own = visible(command).filter((each) => !isCommon(each));
  const shared = visible(command)
    .filter(isCommon)
    .map(({ long, short }) => code(long ?? short ?? ''));
  const words = command.registeredArguments.map((each) => {
    const name = `${each.name()}${each.variadic ? '...' : ''}`;
    return each.required ? ` <${name}>` : ` [${name}]`;
  });
  return [
    `${level} \`${path}${words.join('')}\``,
    `${escaped(command.description())}.`.replace('..', '.'),
    ...(examples.length > 0
      ? [`<!-- not run: what its help shows -->\n\`\`\`sh\n${examples.join('\n')}\n\`\`\``]
      : []),
    argumentLines(command.registeredArguments).join('\n'),
    own.length > 0 ? optionsTable(own) : '',
    shared.length > 0
      ? `${own.length > 0 ? 'Also' : 'Options:'} ${shared.join(', ')}: [common options](#common-options).`
      : '',
    linked(escaped(more)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Help is read beside the package; here the page is a link. */
const linked = (text: string): string => text.replace(/docs\/([\w-]+\.md)/g, '[$1]($1)');

function groupSection(group: Command): string {
  if (group.commands.length === 0) return section({ path: group.name(), command: group }, '##');
  const aliases = group.aliases().map(code).join(', ');
  const head = `## ${code(group.name())}\n\n${escaped(group.description())}${aliases ? ` (or ${aliases})` : ''}.`;
  return [head, ...leaves(group, group.name()).map((each) => section(each, '###'))].join('\n\n');
}

const contents = table(
  ['command', ''],
  groups.map((each) => {
    const { path } = leaves(each, each.name())[0] ?? { path: each.name() };
    const words = each.registeredArguments.map((word) =>
      word.required ? `-${word.name()}` : `-${word.name()}`,
    );
    const anchor = path === each.name() ? `${each.name()}${words.join('')}` : each.name();
    return [`[${code(each.name())}](#${anchor})`, escaped(each.description())];
  }),
);

const page = `# The command line

Written by \`npm run generate\` from the commands, which have the same in their \`--help\`. In a checkout \`jwt-authorizer\` is
\`npm run -s cli --\`, which builds it where it is not built yet.

${contents}

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted; \`explain\`, \`doctor\` and \`drift\` have one more. Results go to
stdout, messages and progress to stderr. Colours are for screens alone: \`NO_COLOR\` and \`FORCE_COLOR\` hold.

${optionsTable(program.options)}

## Common options

Where the consumers are: the local table unless one of these says otherwise.

${optionsTable(common)}

${groups.map(groupSection).join('\n\n')}
`;

writeOrCheck(FILE, page, 'npx tsx scripts/cli-reference.ts');
