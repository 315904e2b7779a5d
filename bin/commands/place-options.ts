import { Command } from 'commander';
import type { ConsumerApi } from '../consumers/consumer-api.ts';
import { DEFAULT_CONFIG, openConsumers, type Place } from '../consumers/open.ts';
import { nobodyLooks, whenItCounts } from './looked-up.ts';
import { type Output, type OutputOptions, outputTo, type Terminal } from './terminal.ts';

export type ConsumerOptions = Place & OutputOptions;

/** A command on consumers: with the options that say where they are and how results are written. */
export const consumerCommand = (name: string, description: string): Command =>
  tableCommand(name, description).option(
    '--admin-url <url>',
    'an Admin API: the URL above its /users; https, or http on this machine',
  );

/** The same for one to which `--admin-url` means something else. */
export function tableCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('-q, --quiet', 'ids only; of a secret that was generated, keyId:keySecret')
    .option('--json', 'compact JSON, no messages')
    .option('--config <file>', 'the configuration whose data folder it is', DEFAULT_CONFIG)
    .option('--data <folder>', 'the local table (default: .jwt-authorizer beside the configuration)')
    .option('--table <name>', "a deployed table, with the AWS SDK's own credentials and region")
    .option('--region <region>', 'the AWS region of a deployed table or Admin API');
}

/** Examples under the help of a command. */
export const examples = (...lines: readonly string[]): string =>
  `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.map((line) => `  jwt-authorizer ${line}`).join('\n')}`;

/** What the action of a command works with. */
export interface Work {
  readonly api: ConsumerApi;
  readonly output: Output;
}

interface How {
  readonly options: ConsumerOptions;
  /** See openConsumers. */
  readonly mayMake?: boolean;
  /** Whether a caller has more than before, which is told to take its time. */
  readonly gives?: boolean;
}

/** Opens the place that the options name, works there, and closes it. */
export async function withConsumers(
  terminal: Terminal,
  { options, mayMake = false, gives = false }: How,
  work: (work: Work) => Promise<void>,
): Promise<void> {
  const api = await openConsumers(options, mayMake);
  try {
    await work({ api, output: outputTo(terminal, options) });
    if (gives) tellOf(terminal, options, whenItCounts);
  } finally {
    await api.close();
  }
}

/** The same for a command that makes something: the place too where it does not exist, and a word where nobody will look at it. */
export async function withNewConsumers(
  terminal: Terminal,
  options: ConsumerOptions,
  work: (work: Work) => Promise<void>,
): Promise<void> {
  tellOf(terminal, options, nobodyLooks);
  await withConsumers(terminal, { options, mayMake: true }, work);
}

/** What there is to say of the place, beside what the command itself says. @param said undefined: nothing. */
export function tellOf(
  terminal: Terminal,
  options: ConsumerOptions,
  said: (place: Place) => string | undefined,
): void {
  const text = said(options);
  if (text !== undefined) outputTo(terminal, options).message(text);
}
