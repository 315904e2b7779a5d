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

/**
 * For a person: a line a check, with what to do below.
 * @param isVerbose whether each that was not checked has its own line too, and not one for all of them.
 */
export function diagnosisText({ findings }: Diagnosis, style: Style, isVerbose: boolean): string {
  const { isUnicode } = style;
  const width = Math.max(...findings.map(({ area }) => area.length));
  const indent = ' '.repeat(width + (isUnicode ? 6 : 7));
  const arrow = isUnicode ? '→' : '->';
  const line = (status: Status, area: string, text: string) =>
    `  ${markOf(TONES[status], style)} ${area.padEnd(width)}  ${status === 'not_checked' ? 'not checked: ' : ''}${text}`;
  const unchecked = findings.filter(({ status }) => status === 'not_checked');
  const isGrouped = !isVerbose && unchecked.length > 1;
  const lines = findings
    .filter((finding) => !isGrouped || !unchecked.includes(finding))
    .flatMap(({ area, status, text, remedy }) => {
      const told = line(status, area, safeText(text));
      return remedy === undefined ? [told] : [told, `${indent}${arrow} ${safeText(remedy)}`];
    });
  const grouped = isGrouped
    ? [line('not_checked', '', namesOf(unchecked)), `${indent}${arrow} --verbose says what each takes`]
    : [];
  return [...lines, ...grouped, '', summaryOf(findings), ''].join('\n');
}

/** `5 (aws credentials; api valid, expired)`: by area, with the codes that docs/init-and-doctor.md has. */
function namesOf(findings: readonly Finding[]): string {
  const areas = [...new Set(findings.map(({ area }) => area))].map((area) => {
    const codes = findings.filter((finding) => finding.area === area).map(({ code }) => code);
    return codes.length === 1 && codes[0] === area ? area : `${area} ${codes.join(', ')}`;
  });
  return `${findings.length} (${areas.join('; ')})`;
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
