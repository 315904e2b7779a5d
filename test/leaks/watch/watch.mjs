// `node --import` of every process that a test starts, and the first thing in those that run tests.
import { isWatched } from './notes.mjs';

const STARTED = Symbol.for('leak watch');
if (isWatched && !(STARTED in globalThis)) {
  Object.defineProperty(globalThis, STARTED, { value: true });
  await import('./secrets.mjs');
  await import('./outputs.mjs');
}
