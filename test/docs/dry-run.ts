/**
 * A block that cannot be run here, such as one that needs an AWS account: bash runs it, with commands that do nothing
 * but write down how they were called.
 */
import { execFile } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKED, commandProblems, OTHERS } from './known-commands.ts';

/** Without a way to change anything beyond the folder. */
const REAL = ['awk', 'cat', 'cut', 'grep', 'head', 'mkdir', 'sed', 'sort', 'tr'];
const RECORDER = `#!/bin/bash
printf '%s\\0' "\${0##*/}" "$@" >"$RECORDS/$$"
echo recorded
`;
const LIMIT_MS = 10_000;
/** What a reader sees as a call of ours, outside of comments. */
const OWN = /(?<![\w./-])(?:jwt-authorizer|npm run (?:-s |--silent )?cli --)(?=\s)/g;

/** @returns what is wrong with a block of shell commands. */
export async function dryRunProblems(text: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'docs-dry-'));
  try {
    const { calls, told } = await callsOf(text, folder);
    const problems = (await Promise.all(calls.map(commandProblems))).flat();
    const own = calls.filter((call) => isOwn(call)).length;
    const seen = withoutComments(text).match(OWN)?.length ?? 0;
    if (own < seen) problems.push(`${seen} commands of ours, but only ${own} were reached: ${told}`);
    return problems;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const isOwn = (call: readonly string[]): boolean =>
  call[0] === 'jwt-authorizer' ||
  call.includes('jwt-authorizer') ||
  (call[0] === 'npm' && call.includes('cli'));

const withoutComments = (text: string): string => text.replace(/(^|\s)#.*$/gm, '$1');

async function callsOf(text: string, folder: string) {
  const [bin, records, work] = ['bin', 'records', 'work'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [bin, records, work]) mkdirSync(each);
  for (const name of [...CHECKED, ...OTHERS]) {
    writeFileSync(join(bin, name), RECORDER);
    chmodSync(join(bin, name), 0o755);
  }
  for (const name of REAL) symlinkSync(`/usr/bin/${name}`, join(bin, name));
  // What is read from has to be there, and the folder of what is written.
  for (const [, name = ''] of text.matchAll(/<\s+([\w.-]+)/g)) writeFileSync(join(work, name), '');
  for (const [, path = ''] of text.matchAll(/>\s*(?:~\/)?([\w./-]+)\/[\w.-]+/g))
    mkdirSync(join(work, path), { recursive: true });
  const script = `command_not_found_handle() { printf '%s\\0' "$@" >"$RECORDS/$BASHPID"; }\n${text}`;
  const told = await bash(script, work, { PATH: bin, HOME: work, RECORDS: records, LC_ALL: 'C.UTF-8' });
  const calls = readdirSync(records).map((each) =>
    readFileSync(join(records, each), 'utf8').split('\0').slice(0, -1),
  );
  return { calls, told };
}

/** @returns what it wrote to stderr. */
function bash(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile(
      '/bin/bash',
      ['--norc', '-s'],
      { cwd, env, timeout: LIMIT_MS },
      (_error, _stdout, stderr) => resolve(stderr.trim()),
    );
    child.stdin?.end(script);
  });
}
