// What a process of a test run keeps secret, and what it lets out, a JSON line each in files of the run's folder.
// Lines are gathered and written together; a process that is killed loses the last tenth of a second.
import { appendFileSync } from 'node:fs';
import { threadId } from 'node:worker_threads';

const folder = process.env.LEAK_WATCH_FOLDER;
const FLUSH_AFTER_MS = 100;
const FLUSH_AT_CHARACTERS = 1 << 18;
/** Beyond it, what was noted once may be noted twice. */
const REMEMBERED_AT_MOST = 50_000;

// As they are before a test fakes them.
const { setTimeout } = globalThis;
const { stringify } = JSON;

export const isWatched = folder !== undefined;

/** The words of a command line before its options and what they name. */
export const commandIn = (args) => {
  const end = args.findIndex((arg) => !/^[a-z-]+$/.test(arg) || arg.startsWith('-'));
  return args.slice(0, end === -1 ? undefined : end).join(' ');
};

/** What runs: a test file, or a program with its command. */
const [, program = '', ...args] = process.argv;
let origin = `${program.replace(/.*\//, '')} ${commandIn(args)}`.trim();
export const setOrigin = (name) => {
  origin = name;
};

const channel = (name) => {
  const file = `${folder}/${name}-${process.pid}-${threadId}.jsonl`;
  const noted = new Set();
  let lines = [];
  let characters = 0;
  let isDue = false;
  const flush = () => {
    isDue = false;
    if (lines.length === 0) return;
    const text = `${lines.join('\n')}\n`;
    lines = [];
    characters = 0;
    try {
      appendFileSync(file, text);
    } catch (error) {
      // A process that outlives its run: the folder is gone.
      if (error.code !== 'ENOENT') throw error;
    }
  };
  const add = (note) => {
    if (!isWatched) return;
    const line = stringify(note);
    if (noted.has(line)) return;
    if (noted.size >= REMEMBERED_AT_MOST) noted.clear();
    noted.add(line);
    lines.push(line);
    characters += line.length;
    if (characters > FLUSH_AT_CHARACTERS) flush();
    else if (!isDue) {
      isDue = true;
      setTimeout(flush, FLUSH_AFTER_MS).unref();
    }
  };
  return { add, flush };
};

const secrets = channel('secrets');
const outputs = channel('outputs');

export function flush() {
  secrets.flush();
  outputs.flush();
}
process.on('exit', flush);

/** @param kind `secret`, `private_key` or `signature`. @param bytes what may not show. @param input of a signature: what it signs. */
export function noteSecret(kind, bytes, input) {
  secrets.add({ kind, hex: Buffer.from(bytes).toString('hex'), input });
}

/** @param sink the way out. @param by who wrote it: a file, a package or a function of a bundle. */
export function noteOutput(sink, by, text) {
  if (text !== '') outputs.add({ sink, by, text, origin });
}
