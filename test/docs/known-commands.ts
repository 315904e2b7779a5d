/** Whether a command line of a page could be run: ours are read as the program itself reads them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, CommanderError } from 'commander';
import { createProgram } from '../../bin/commands/program.ts';
import { ROOT } from './pages.ts';

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Readonly<Record<string, string>>;
};
const OF_CDK = ['bootstrap', 'deploy', 'destroy', 'diff', 'init', 'list', 'ls', 'rollback', 'synth'];
const OF_NPM = ['ci', 'init', 'install', 'pack', 'test'];
/** Somebody else's: nothing is known of their options here. */
export const OTHERS = ['aws', 'curl', 'eg', 'git', 'node', 'openssl', 'tar'];
export const CHECKED = ['bash', 'cdk', 'jwt-authorizer', 'npm', 'npx'];

/** @param line a command and its arguments. @returns what is wrong with it. */
export async function commandProblems([name = '', ...args]: readonly string[]): Promise<readonly string[]> {
  const gone = args.flatMap(
    (each) => /^(?:file:\/\/)?((?:docs|test|scripts)\/[\w./-]+)$/.exec(each)?.[1] ?? [],
  );
  const problems = gone.filter((path) => !existsSync(join(ROOT, path))).map((path) => `there is no ${path}`);
  return [...problems, ...(await problemsOf(name, args))];
}

async function problemsOf(name: string, args: readonly string[]): Promise<readonly string[]> {
  const [first = '', ...rest] = args;
  switch (name) {
    case 'jwt-authorizer':
      return ownProblems(args);
    case 'npm':
      return npmProblems(args.filter((each) => !/^(?:-s|--silent)$/.test(each)));
    case 'npx':
      if (['jwt-authorizer', 'cdk'].includes(first)) return problemsOf(first, rest);
      return ['vitest', 'tsx', 'tsc', 'biome', 'eg'].includes(first) ? [] : [`npx ${first}: not known here`];
    case 'cdk':
      return OF_CDK.includes(first) ? [] : [`cdk ${first}: no such command`];
    case 'bash':
      return existsSync(join(ROOT, first)) ? [] : [`bash ${first}: no such file`];
    default:
      return OTHERS.includes(name) ? [] : [`${name}: not known here`];
  }
}

function npmProblems([verb = '', ...args]: readonly string[]):
  | Promise<readonly string[]>
  | readonly string[] {
  const own = args.includes('--') ? args.slice(args.indexOf('--') + 1) : [];
  if (verb === 'start') return ownProblems(['start', ...own]);
  if (verb !== 'run') return OF_NPM.includes(verb) ? [] : [`npm ${verb}: not known here`];
  const [script = ''] = args;
  if (!(script in scripts)) return [`npm run ${script}: no such script`];
  return script === 'cli' ? ownProblems(own) : [];
}

/** Reads arguments as the program does, and does nothing. */
async function ownProblems(args: readonly string[]): Promise<readonly string[]> {
  let told = '';
  const tell = (text: string) => {
    told += text;
  };
  const bundle = new URL('file:///nowhere/index.mjs');
  const terminal = { out: () => undefined, err: tell, stdin: process.stdin, isWatched: false, stdinBytes: 0 };
  const program = createProgram({ version: '0.0.0', bundle, terminal }, args);
  doNothing(program);
  try {
    await program.parseAsync(args, { from: 'user' });
    return [];
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? [] : [`jwt-authorizer ${args.join(' ')}: ${told.trim() || error.message}`];
  }
}

function doNothing(command: Command): void {
  if (command.commands.length === 0) command.action(() => undefined);
  for (const inner of command.commands) doNothing(inner);
}
