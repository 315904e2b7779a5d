// Bundles what runs: the functions as AWS would run them, each in a folder of its own; the command, the CDK app
// and the constructs; the console's page. Types are `tsc`'s job. The new `dist` takes the old one's place in one move, so that a gateway which runs
// from it never finds a file missing. With --metafile FILE: writes what each file is made of there, and leaves `dist` as it is.
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { slim } from './slim.mjs';

const metafile = process.argv[2] === '--metafile' ? process.argv[3] : undefined;
const staged = await mkdtemp('dist-');
// A temporary folder is its maker's alone; a build is anyone's to run.
await chmod(staged, 0o755);
const requireForCommonJs =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  splitting: true,
  banner: { js: requireForCommonJs },
  logLevel: 'warning',
  metafile: metafile !== undefined,
};
const cdk = ['aws-cdk-lib', 'constructs'];

const lambda = (name) =>
  build({
    ...common,
    entryPoints: { index: `lambda/${name}/handler.ts` },
    outdir: `${staged}/lambda/${name}`,
    outExtension: { '.js': '.mjs' },
    plugins: [slim],
    minify: true,
    legalComments: 'none',
  });

/** The console's page: for browsers, and without a byte from elsewhere. */
const buildConsole = () =>
  build({
    bundle: true,
    entryPoints: { console: 'bin/console/page/main.tsx' },
    outdir: `${staged}/console`,
    format: 'esm',
    target: ['es2022'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: metafile !== undefined,
  });

try {
  const built = await Promise.all([
    lambda('authorizer'),
    lambda('admin'),
    lambda('revocation'),
    lambda('attachment'),
    build({
      ...common,
      entryPoints: { 'jwt-authorizer': 'bin/jwt-authorizer.ts', app: 'bin/app.ts' },
      outdir: `${staged}/bin`,
      external: [...cdk, 'dynalite', 'classic-level'],
    }),
    buildConsole(),
    build({ ...common, entryPoints: { index: 'lib/index.ts' }, outdir: `${staged}/lib`, external: cdk }),
  ]);
  for (const name of ['index.html', 'console.css', 'icon.svg'])
    await copyFile(`bin/console/page/${name}`, `${staged}/console/${name}`);
  if (metafile !== undefined) {
    const outputs = Object.assign({}, ...built.map((each) => each.metafile.outputs));
    const inDist = Object.entries(outputs).map(([path, made]) => [path.replace(staged, 'dist'), made]);
    await writeFile(metafile, JSON.stringify(Object.fromEntries(inDist)));
  } else if (existsSync('dist')) await rename('dist', `${staged}/old`);
  if (metafile === undefined) await rename(staged, 'dist').catch(() => undefined);
} finally {
  await rm('dist/old', { recursive: true, force: true });
  await rm(staged, { recursive: true, force: true });
}
