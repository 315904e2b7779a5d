/** Samples in TypeScript, compiled together against the package's own types. */
import { join } from 'node:path';
import ts from 'typescript';
import { type Block, type Problem, placeOf } from './blocks.ts';
import { ROOT } from './pages.ts';

const PRELUDE = join(ROOT, 'test/docs/prelude.d.ts');
const IMPORT = /^import .*?;$/gms;

/** A sample may stand in a construct's constructor: `this` is one. */
const wrapped = (text: string): string => {
  const imports = text.match(IMPORT) ?? [];
  // Lines stay where they are.
  const body = text.replace(IMPORT, (each) => each.replace(/[^\n]/g, ''));
  return `${imports.join(' ').replaceAll('\n', ' ')} import type { Construct as Scope } from 'constructs'; export async function sample(this: Scope) {\n${body}}\n`;
};

/** @returns what the compiler says of them, at the lines where they stand. */
export function typescriptProblems(samples: readonly Block[]): readonly Problem[] {
  const options: ts.CompilerOptions = {
    ...readOptions(),
    noUnusedLocals: false,
    paths: { 'apigateway-jwt-authorizer': [join(ROOT, 'lib/index.ts')] },
  };
  const texts = new Map(samples.map((sample, i) => [join(ROOT, `test/docs/sample-${i}.ts`), sample]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) => {
    const sample = texts.get(name);
    return sample
      ? ts.createSourceFile(name, wrapped(sample.text), ts.ScriptTarget.ES2023)
      : getSourceFile(name, ...rest);
  };
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.readFile = (name) => texts.get(name)?.text ?? readFile(name);
  const program = ts.createProgram([PRELUDE, ...texts.keys()], options, host);
  const prelude = program.getSourceFile(PRELUDE);
  const ofPrelude = program
    .getSemanticDiagnostics(prelude)
    .map((each) => problemOf(each, 'test/docs/prelude.d.ts'));
  return [
    ...ofPrelude,
    ...[...texts].flatMap(([name, sample]) => {
      const file = program.getSourceFile(name);
      const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
      return found.map((each) =>
        problemOf(each, placeOf({ page: sample.page, line: sample.line + lineIn(each) })),
      );
    }),
  ];
}

const lineIn = ({ file, start = 0 }: ts.Diagnostic): number =>
  file?.getLineAndCharacterOfPosition(start).line ?? 0;

const problemOf = ({ code, messageText }: ts.Diagnostic, at: string): Problem => ({
  at,
  code: `TS${code}`,
  text: ts.flattenDiagnosticMessageText(messageText, ' '),
});

function readOptions(): ts.CompilerOptions {
  const path = join(ROOT, 'tsconfig.json');
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  return ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, ROOT).options;
}
