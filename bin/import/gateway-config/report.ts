import type { Finding, Findings } from './finding.ts';

/** One line a finding, its code at the end. */
export function findingLines(kind: string, findings: readonly Finding[]): string {
  return findings
    .map(({ code, path, message }) => `${kind}: ${path === '' ? '' : `${path}: `}${message} (${code})\n`)
    .join('');
}

/** What a person should know of an import that can be done. */
export function reportOf({ warnings, leftOut }: Findings): string {
  return `${findingLines('warning', warnings)}${findingLines('left out', leftOut)}`;
}

/** Why it cannot be done: every reason at once. */
export function refusalOf(file: string, { problems }: Findings): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const lines = problems.map(
    ({ code, path, message }) => `  ${path === '' ? '' : `${path}: `}${message} (${code})`,
  );
  return `${file}: ${count}, nothing was written\n${lines.join('\n')}`;
}
