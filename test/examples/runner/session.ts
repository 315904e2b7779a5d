import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer, Step } from './header.ts';

/** How it went, by line: what was answered, and why no more was run, if not all was. */
export interface Ran {
  readonly answers: ReadonlyMap<number, Answer>;
  /** With all that was written; undefined: every command ended with 0. */
  readonly failure: string | undefined;
}

export interface Place {
  readonly folder: string;
  /** Beside the process's own. */
  readonly env?: Readonly<Record<string, string>>;
}

const PREAMBLE = join(import.meta.dirname, 'curl.sh');

/** Runs an example's commands in their order, in one shell, until one fails. */
export async function runSteps(steps: readonly Step[], { folder, env = {} }: Place): Promise<Ran> {
  const answersFolder = mkdtempSync(join(tmpdir(), 'jwt-authorizer-example-'));
  try {
    const script = join(answersFolder, 'script');
    const lines = steps.map(
      ({ line, command }) => `LINE=${line}\neval ${quoted(command)} </dev/null || fail`,
    );
    writeFileSync(script, ['set -u -o pipefail', `source ${quoted(PREAMBLE)}`, ...lines].join('\n'));
    const { status, written } = await bash(script, folder, { ...env, ANSWERS: answersFolder });
    const answers = steps.flatMap(({ line }) => {
      const answer = answerIn(answersFolder, line);
      return answer === undefined ? [] : [[line, answer] as const];
    });
    return { answers: new Map(answers), failure: status === 0 ? undefined : written };
  } finally {
    rmSync(answersFolder, { recursive: true, force: true });
  }
}

/** For bash. */
export const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

function answerIn(folder: string, line: number): Answer | undefined {
  const status = join(folder, `${line}.status`);
  if (!existsSync(status)) return undefined;
  const body = join(folder, `${line}.body`);
  return {
    status: Number(readFileSync(status, 'utf8')),
    code: existsSync(body) ? codeIn(readFileSync(body, 'utf8')) : undefined,
  };
}

function codeIn(body: string): string | undefined {
  try {
    const { code } = JSON.parse(body) as { code?: unknown };
    return code === undefined ? undefined : String(code);
  } catch {
    return undefined;
  }
}

/** @returns undefined in the place of a status: a signal. */
function bash(script: string, cwd: string, env: Readonly<Record<string, string>>) {
  return new Promise<{ status: number | null; written: string }>((resolve, reject) => {
    const child = spawn('bash', [script], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let written = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        written += text;
      });
    child.on('error', reject).on('close', (status) => resolve({ status, written }));
  });
}
