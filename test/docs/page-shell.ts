/**
 * The terminal of somebody who reads a page: one bash from its first block to its last, in a folder that looks like a
 * checkout. A gateway that a line starts goes on behind it, on ports of its own; 8080 and 9876 in later
 * lines are then its. The next start ends it, as Ctrl-C would.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { builtPackage } from '../support/gateway.ts';
import { ROOT } from './pages.ts';

const LINE_LIMIT_MS = 60_000;
const START_LIMIT_MS = 20_000;

/** `npm install` has been done; whatever else asks the registry, tests again or goes elsewhere is not for here. */
const SHIMS: Readonly<Record<string, string>> = {
  'jwt-authorizer': `case "$1" in
  start) exec node "$PACKAGE/dist/bin/jwt-authorizer.js" "$@" --port 0 --admin-port 0 ;;
  *) exec node "$PACKAGE/dist/bin/jwt-authorizer.js" "$@" ;;
esac`,
  npm: `case "$1" in
  install) [ $# = 1 ] ;;
  start) shift; [ "$1" = -- ] && shift; exec jwt-authorizer start "$@" ;;
  run) [ "$*" = 'run synth' ] || [ "$2 $3 $4" = '-s cli --' ] && exec /usr/bin/env PATH="$REAL_PATH" npm "$@" ;;
  *) false ;;
esac || { echo "npm $*: not in a page's shell" >&2; exit 97; }`,
  npx: `case "$1" in
  jwt-authorizer) shift; exec jwt-authorizer "$@" ;;
  cdk) [ "$2" = synth ] && exec /usr/bin/env PATH="$REAL_PATH" npx --no "$@" ;;
  *) false ;;
esac || { echo "npx $*: not in a page's shell" >&2; exit 97; }`,
  aws: `echo "aws: there is no account in a page's shell" >&2; exit 97`,
  curl: `PATH="$REAL_PATH" exec curl --silent --show-error --max-time 20 --write-out '%{stderr}\\n##status %{http_code}\\n' "$@"`,
};
const STARTS = /(?:^|&& *)(?:npm|(?:npx )?jwt-authorizer|npm run -s cli --) start\b/;
const STATUS = /^##status (\d{3})$/gm;

export interface LineResult {
  readonly statement: string;
  readonly output: string;
  readonly problem: string | undefined;
}

export interface PageShell {
  /** A file of the folder, with its folders. */
  write(name: string, text: string): void;
  /** Runs a block's lines until one does not do what it says. */
  run(text: string): Promise<readonly LineResult[]>;
  /** Makes sure that a gateway serves. */
  serve(): Promise<LineResult>;
  close(): Promise<void>;
}

export async function openPageShell(): Promise<PageShell> {
  const folder = mkdtempSync(join(tmpdir(), 'docs-page-'));
  const work = join(folder, 'checkout');
  const bash = startBash(folder, work, await makeFolder(folder, work));
  const ports = new Map<string, string>();
  let served = 0;
  const execute = async (statement: string): Promise<LineResult> => {
    const text = [...ports].reduce((all, [from, to]) => all.replaceAll(from, to), statement);
    if (STARTS.test(withoutComment(text))) return begin(statement, withoutComment(text));
    const { output, code } = await bash.evaluate(text);
    const statuses = [...output.matchAll(STATUS)].map(([, status = '']) => status);
    const problem = problemOf(statement, code, statuses);
    const told = output.replace(STATUS, '').trim();
    return { statement, output: told, problem: problem && `${problem}: ${told.slice(-1_000)}` };
  };
  const begin = async (statement: string, text: string): Promise<LineResult> => {
    served += 1;
    const file = join(folder, `serving-${served}`);
    writeFileSync(file, '');
    await bash.evaluate(`[ -z "$SERVING" ] || { kill -TERM -- -$SERVING; wait $SERVING; }
( ${text}

echo '##ended'
) >${file} 2>&1 & SERVING=$!`);
    const output = () => readFileSync(file, 'utf8');
    const isSettled = () => /^(?:ready: |##ended)/m.test(output());
    await vi.waitUntil(isSettled, { interval: 20, timeout: START_LIMIT_MS });
    const gateway = /^ready: http:\/\/(127\.0\.0\.1:\d+)/m.exec(output())?.[1];
    const admin = /^Admin API: http:\/\/(127\.0\.0\.1:\d+)/m.exec(output())?.[1];
    if (gateway) ports.set('127.0.0.1:8080', gateway);
    if (admin) ports.set('127.0.0.1:9876', admin);
    return { statement, output: output(), problem: gateway ? undefined : `it does not serve: ${output()}` };
  };
  return {
    write(name, text) {
      mkdirSync(dirname(join(work, name)), { recursive: true });
      writeFileSync(join(work, name), text);
    },
    async run(text) {
      const results: LineResult[] = [];
      for (const statement of statementsOf(text)) {
        const result = await execute(statement);
        results.push(result);
        if (result.problem) break;
      }
      return results;
    },
    serve: () => execute('jwt-authorizer start'),
    async close() {
      await bash.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @returns the environment of what runs there. */
async function makeFolder(folder: string, work: string): Promise<NodeJS.ProcessEnv> {
  const bin = join(folder, 'bin');
  for (const each of [work, bin]) mkdirSync(each);
  for (const [name, script] of Object.entries(SHIMS)) {
    writeFileSync(join(bin, name), `#!/bin/bash\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  mkdirSync(join(work, 'scripts'));
  for (const name of ['package.json', 'authorizer.config.yml', 'scripts/cli.mjs'])
    copyFileSync(join(ROOT, name), join(work, name));
  // Built it is already.
  const { build: _, ...cdk } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  writeFileSync(join(work, 'cdk.json'), JSON.stringify(cdk));
  const built = fileURLToPath(await builtPackage());
  symlinkSync(join(built, 'dist'), join(work, 'dist'));
  for (const name of ['schema', 'node_modules']) symlinkSync(join(ROOT, name), join(work, name));
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:AWS_|CDK_|npm_|NODE_OPTIONS$|VITEST)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    PATH: `${bin}:${process.env['PATH']}`,
    REAL_PATH: process.env['PATH'],
    PACKAGE: built,
    HOME: folder,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    NO_COLOR: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
    npm_config_update_notifier: 'false',
  };
}

function startBash(folder: string, cwd: string, env: NodeJS.ProcessEnv) {
  // A group of its own, with job control for what goes on behind.
  const child = spawn('/bin/bash', ['--norc', '-s'], {
    cwd,
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.write('set -o pipefail -m; SERVING=\n');
  const out = join(folder, 'output');
  const evaluate = async (text: string) => {
    const quoted = `'${text.replaceAll("'", "'\\''")}'`;
    const done = once(child.stdout, 'data', { signal: AbortSignal.timeout(LINE_LIMIT_MS) });
    child.stdin.write(`{ eval ${quoted}; } </dev/null >${out} 2>&1; echo $?\n`);
    const [code] = await done;
    return { code: Number(String(code)), output: readFileSync(out, 'utf8') };
  };
  return { evaluate, close: () => closeBash(child) };
}

async function closeBash(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin?.end('[ -z "$SERVING" ] || { kill -TERM -- -$SERVING; wait $SERVING; } 2>/dev/null\n');
  await ended;
}

const withoutComment = (statement: string): string => statement.replace(/\s+#.*$/gm, '');

/**
 * What a line must do is said behind it: `# 401 …` for a curl, `# exits with 3 …`. Otherwise it succeeds.
 * @param statuses of its requests, in order
 */
function problemOf(statement: string, code: number, statuses: readonly string[]): string | undefined {
  const comment = /(?:^|\s)#(.*)$/.exec(statement)?.[1] ?? '';
  const wanted = Number(/exits with (\d+)/.exec(comment)?.[1] ?? 0);
  if (code !== wanted) return `exit code ${code}`;
  const status = /^\s*(\d{3})\b/.exec(comment)?.[1];
  if (status && statuses.at(-1) !== status) return `status ${statuses.at(-1)} instead of ${status}`;
  if (!status && statuses.some((each) => each >= '400')) return `status ${statuses.join(', ')}`;
  return undefined;
}

/** A block's lines, put together where bash would wait for more. */
export function statementsOf(text: string): readonly string[] {
  const statements: string[] = [];
  let open = '';
  for (const line of text.split('\n')) {
    if (open === '' && /^\s*(?:#|$)/.test(line)) continue;
    open += open === '' ? line : `\n${line}`;
    if (!isWhole(open)) continue;
    statements.push(open);
    open = '';
  }
  return open === '' ? statements : [...statements, open];
}

function isWhole(text: string): boolean {
  if (text.endsWith('\\')) return false;
  try {
    // For a here-document without its end it only warns.
    return (
      execFileSync('/bin/bash', ['-n', '-c', `exec 2>&1\n${text}`], { stdio: 'pipe' }).length === 0 &&
      !hasOpenHereDocument(text)
    );
  } catch {
    return false;
  }
}

function hasOpenHereDocument(text: string): boolean {
  const [, word] = /<<-?\s*['"]?(\w+)['"]?/.exec(text) ?? [];
  return word !== undefined && !new RegExp(`\n${word}$`).test(text);
}
