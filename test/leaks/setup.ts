/** Before the tests of each file: watches this process, and has those that it starts watched. */
import { afterAll, expect } from 'vitest';
import { flush, isWatched, noteOutput, setOrigin } from './watch/notes.mjs';

if (isWatched) {
  setOrigin(expect.getState().testPath?.replace(/^.*\/test\//, 'test/') ?? 'tests');
  await import('./watch/watch.mjs');
  const preload = `--import=${new URL('./watch/watch.mjs', import.meta.url).href}`;
  const options = process.env['NODE_OPTIONS'] ?? '';
  if (!options.includes(preload)) process.env['NODE_OPTIONS'] = `${options} ${preload}`.trim();
  globalThis.console = watched(globalThis.console);
  afterAll(flush);
}

/** Tests spy on the console, so what is called may be another function each time. */
function watched(console: Console): Console {
  return new Proxy(console, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function' || typeof name !== 'string') return method;
      return new Proxy(method, {
        apply(call, _self, args: unknown[]) {
          noteOutput('console', name, args.map(String).join(' '));
          return Reflect.apply(call, target, args);
        },
      });
    },
  });
}
