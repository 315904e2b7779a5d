import { inspect } from 'node:util';
import { noteOutput } from './watch/notes.mjs';

/** What a function answers or throws, noted on its way: AWS writes an error with its stack into the log. */
export async function noted<T>(answer: Promise<T>): Promise<T> {
  try {
    const value = await answer;
    noteOutput('answer', 'function', JSON.stringify(value) ?? '');
    return value;
  } catch (error) {
    noteOutput('error', 'function', inspect(error, { depth: 10 }));
    throw error;
  }
}
