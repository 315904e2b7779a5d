/** The authorizer's function, built as scripts/build.mjs builds it, but of sources that differ in places. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { slim } from '../../scripts/slim.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What stands once in a file, and what is to stand there instead. */
export interface Edit {
  /** From the repository's root. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface Variant {
  /** Of `index.mjs`, below a folder `dist/lambda/authorizer`, as the package has it. */
  readonly url: URL;
  remove(): Promise<void>;
}

/** @throws where an edit finds nothing, or more than one place: a variant that is none would prove nothing. */
export async function buildVariant(edits: readonly Edit[]): Promise<Variant> {
  const cache = `${ROOT}node_modules/.cache/`;
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(`${cache}variant-`);
  const outdir = `${folder}/dist/lambda/authorizer`;
  const made = new Set<Edit>();
  await build({
    ...{ bundle: true, platform: 'node', target: 'node20', format: 'esm', splitting: true },
    absWorkingDir: ROOT,
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    entryPoints: { index: 'lambda/authorizer/handler.ts' },
    outdir,
    outExtension: { '.js': '.mjs' },
    logLevel: 'warning',
    plugins: [edited(edits, made), slim],
  });
  const missed = edits.filter((edit) => !made.has(edit)).map(({ file }) => file);
  if (missed.length > 0) throw new Error(`not part of the function: ${missed.join(', ')}`);
  return {
    url: pathToFileURL(`${outdir}/index.mjs`),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const edited = (edits: readonly Edit[], made: Set<Edit>): Plugin => ({
  name: 'edited',
  setup(built) {
    for (const file of new Set(edits.map((edit) => edit.file))) {
      const filter = new RegExp(`/${file.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
      built.onLoad({ filter }, async ({ path }) => {
        let contents = await readFile(path, 'utf8');
        for (const edit of edits) {
          if (edit.file !== file) continue;
          if (contents.split(edit.from).length !== 2) throw new Error(`${file} has not once: ${edit.from}`);
          contents = contents.replace(edit.from, () => edit.to);
          made.add(edit);
        }
        return { contents, loader: 'ts' };
      });
    }
  },
});
