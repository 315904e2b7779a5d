/** What one check found. Never holds a token, a key or a secret. */
export interface Finding {
  readonly area: Area;
  /** Stable; what programs match. */
  readonly code: string;
  readonly status: Status;
  readonly text: string;
  /** What to do about it; of what was not checked, what it takes. */
  readonly remedy?: string;
}

/** In the order in which they are looked at. */
export const AREAS = ['config', 'aws', 'keys', 'table', 'api', 'platform'] as const;
export type Area = (typeof AREAS)[number];

/**
 * `unknown`: it was tried, and nobody can tell from here. `not_checked`: it was not tried, since something was not given,
 * or since nobody can see it from outside.
 */
export type Status = 'ok' | 'warning' | 'problem' | 'unknown' | 'not_checked';

export interface Diagnosis {
  /** The worst of what was checked; what was not checked says nothing. */
  readonly outcome: 'ok' | 'warnings' | 'problems' | 'unknown';
  readonly findings: readonly Finding[];
}

export function diagnosisOf(findings: readonly Finding[]): Diagnosis {
  const has = (status: Status) => findings.some((finding) => finding.status === status);
  const outcome = has('problem')
    ? 'problems'
    : has('unknown')
      ? 'unknown'
      : has('warning')
        ? 'warnings'
        : 'ok';
  return { outcome, findings };
}

/** Findings of one area. */
export const findingsIn = (area: Area) => {
  const finding =
    (status: Status) =>
    (code: string, text: string, remedy?: string): Finding => ({
      ...{ area, code, status, text },
      ...(remedy !== undefined && { remedy }),
    });
  return {
    ok: (code: string, text: string) => finding('ok')(code, text),
    warning: finding('warning'),
    problem: finding('problem'),
    unknown: finding('unknown'),
    /** @param remedy what it takes to check it. */
    notChecked: finding('not_checked'),
    /** A sentence of another command's: what it is, and after a semicolon what to do. */
    saying(status: Status, code: string, message: string): Finding {
      const [text = '', ...rest] = message.split('; ');
      return finding(status)(code, text, rest.length === 0 ? undefined : rest.join('; '));
    },
  };
};
