import { isCommandOwner, ownerText } from './owner.ts';
import type { Fate, MethodFate } from './plan-summary.ts';
import { findingsText, planText } from './plan-text.ts';
import type { ChangeReport } from './report.ts';

/** What is about to be done, or was, for a person. Ends without a line's end. */
export function reportText(report: ChangeReport): string {
  const { restApiId, owner, stages, routes, warnings, refusals, methods, authorizers, deploys } = report;
  const which = routes.length === 0 ? 'all methods but OPTIONS' : routes.join(', ');
  const plan = methods && authorizers && deploys && planText({ methods, authorizers, deploys });
  return [
    `REST API ${restApiId}, ${stages.length === 1 ? 'stage' : 'stages'} ${stages.join(', ')}: ${which}`,
    ...(owner === undefined || isCommandOwner(owner) ? [] : [`attached by ${ownerText(owner)}`]),
    plan === undefined ? '' : `\n${plan}\n`,
    findingsText('warning', warnings),
    findingsText('refused', refusals),
    methods === undefined ? '' : countText(methods),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Below a list that may be long. */
function countText(methods: readonly MethodFate[]): string {
  const of = (fate: Fate) => methods.filter((method) => method.fate === fate).length;
  const isOpen = ({ fate, httpMethod }: MethodFate) => fate === 'open' && httpMethod !== 'OPTIONS';
  const open = methods.filter(isOpen).length;
  return `methods: ${of('protected')} will be protected, ${of('kept')} are, ${of('given_back')} given back, ${of('elsewhere')} left to others, ${open} open`;
}

/** How it ended, in a sentence; for what did not end as wished, with what to do. */
export function endText({
  outcome,
  methods = [],
  subjects = [],
  until = '',
  ...report
}: ChangeReport): string {
  const of = (...fates: string[]) => methods.filter(({ fate }) => fates.includes(fate)).length;
  switch (outcome) {
    case 'unchanged':
      return 'unchanged: all is so already';
    case 'planned':
      return 'nothing was changed: --dry-run';
    case 'attached':
      return `attached: ${count(of('protected', 'kept'), 'method')} protected in ${report.stages.join(', ')}`;
    case 'detached':
      return `detached: ${count(of('given_back'), 'method')} as before`;
    case 'not_attached':
      return `unchanged: nothing is attached to ${report.restApiId}`;
    case 'refused':
      return `refused, and nothing was changed; see above`;
    case 'busy':
      return `another run is at work on this API, until ${until} at most; run it again then`;
    case 'unfinished':
      return 'stopped before the end; the same command goes on';
    case 'changed_meanwhile':
      return `somebody else changed the API meanwhile, and no stage serves what was not looked at; run it again when they are done: ${subjects.join(', ')}`;
    case 'authorizer_in_use':
      return `all methods are as they were, but ${subjects.join(', ')} still serves a deployment that uses the authorizer: deploy each once, then run it again`;
  }
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
