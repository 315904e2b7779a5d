import { resolve } from 'node:path';
import { Command } from 'commander';
import { CommandFailure, WrongUsage } from '../consumers/failure.ts';
import { type Conversion, convertGatewayConfig } from '../import/gateway-config/convert.ts';
import { gatewayFileReader } from '../import/gateway-config/key-file.ts';
import { outputFiles, SECRETS_FOLDER, secretPath } from '../import/gateway-config/output.ts';
import { readRegularFile } from '../import/gateway-config/regular-file.ts';
import { refusalOf, reportOf } from '../import/gateway-config/report.ts';
import { UnfitFolder } from '../import/gateway-config/secrets-folder.ts';
import {
  checkPlaces,
  type FileState,
  type OutputFile,
  stateOf,
  writeFiles,
} from '../import/gateway-config/write.ts';
import { examples } from './place-options.ts';
import { jsonText, type Terminal } from './terminal.ts';

/** Of a gateway.config.yml. */
const MOST_BYTES = 262_144;

interface Options {
  readonly out: string;
  readonly pipeline?: string;
  readonly scopeClaim?: string;
  readonly base?: string;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

/** `import gateway-config`: Express Gateway's configuration becomes ours. */
export function importGatewayConfigCommand(terminal: Terminal): Command {
  return new Command('gateway-config')
    .description("Make authorizer.config.yml of Express Gateway's gateway.config.yml")
    .argument('<file>', 'gateway.config.yml; variables in it are taken from the environment')
    .option('--out <file>', 'the configuration to write', 'authorizer.config.yml')
    .option('--pipeline <name>', 'import this pipeline alone')
    .option('--scope-claim <claim>', "the token's claim that has its scopes, where callers are not looked up")
    .option('--base <folder>', 'the folder that Express Gateway was started in; key files are relative to it')
    .option('--dry-run', 'show what would be written, and write nothing', false)
    .option('--force', 'replace what is there', false)
    .option('--json', 'one JSON object on stdout, no messages', false)
    .addHelpText(
      'after',
      `${examples(
        'import gateway-config config/gateway.config.yml --dry-run',
        'import gateway-config config/gateway.config.yml --pipeline orders --out orders.config.yml',
        'import gateway-config config/gateway.config.yml --scope-claim scope --force',
      )}

Secrets go to files of their own in ${SECRETS_FOLDER}/ beside the configuration, readable by you alone.`,
    )
    .action((file: string, options: Options) => importFile(terminal, file, options));
}

/** @throws CommandFailure when it cannot be done; then nothing was written. */
function importFile(terminal: Terminal, file: string, options: Options): void {
  const { out, dryRun, force, json } = options;
  if (resolve(file) === resolve(out)) throw new WrongUsage('--out is the file that is read; name another');
  const conversion = convertFile(file, options);
  if (!json) terminal.err(reportOf(conversion));
  const { result } = conversion;
  if (result === undefined) {
    if (json) terminal.out(`${jsonText(findingsOf(conversion), 0)}\n`);
    throw new CommandFailure(refusalOf(file, conversion));
  }
  const plan = planOf(outputFiles(result, out));
  const isWriting = !dryRun && !plan.isDone;
  const refusal = plan.isDone ? undefined : refusalOfPlan(plan, force);
  if (isWriting && refusal !== undefined) throw new CommandFailure(`${refusal}; nothing was written`);
  if (isWriting) onDisk(() => writeFiles(plan.files), 'cannot be written');
  if (json) {
    const secretFiles = plan.files.filter(({ isSecret }) => isSecret).map(({ path }) => path);
    const { config } = result;
    const files = plan.files.map(({ path }, i) => ({ path, state: plan.states[i] }));
    terminal.out(
      `${jsonText({ out, secretFiles, files, ...(refusal !== undefined && { refusal }), written: isWriting, config, ...findingsOf(conversion) }, 0)}\n`,
    );
    return;
  }
  if (dryRun) terminal.out(result.yaml);
  terminal.err(`${summaryOf(plan, { dryRun, refusal })}\n`);
}

function convertFile(file: string, { out, base, pipeline, scopeClaim }: Options): Conversion {
  const bytes = onDisk(() => readRegularFile(file, MOST_BYTES), 'cannot be read');
  if (bytes === undefined)
    throw new CommandFailure(`${file} is no regular file of at most ${MOST_BYTES} bytes`);
  let text: string;
  try {
    // Fatal: replacement characters in the place of bytes would make another secret.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CommandFailure(`${file} is no UTF-8 text`);
  }
  return convertGatewayConfig(text, {
    variables: process.env,
    readFile: gatewayFileReader(file, base),
    secretPath: (index) => secretPath(out, index),
    pipeline,
    scopeClaim,
  });
}

function findingsOf({ problems, warnings, leftOut }: Conversion) {
  return { problems, warnings, leftOut };
}

interface Plan {
  readonly files: readonly OutputFile[];
  /** Of each file. */
  readonly states: readonly FileState[];
  readonly isDone: boolean;
}

function planOf(files: readonly OutputFile[]): Plan {
  const states = files.map((file) => onDisk(() => stateOf(file), 'cannot be read'));
  return { files, states, isDone: states.every((state) => state === 'same') };
}

/** Why it cannot be written; undefined where it can. */
function refusalOfPlan(plan: Plan, force: boolean): string | undefined {
  const foreign = pathsThatAre('foreign', plan);
  if (foreign.length > 0) return `${foreign.join(' and ')} is there and no file; give another --out`;
  try {
    onDisk(() => checkPlaces(plan.files), 'cannot be read');
  } catch (error) {
    if (error instanceof CommandFailure) return error.message;
    throw error;
  }
  const different = pathsThatAre('different', plan);
  if (different.length === 0 || force) return undefined;
  return `${different.join(' and ')} would become another; compare with --dry-run, then give another --out, or --force to replace what is there`;
}

function pathsThatAre(state: FileState, { files, states }: Plan): readonly string[] {
  return files.filter((_, i) => states[i] === state).map(({ path }) => path);
}

const WOULD_BE: Readonly<Record<FileState, string>> = {
  absent: 'new',
  same: 'unchanged',
  exposed: 'closed to others',
  different: 'replaced',
  foreign: 'refused',
};

function summaryOf(
  { files, states, isDone }: Plan,
  { dryRun, refusal }: { dryRun: boolean; refusal: string | undefined },
): string {
  const names = files.map(({ path }) => path).join(' and ');
  if (isDone) return `unchanged: ${names}`;
  if (!dryRun) return `written: ${names}`;
  const would = files.map(({ path }, i) => `${path} (${WOULD_BE[states[i] ?? 'absent']})`).join(' and ');
  return refusal === undefined ? `would be written: ${would}` : `would be refused: ${refusal}`;
}

/** @throws CommandFailure for what the file system refuses. */
function onDisk<T>(work: () => T, what: string): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UnfitFolder) throw new CommandFailure(error.message);
    if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error;
    const path = 'path' in error ? String(error.path) : 'a file';
    throw new CommandFailure(`${path} ${what} (${String(error.code)})`);
  }
}
