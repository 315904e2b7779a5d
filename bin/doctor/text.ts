import { markOf, type Style, type Tone } from '../commands/style.ts';
import { safeText } from '../commands/terminal.ts';
import type { Diagnosis, Finding, Status } from './finding.ts';

const TONES: Readonly<Record<Status, Tone>> = {
  ok: 'good',
  warning: 'careful',
  problem: 'bad',
  unknown: 'open',
  not_checked: 'quiet',
};

/** For a person: a line a check, with what to do below. */
export function diagnosisText({ findings }: Diagnosis, style: Style): string {
  const { isUnicode } = style;
  const width = Math.max(...findings.map(({ area }) => area.length));
  const indent = ' '.repeat(width + (isUnicode ? 6 : 7));
  const arrow = isUnicode ? '→' : '->';
  const lines = findings.flatMap(({ area, status, text, remedy }) => {
    const told = `  ${markOf(TONES[status], style)} ${area.padEnd(width)}  ${status === 'not_checked' ? 'not checked: ' : ''}${safeText(text)}`;
    return remedy === undefined ? [told] : [told, `${indent}${arrow} ${safeText(remedy)}`];
  });
  return [...lines, '', summaryOf(findings), ''].join('\n');
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (status: Status) => findings.filter((finding) => finding.status === status).length;
  const counted = (status: Status, one: string, several: string) =>
    count(status) === 0 ? [] : [`${count(status)} ${count(status) === 1 ? one : several}`];
  return [
    `${count('ok')} ok`,
    ...counted('warning', 'warning', 'warnings'),
    ...counted('problem', 'problem', 'problems'),
    ...counted('unknown', 'cannot be told', 'cannot be told'),
    ...counted('not_checked', 'not checked', 'not checked'),
  ].join(', ');
}
