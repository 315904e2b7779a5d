import type { JournalState } from '../../lambda/attachment/journal.ts';
import type { Handler, Wish } from '../../lambda/attachment/wish.ts';
import type { Keyed } from '../../lambda/config/keying.ts';
import type { RestApiAttachment } from '../../lambda/config/types.ts';
import { CommandFailure, WrongUsage } from '../consumers/failure.ts';
import { commandOwner, isCommandOwner, ownerText } from './owner.ts';

/** What the options say of an attachment; what is left out they say nothing of. */
export interface Asked {
  readonly stages?: readonly string[] | undefined;
  readonly selectors?: Wish['selectors'] | undefined;
  readonly takeOver?: boolean | undefined;
  readonly deployPendingChanges?: boolean | undefined;
  readonly onDetach?: Wish['onDetach'] | undefined;
  readonly handler?: Handler | undefined;
}

/** All that is known when somebody wants to attach. */
export interface Known {
  readonly restApiId: string;
  readonly journalTable: string;
  readonly asked: Asked;
  /** Of the configuration, where it is about this API. */
  readonly section?: RestApiAttachment | undefined;
  /** Of the configuration; undefined: there is none. */
  readonly keyed?: Keyed | undefined;
  /** Of the stack. */
  readonly handler?: Handler | undefined;
  /** What was attached before. */
  readonly journal?: JournalState | undefined;
}

/**
 * Options before the configuration, and that before what was attached last. Consent (`takeOver`,
 * `deployPendingChanges`) is given for a run, and never taken from an earlier one. What a stack has attached is attached
 * again as it was: its configuration is the stack's.
 * @throws WrongUsage, CommandFailure
 */
export function wishOf(known: Known): Wish {
  const { asked, journal } = known;
  if (journal !== undefined && !isCommandOwner(journal.owner)) return wishOfStack(asked, journal);
  const { restApiId, section, journalTable } = known;
  if (journal === undefined && section?.attachWith === 'deployment')
    throw new CommandFailure(
      `the configuration leaves the attachment of ${restApiId} to the deployment: run cdk deploy, or set attachWith: command in restApi`,
    );
  const before = journal?.wish;
  const stages = asked.stages ?? section?.stages ?? before?.stages;
  if (stages === undefined) throw new WrongUsage('which stages? give --stage STAGE, or stages in restApi');
  return {
    restApiId,
    owner: journal?.owner ?? commandOwner(journalTable),
    stages,
    selectors: asked.selectors ?? section?.routes ?? before?.selectors ?? [],
    keyed: keyedOf(known),
    handler: handlerOf(known),
    takeOver: asked.takeOver ?? section?.takeOver ?? false,
    deployPendingChanges: asked.deployPendingChanges ?? section?.deployPendingChanges ?? false,
    onDetach: asked.onDetach ?? section?.onDetach ?? before?.onDetach ?? 'restore',
  };
}

function wishOfStack(asked: Asked, { restApiId, owner, wish }: JournalState): Wish {
  if (Object.values(asked).some((value) => value !== undefined))
    throw new CommandFailure(
      `${ownerText(owner)} has attached ${restApiId}: change its configuration and deploy; without options this attaches again what it has attached`,
    );
  return wish;
}

function keyedOf({ keyed, journal }: Known): Keyed {
  const known = keyed ?? journal?.wish.keyed;
  if (known === undefined)
    throw new CommandFailure(
      'there is no configuration to tell how answers may be kept; give it with --config, the one that the function has',
    );
  return known;
}

function handlerOf({ asked, handler, journal }: Known): Handler {
  const known = asked.handler ?? handler ?? journal?.wish.handler;
  if (known === undefined) throw new WrongUsage('which function? give --stack STACK, or --function-arn ARN');
  return known;
}
