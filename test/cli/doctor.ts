/** `doctor` in this process: what it found, by code. */
import { expect } from 'vitest';
import type { Diagnosis, Finding } from '../../bin/doctor/finding.ts';
import { configFile } from '../e2e/command.ts';
import { OTHER_SECRET, SECRET } from '../e2e/tokens.ts';
import type { ConfigFile } from '../support/gateway.ts';
import { cli } from './cli.ts';

export interface Examined {
  readonly code: number;
  readonly outcome: Diagnosis['outcome'];
  /** `status code`, of one area. */
  found(area: Finding['area']): readonly string[];
  finding(code: string): Finding | undefined;
  readonly text: string;
}

/** As JSON and as text, neither of which shows a token or a secret. */
export async function doctor(
  file: ConfigFile | string,
  args: readonly string[] = [],
  stdin = '',
): Promise<Examined> {
  const all = ['doctor', '--config', await configFile(file), ...args];
  const [json, text] = [await cli([...all, '--json'], stdin), await cli(all, stdin)];
  expect({ stderr: json.stderr, code: text.code }).toEqual({ stderr: '', code: json.code });
  const written = json.stdout + text.stdout;
  for (const secret of [SECRET, OTHER_SECRET]) expect(written).not.toContain(secret);
  expect(written).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
  const { outcome, findings } = JSON.parse(json.stdout) as Diagnosis;
  // Whatever is not right says what to do.
  for (const { status, remedy, code } of findings)
    if (status === 'warning' || status === 'unknown')
      expect([code, remedy]).toEqual([code, expect.any(String)]);
  return {
    code: json.code,
    outcome,
    found: (area) =>
      findings.filter((one) => one.area === area).map(({ status, code }) => `${status} ${code}`),
    finding: (code) => findings.find((one) => one.code === code),
    text: text.stdout,
  };
}
