import type { Command } from 'commander';
import { isCommandOwner, ownerText } from '../attachment/owner.ts';
import { CommandFailure } from '../consumers/failure.ts';
import { changingCommand } from './attachment-options.ts';
import { examples } from './place-options.ts';
import { type Change, type ChangeOptions, type Prepare, runChange } from './run-change.ts';
import type { Terminal } from './terminal.ts';

interface Options extends ChangeOptions {
  readonly deployPendingChanges?: boolean;
  readonly force?: boolean;
}

const ABOUT = `
Each method gets back what it had before it was attached, unless somebody else has changed it since; with onDetach: deny,
those that were open ask for IAM. The attached stages get a deployment, and the authorizers go when no stage's deployment
uses them. Where nothing is attached, nothing is done.

Stopped by Ctrl-C or killed, the same command goes on where it was.

--json: as attach has it. See docs/attach-command.md.`;

/** `jwt-authorizer detach`: puts back what was there before `attach`. */
export function detachCommand(terminal: Terminal): Command {
  return changingCommand('detach', 'Give methods back what they had before they were attached')
    .option('--deploy-pending-changes', "also publish others' edits of the API that are not deployed yet")
    .option('--force', 'also what a stack has attached; its next deployment may attach it again')
    .addHelpText(
      'after',
      `${examples('detach --dry-run', 'detach --stack Orders --rest-api-id a1b2c3d4e5 --yes')}\n${ABOUT}`,
    )
    .action((options: Options) => {
      const prepare: Prepare = async ({ restApiId }, engine) => {
        const journal = await engine.journal.read(restApiId);
        if (journal === undefined) return undefined;
        const { owner, wish } = journal;
        if (!isCommandOwner(owner) && !options.force) {
          const how = `${ownerText(owner)} has attached ${restApiId}: take restApi out of its configuration and deploy, or give --force`;
          if (!options.dryRun) throw new CommandFailure(how);
          if (!options.json) terminal.err(`note: ${how}\n`);
        }
        // Consent to an attachment was none to this.
        const { deployPendingChanges = false } = options;
        const run: Change['run'] = (how) => engine.detach(restApiId, owner, { ...how, deployPendingChanges });
        return { verb: 'detach', wish, run };
      };
      return runChange(terminal, options, { needsConfig: false, prepare });
    });
}
