import type { ExplainedStep, Explanation } from './explanation.ts';
import { show, showPath } from './show.ts';

const MARKS: Readonly<Record<ExplainedStep['outcome'], readonly [unicode: string, plain: string]>> = {
  passed: ['✓', 'ok'],
  denied: ['✗', 'NO'],
  failed: ['✗', 'NO'],
  unknown: ['?', '? '],
  noted: ['·', '- '],
  skipped: ['·', '- '],
};

/** For a person: the answer first, then a line a step, what to do below the one that ended it. */
export function explanationText(explanation: Explanation, isUnicode: boolean): string {
  const shown = explanation.steps.filter(({ outcome }) => outcome !== 'skipped');
  const width = Math.max(...shown.map((step) => labelOf(step).length), 'revoking'.length);
  const mark = (outcome: ExplainedStep['outcome']) => MARKS[outcome][isUnicode ? 0 : 1];
  const line = (outcome: ExplainedStep['outcome'], label: string, text: string) =>
    `  ${mark(outcome)} ${label.padEnd(width)}  ${text}`;
  const indent = ' '.repeat(width + (isUnicode ? 6 : 7));
  const arrow = isUnicode ? '→' : '->';
  const lines = shown.flatMap((step) => {
    const { outcome, code, text, remedy } = step;
    const unvouched = step.verified === false ? ' (unverified)' : '';
    const because = code === undefined ? '' : `  [${code}]`;
    const told = line(outcome, labelOf(step), `${text}${unvouched}${because}`);
    return remedy === undefined ? [told] : [told, `${indent}${arrow} ${remedy}`];
  });
  const { cache, revocation, decision } = explanation;
  const lasting = [line('noted', 'cache', cache.text)];
  // Of use to who is let in: how soon that can be ended.
  if (decision === 'allowed') lasting.push(line('noted', 'revoking', revocation.text));
  return [headline(explanation), '', ...lines, ...lasting, ''].join('\n');
}

function headline({ decision, code, request, response, at }: Explanation): string {
  const { method, path } = request;
  const status = response.status === null ? '' : ` ${response.status}`;
  const because = code === undefined ? '' : `, ${code}`;
  return `${show(method)} ${showPath(path)}: ${decision}${status}${because} (at ${at})`;
}

const labelOf = ({ step, name }: ExplainedStep): string => (step === 'claim' ? (name ?? step) : step);
