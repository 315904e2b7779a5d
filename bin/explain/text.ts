import { markOf, type Style, type Tone } from '../commands/style.ts';
import type { ExplainedStep, Explanation } from './explanation.ts';
import { show, showPath } from './show.ts';

const TONES: Readonly<Record<ExplainedStep['outcome'], Tone>> = {
  passed: 'good',
  denied: 'bad',
  failed: 'bad',
  unknown: 'open',
  noted: 'quiet',
  skipped: 'quiet',
};

/** For a person: the answer first, then a line a step, what to do below the one that ended it. */
export function explanationText(explanation: Explanation, style: Style): string {
  const shown = explanation.steps.filter(({ outcome }) => outcome !== 'skipped');
  const width = Math.max(...shown.map((step) => labelOf(step).length), 'revoking'.length);
  const { isUnicode } = style;
  const line = (outcome: ExplainedStep['outcome'], label: string, text: string) =>
    `  ${markOf(TONES[outcome], style)} ${label.padEnd(width)}  ${text}`;
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
