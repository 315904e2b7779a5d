import { readFile } from 'node:fs/promises';

/** What a function is built without, and why it does not miss it. */
const REPLACED = {
  // The AWS SDK parses a browser's name with it, in code that a function never runs.
  bowser: 'export default {};',
  // For streams of events, of which no operation that we call has one.
  '@smithy/core/event-streams': 'export {};',
};

/** An esbuild plugin. */
export const slim = {
  name: 'slim',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(?:${Object.keys(REPLACED).join('|')})$`) }, ({ path }) => ({
      path,
      namespace: 'slim',
      sideEffects: false,
    }));
    build.onLoad({ filter: /.*/, namespace: 'slim' }, ({ path }) => ({ contents: REPLACED[path] }));
    // Each of the 140 errors of Systems Manager registers itself, which keeps them all in the bundle. An error
    // that is not registered is thrown all the same, with its name.
    build.onLoad(
      { filter: /@aws-sdk[\\/]client-ssm[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/ },
      async ({ path }) => ({
        contents: (await readFile(path, 'utf8')).replace(/^(\w+\.registerError\()/gm, '/* @__PURE__ */ $1'),
      }),
    );
  },
};
