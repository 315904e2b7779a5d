import type { Keyed } from '../config/keying.ts';
import type { Selector } from '../config/types.ts';

/** What an attachment is to be. Plain JSON: it travels in a template's property, and is kept in the journal. */
export interface Wish {
  readonly restApiId: string;
  /** Who attaches: a resource of a stack, or a command. The journal of another owner is refused. */
  readonly owner: string;
  /** The stages that get the authorizer; at least one. Others get it with their own next deployment. */
  readonly stages: readonly string[];
  /** Which methods; empty: all. OPTIONS stays open in any case. */
  readonly selectors: readonly Selector[];
  /** What a decision reads, which says how API Gateway may keep answers for each resource. */
  readonly keyed: Keyed;
  readonly handler: Handler;
  /** Whether methods that something else protects are taken over. */
  readonly takeOver: boolean;
  /** Whether edits that others have not deployed yet may go live with the attachment. */
  readonly deployPendingChanges: boolean;
  /** `deny`: methods that were open ask for IAM from then on. */
  readonly onDetach: 'restore' | 'deny';
}

/** What API Gateway invokes. */
export interface Handler {
  /** A published version, which outlives its successors: a snapshot may refer to it for long. */
  readonly functionArn: string;
  /** The role in which API Gateway invokes it; without, the function's own policy must let it in. */
  readonly invokeRoleArn?: string | undefined;
}
