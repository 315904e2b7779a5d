import type { Failure } from './cloudformation-answer.ts';
import type { Finding } from './plan.ts';
import type { DetachOutcome, ReconcileOutcome } from './run.ts';

/** How many methods a line names; the log has all of them. */
const MAX_SUBJECTS = 20;

/** @returns why the run did not do what it was to do; undefined where it did. */
export function failureOf(outcome: ReconcileOutcome | DetachOutcome): Failure | undefined {
  switch (outcome.kind) {
    case 'attached':
    case 'detached':
    case 'not_attached':
    case 'planned':
      return undefined;
    case 'refused':
      return {
        headline: 'Refused, and nothing was changed:',
        details: outcome.refusals.map(lineOf),
      };
    case 'authorizer_in_use':
      return {
        headline:
          'All methods are as they were, but these stages still refer to the authorizer until they are deployed anew. Deploy each once, then delete again:',
        details: outcome.stages,
      };
    case 'changed_meanwhile':
      return {
        headline:
          'Somebody else changed the API meanwhile. No stage serves what was not looked at; deploy again when they are done:',
        details: outcome.subjects,
      };
    case 'busy':
      return { headline: 'Another run is at work on this API; deploy again when it is done.', details: [] };
    case 'unfinished':
      return { headline: 'Time ran out; deploy again, and it goes on.', details: [] };
  }
}

/** `pending_edits: …: GET /orders, POST /orders, and 3 more`: what it is about, as far as the message does not say. */
export function lineOf({ code, message, subjects }: Finding): string {
  const unsaid = subjects.filter((subject) => !message.includes(subject));
  const named = unsaid.slice(0, MAX_SUBJECTS);
  const more = unsaid.length - named.length;
  const list = [...named, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
  return `${code}: ${message}${list === '' ? '' : `: ${list}`}`;
}
