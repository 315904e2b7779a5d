import type { Step, StepName } from '../../lambda/attachment/run.ts';
import { barOf } from '../commands/status-line.ts';
import { safeText } from '../commands/terminal.ts';

const DOING: Readonly<Record<StepName, string>> = {
  read: 'reading',
  journal: 'writing down what is there',
  authorizer: 'authorizer',
  method: 'method',
  deployment: 'making a deployment',
  verify: 'looking at',
  stage: 'moving stage',
  flush: 'emptying the cache of',
  retire: 'removing authorizer',
  forget: 'cleaning the journal',
};

/** A step for who watches; of many of a kind, how far it is. */
export function stepText({ step, done, of, subject }: Step): string {
  const text = `${DOING[step]} ${safeText(subject)}`;
  return of > 1 ? `${barOf(done / of)}${text} (${done + 1} of ${of})` : text;
}
