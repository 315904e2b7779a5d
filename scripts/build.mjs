// Bundles what runs: the authorizer as AWS would run it, and the command. Types are `tsc`'s job.
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

const require =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  splitting: true,
  banner: { js: require },
  logLevel: 'warning',
};

await rm('dist', { recursive: true, force: true });
await Promise.all([
  build({
    ...common,
    entryPoints: { index: 'lambda/authorizer/handler.ts' },
    outdir: 'dist/lambda/authorizer',
    outExtension: { '.js': '.mjs' },
    minify: true,
    metafile: true,
  }),
  build({
    ...common,
    entryPoints: { 'jwt-authorizer': 'bin/jwt-authorizer.ts', app: 'bin/app.ts' },
    outdir: 'dist/bin',
    external: ['aws-cdk-lib', 'constructs', 'cdk-nag', 'dynalite', 'classic-level'],
  }),
  build({
    ...common,
    entryPoints: { index: 'lib/index.ts' },
    outdir: 'dist/lib',
    external: ['aws-cdk-lib', 'constructs'],
  }),
]);
