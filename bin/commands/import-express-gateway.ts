import type { Command } from 'commander';
import type { ConsumerApi } from '../consumers/consumer-api.ts';
import { CommandFailure, Interrupted, WrongUsage } from '../consumers/failure.ts';
import { parseAdminUrl } from '../consumers/remote-api.ts';
import { adminClient } from '../import/express-gateway/admin-client.ts';
import { applyPlan } from '../import/express-gateway/apply.ts';
import { type Plan, planImport, type Step } from '../import/express-gateway/plan.ts';
import { readSource } from '../import/express-gateway/read-source.ts';
import { type Report, reportOf } from '../import/express-gateway/report.ts';
import { reportText } from '../import/express-gateway/report-text.ts';
import { select } from '../import/express-gateway/select.ts';
import { openTarget, type Target, targetPlace } from '../import/express-gateway/target.ts';
import { several } from './arguments.ts';
import { examples, tableCommand } from './place-options.ts';
import { createProgress } from './progress.ts';
import { jsonText, type OutputOptions, type Terminal } from './terminal.ts';

type Options = Target &
  OutputOptions & {
    readonly adminUrl: string;
    readonly header?: readonly string[];
    readonly dryRun?: boolean;
  };

/** `jwt-authorizer import express-gateway`: its users, apps, jwt credentials and scopes. */
export function importExpressGatewayCommand(terminal: Terminal): Command {
  return tableCommand('express-gateway', 'Take over users, apps, jwt credentials and scopes')
    .requiredOption(
      '--admin-url <url>',
      'the Admin API of a running Express Gateway 1.16; https, or http on this machine',
    )
    .option('-H, --header <name:value>', 'what a policy in front of it asks for; repeatable', several)
    .option('--to-admin-url <url>', 'write to an Admin API of ours, instead of a table')
    .option('--dry-run', 'show what would be done, and write nothing')
    .addHelpText(
      'after',
      examples(
        'import express-gateway --admin-url http://127.0.0.1:9876 --dry-run',
        'import express-gateway --admin-url http://127.0.0.1:9876 --table credentials',
      ),
    )
    .action(async (options: Options) => {
      const { dryRun = false, header: headers = [] } = options;
      const source = adminClient(parseAdminUrl(options.adminUrl), headersOf(headers));
      const place = targetPlace(options);
      const selection = select(await readSource(source));
      const api = await openTarget(place, dryRun);
      const watch = watched(terminal, options);
      try {
        const plan = await planImport(api, selection, watch.onStep);
        const stopped = dryRun ? undefined : await apply(terminal, api, plan, watch.onStep);
        watch.clear();
        finish(terminal, options, reportOf(selection, plan, dryRun), stopped);
      } finally {
        watch.clear();
        await api.close();
      }
    });
}

/** Counts each record when nothing is left to do with it. */
function watched(terminal: Terminal, { quiet }: Options) {
  // What stdin may be has nothing to do with it.
  const progress = createProgress({ ...terminal, stdinBytes: 0 });
  const counts = { created: 0, skipped: 0, failed: 0 };
  return {
    clear: () => progress.clear(),
    onStep({ record, state }: Step) {
      if (state !== 'create') counts[state === 'created' || state === 'failed' ? state : 'skipped'] += 1;
      progress.show(counts, 0);
      if (quiet && state === 'created') terminal.out(`${record.id}\n`);
    },
  };
}

/** @returns what stopped it; undefined when it came to the end. */
async function apply(
  terminal: Terminal,
  api: ConsumerApi,
  plan: Plan,
  onStep: (step: Step) => void,
): Promise<CommandFailure | undefined> {
  try {
    await applyPlan(api, plan, onStep, terminal.interruption?.());
    return undefined;
  } catch (error) {
    if (error instanceof CommandFailure) return error;
    throw error;
  }
}

/** @throws CommandFailure when not all is here as it is there. */
function finish(terminal: Terminal, options: Options, report: Report, stopped?: CommandFailure): void {
  if (options.json) terminal.out(`${jsonText(report, 0)}\n`);
  else if (!options.quiet) terminal.out(`${reportText(report)}\n`);
  if (stopped !== undefined) {
    if (stopped instanceof Interrupted) throw stopped;
    throw new CommandFailure(`stopped: ${stopped.message}; then give the same again`);
  }
  const { differing, failed } = report;
  if (differing.length + failed.length === 0) return;
  throw new CommandFailure(
    `not all is here as it is there: ${differing.length} differ, ${failed.length} failed; nothing of it was overwritten`,
  );
}

/** @throws WrongUsage without what was given: it may be a key. */
const headersOf = (texts: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([\x21-\x7e][\x20-\x7e]*)$/.exec(text) ?? [];
      if (name === undefined || value === undefined) throw new WrongUsage('-H takes NAME:VALUE');
      return [name, value];
    }),
  );
