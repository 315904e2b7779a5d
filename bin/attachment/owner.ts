import { safeText } from '../commands/terminal.ts';

const PREFIX = 'command:';

/** Whose an attachment is that the command makes. */
export const commandOwner = (journalTable: string): string => `${PREFIX}${journalTable}`;

export const isCommandOwner = (owner: string): boolean => owner.startsWith(PREFIX);

/** `arn:aws:cloudformation:us-east-1:111122223333:stack/Orders/5a…/Attachment`: a stack's id, and a resource's name in it. */
const OF_STACK =
  /^arn:[a-z-]+:cloudformation:[a-z0-9-]+:\d{12}:stack\/(?<stack>[^/]+)\/[^/]+\/(?<resource>.+)$/;

/** For a person. */
export function ownerText(owner: string): string {
  if (isCommandOwner(owner)) return 'the command jwt-authorizer attach';
  const { stack } = OF_STACK.exec(owner)?.groups ?? {};
  return stack === undefined ? safeText(owner) : `the stack ${stack}`;
}
