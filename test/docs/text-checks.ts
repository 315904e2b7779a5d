/** Blocks that are read, and neither run nor compiled: configurations, JSON, pictures, single lines of JavaScript. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import ts from 'typescript';
import { parse } from 'yaml';
import { problemsOf } from '../config/parsing.ts';

/** What stands beside a part of a configuration. */
const REST = { jwt: { secret: 'generate', algorithms: ['HS256'] } };

const publicHalf = ({ publicKey }: ReturnType<typeof generateKeyPairSync>) =>
  Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }));
/** What a key file that a page names may hold. */
const KEY_FILES = [
  publicHalf(generateKeyPairSync('rsa', { modulusLength: 2048 })),
  publicHalf(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  randomBytes(64),
];

/** @returns what is wrong with `authorizer.config.yml`. @param isPart whether `jwt` is left out. */
export function configurationProblems(text: string, isPart = false): readonly string[] {
  try {
    const read: unknown = parse(text);
    const file = isPart && typeof read === 'object' ? { ...REST, ...read } : read;
    const tried = KEY_FILES.map((content) => problemsOf(file, () => content));
    return tried.find((problems) => problems.length === 0) ?? tried[0] ?? [];
  } catch (error) {
    return [String(error)];
  }
}

export function jsonProblems(text: string): readonly string[] {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    return [String(error)];
  }
}

/** Whether it can be read; what it calls is somebody else's. */
export function javascriptProblems(text: string): readonly string[] {
  const options = {
    reportDiagnostics: true,
    compilerOptions: { module: ts.ModuleKind.ESNext, allowJs: true },
  };
  const { diagnostics = [] } = ts.transpileModule(text, { fileName: 'sample.mjs', ...options });
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

const KINDS = /^(?:flowchart (?:LR|TD|TB)|sequenceDiagram|stateDiagram-v2)\n/;

/** Roughly what Mermaid would refuse: another kind of picture, a bracket or a block without its end. */
export function mermaidProblems(text: string): readonly string[] {
  const problems: string[] = [];
  if (!KINDS.test(text)) problems.push('it begins with no kind of picture that is used here');
  const bare = text.replace(/"[^"\n]*"/g, '');
  if (bare.includes('"')) problems.push('a quotation mark has no other');
  for (const [open, close] of [
    ['(', ')'],
    ['[', ']'],
    ['{', '}'],
  ] as const)
    if (count(bare, open) !== count(bare, close)) problems.push(`${open} and ${close} do not match`);
  const opened = bare.match(/^\s*(?:subgraph|alt|loop|opt|par|rect|critical)\b/gm)?.length ?? 0;
  const closed = bare.match(/^\s*end\s*$/gm)?.length ?? 0;
  if (opened !== closed) problems.push(`${opened} blocks begin, ${closed} end`);
  return problems;
}

const count = (text: string, character: string): number => text.split(character).length - 1;
