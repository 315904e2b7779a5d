import type { Command, Option } from 'commander';

/**
 * What may stand in the place of the last word.
 * @param words after the program's name; the last one is being written, and may be empty.
 * @returns nothing where it is for the user to say, such as a name or a file.
 */
export function candidates(program: Command, words: readonly string[]): readonly string[] {
  const typed = words.slice(0, -1);
  const last = words.at(-1) ?? '';
  const command = commandOf(program, typed);
  const option = optionOf(command, typed.at(-1));
  if (option?.required) return (option.argChoices ?? []).filter((choice) => choice.startsWith(last));
  const offered = last.startsWith('-') ? flagsOf(command) : [...commandsOf(command), ...choicesOf(command)];
  return offered.filter((candidate) => candidate.startsWith(last)).sort();
}

/** Follows the words down; options, and what belongs to them, lead nowhere. */
function commandOf(program: Command, typed: readonly string[]): Command {
  let command = program;
  for (const word of typed) {
    command =
      visibleOf(command).find((inner) => [inner.name(), ...inner.aliases()].includes(word)) ?? command;
  }
  return command;
}

const optionOf = (command: Command, word: string | undefined): Option | undefined =>
  command.options.find(({ long, short }) => word !== undefined && (long === word || short === word));

/** As the help shows them, without `help` itself. */
const visibleOf = (command: Command): readonly Command[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .filter((inner) => inner.name() !== 'help');

const commandsOf = (command: Command): readonly string[] => visibleOf(command).map((inner) => inner.name());

const flagsOf = (command: Command): readonly string[] => [
  ...command.options.flatMap(({ long, hidden }) => (long && !hidden ? [long] : [])),
  '--help',
];

const choicesOf = (command: Command): readonly string[] =>
  command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
