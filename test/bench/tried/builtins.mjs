import { builtinModules } from 'node:module';

const NAMES = builtinModules.filter((name) => !name.startsWith('_')).join('|');

/**
 * An esbuild plugin: Node's own modules are required, not imported. What is imported has all its exports read at once, also those
 * that Node.js loads when they are first asked for, such as the streams of `fs`. Tried, and not kept:
 * see docs/performance-tried.md.
 */
export const requireBuiltins = {
  name: 'require-builtins',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(?:node:)?(?:${NAMES})$`) }, ({ path, kind, namespace }) => {
      if (namespace === 'builtin') return { path, external: true };
      return kind === 'import-statement' ? { path, namespace: 'builtin', sideEffects: false } : undefined;
    });
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};
