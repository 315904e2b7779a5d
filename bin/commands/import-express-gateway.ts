import type { Command } from 'commander';
import type { ConsumerApi } from '../consumers/consumer-api.ts';
import { CommandFailure, WrongUsage } from '../consumers/failure.ts';
import { dataFolderOf, openConsumers, type Place } from '../consumers/open.ts';
import { parseAdminUrl } from '../consumers/remote-api.ts';
import { adminClient } from '../import/express-gateway/admin-client.ts';
import { applyPlan } from '../import/express-gateway/apply.ts';
import { type Plan, planImport } from '../import/express-gateway/plan.ts';
import { readSource } from '../import/express-gateway/read-source.ts';
import { type Report, reportOf } from '../import/express-gateway/report.ts';
import { reportText } from '../import/express-gateway/report-text.ts';
import { type Selection, select } from '../import/express-gateway/select.ts';
import { several } from './arguments.ts';
import { examples, tableCommand } from './place-options.ts';
import { createProgress } from './progress.ts';
import { jsonText, type OutputOptions, type Terminal } from './terminal.ts';

type Options = Omit<Place, 'adminUrl'> &
  OutputOptions & {
    readonly adminUrl: string;
    readonly header?: readonly string[];
    readonly toAdminUrl?: string;
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
      const place = placeOf(options);
      const selection = select(await readSource(source));
      const api = await openTarget(place, dryRun);
      try {
        const plan = await planImport(api, selection);
        if (!dryRun) await apply(terminal, options, { api, plan, selection });
        else finish(terminal, options, reportOf(selection, plan, true));
      } finally {
        await api.close();
      }
    });
}

interface Work {
  readonly api: ConsumerApi;
  readonly plan: Plan;
  readonly selection: Selection;
}

async function apply(terminal: Terminal, options: Options, { api, plan, selection }: Work): Promise<void> {
  // What stdin may be has nothing to do with it.
  const progress = createProgress({ ...terminal, stdinBytes: 0 });
  const counts = { created: 0, skipped: 0, failed: 0 };
  let stopped: unknown;
  try {
    await applyPlan(api, plan, ({ record, state }) => {
      const counted = state === 'created' || state === 'failed' ? state : 'skipped';
      counts[counted] += 1;
      progress.show(counts, 0);
      if (options.quiet && state === 'created') terminal.out(`${record.id}\n`);
    });
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    stopped = error;
  } finally {
    progress.clear();
  }
  finish(terminal, options, reportOf(selection, plan, false), stopped);
}

/** @throws CommandFailure when not all is here as it is there. */
function finish(terminal: Terminal, options: Options, report: Report, stopped?: unknown): void {
  if (options.json) terminal.out(`${jsonText(report, 0)}\n`);
  else if (!options.quiet) terminal.out(`${reportText(report)}\n`);
  if (stopped instanceof CommandFailure) {
    throw new CommandFailure(`stopped: ${stopped.message}; then give the same again`);
  }
  const { differing, failed } = report;
  if (differing.length + failed.length === 0) return;
  throw new CommandFailure(
    `not all is here as it is there: ${differing.length} differ, ${failed.length} failed; nothing of it was overwritten`,
  );
}

/** @throws WrongUsage */
function placeOf({ adminUrl: _, toAdminUrl, ...place }: Options): Place {
  if ([toAdminUrl, place.data, place.table].filter((given) => given !== undefined).length > 1) {
    throw new WrongUsage('--data, --table and --to-admin-url are three places; give one');
  }
  if (toAdminUrl === undefined) return place;
  return { ...place, adminUrl: parseAdminUrl(toAdminUrl, '--to-admin-url').href };
}

/** A place that is not there yet is empty, and a plan does not make it. */
async function openTarget(place: Place, dryRun: boolean): Promise<ConsumerApi> {
  if (dryRun && place.adminUrl === undefined && place.table === undefined) {
    const { hasLocalTable } = await import('../consumers/open-local.ts');
    if (!hasLocalTable(dataFolderOf(place))) return NOTHING;
  }
  return openConsumers(place, !dryRun);
}

const NOTHING: ConsumerApi = {
  send: async ({ path }) =>
    path === '/scopes' ? { status: 200, text: '{"scopes":null}' } : { status: 404, text: '' },
  close: async () => undefined,
};

/** @throws WrongUsage without what was given: it may be a key. */
const headersOf = (texts: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([\x21-\x7e][\x20-\x7e]*)$/.exec(text) ?? [];
      if (name === undefined || value === undefined) throw new WrongUsage('-H takes NAME:VALUE');
      return [name, value];
    }),
  );
