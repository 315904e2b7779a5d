/** The authorizer, built or started in other ways than it is. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { slim } from '../../../scripts/slim.mjs';
import { ROOT } from '../tools.ts';
import { requireBuiltins } from './builtins.mjs';

const AS_SHIPPED: BuildOptions = {
  absWorkingDir: ROOT,
  entryPoints: { index: 'lambda/authorizer/handler.ts' },
  ...{ bundle: true, splitting: true, minify: true, platform: 'node', target: 'node20', format: 'esm' },
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.mjs' },
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  plugins: [slim],
  ...{ legalComments: 'none', logLevel: 'warning' },
};

const COMMON_JS: BuildOptions = {
  ...{ format: 'cjs', splitting: false, outExtension: { '.js': '.cjs' } },
  define: { 'import.meta.url': '__url' },
  banner: { js: "const __url = require('url').pathToFileURL(__filename).href;" },
};

/** Puts other text into a source file. @throws when what it replaces is not there: the variant would be none. */
const edit = (file: string, from: string, to: string): Plugin => ({
  name: 'edit',
  setup({ onLoad }) {
    onLoad({ filter: new RegExp(`${file.replaceAll('.', '\\.')}$`) }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
      return { contents: text.replace(from, to), loader: 'ts' };
    });
  },
});

const PREFETCH = 'if (needsTable(config)) table.prefetch();';
const OPEN = "import('./table-reader.ts').then(({ openTable }) => openTable(tableName))";
const withEdit = (...plugins: Plugin[]): BuildOptions => ({ plugins: [slim, ...plugins] });

/** Names of variants, and how their build differs. */
const VARIANTS = {
  shipped: {},
  'built-ins required': { plugins: [slim, requireBuiltins] },
  'not minified': { minify: false },
  'one file': { splitting: false },
  'CommonJS, one file': COMMON_JS,
  'SDK at its first use': withEdit(edit('authorizer/handler.ts', PREFETCH, '')),
  'SDK with the function': withEdit(
    edit(
      'consumers/open-later.ts',
      OPEN,
      "Promise.resolve(require('./table-reader.ts').openTable(tableName))",
    ),
  ),
  'connection opened at init': withEdit(
    edit(
      'authorizer/handler.ts',
      PREFETCH,
      'if (needsTable(config)) void table.readRevocations().catch(() => undefined);',
    ),
  ),
} satisfies Readonly<Record<string, BuildOptions>>;

export type Variant = keyof typeof VARIANTS;

/** @returns the file that exports `handler`. */
export async function buildVariant(variant: Variant, folder: string): Promise<string> {
  const options: BuildOptions = { ...AS_SHIPPED, ...VARIANTS[variant] };
  const outdir = join(folder, variant.replaceAll(/\W+/g, '-'));
  await build({ ...options, outdir });
  return join(outdir, `index${options.outExtension?.['.js']}`);
}
