import { createInterface } from 'node:readline';
import type { Terminal } from '../commands/terminal.ts';
import { Interrupted } from '../consumers/failure.ts';

export interface Question<T> {
  readonly text: string;
  /** Taken where nothing is typed; undefined: something must be. */
  readonly byDefault?: string;
  /** @returns the answer, or what is wrong with it: then it is asked again. */
  readonly read: (typed: string) => Answer<T> | Promise<Answer<T>>;
}

export type Answer<T> = { readonly value: T } | { readonly objection: string };

export interface Choice<T> {
  readonly text: string;
  readonly value: T;
}

/** Asks who sits at the terminal. */
export interface Asker {
  ask<T>(question: Question<T>): Promise<T>;
  /** By number; the first is the default. */
  choose<T>(text: string, choices: readonly Choice<T>[]): Promise<T>;
  tell(text: string): void;
  /** Lets go of the input: a terminal that is still read would keep the process from its end. */
  close(): void;
}

/**
 * @param signal aborted by Ctrl-C.
 * Its questions reject with Interrupted after that, and where the input ends.
 */
export function createAsker({ stdin, err }: Pick<Terminal, 'stdin' | 'err'>, signal?: AbortSignal): Asker {
  const lines = createInterface({ input: stdin, ...(signal && { signal }) });
  const typed = lines[Symbol.asyncIterator]();

  const nextLine = async (prompt: string): Promise<string> => {
    err(prompt);
    const { value, done } = await typed.next();
    if (!done && !signal?.aborted) return value.trim();
    err('\n');
    throw new Interrupted('nothing was written');
  };

  const ask = async <T>({ text, byDefault, read }: Question<T>): Promise<T> => {
    for (;;) {
      const line = await nextLine(`${text}${byDefault ? ` [${byDefault}]` : ''}: `);
      const answer = await read(line === '' ? (byDefault ?? '') : line);
      if ('value' in answer) return answer.value;
      err(`  ${answer.objection}\n`);
    }
  };

  return {
    ask,
    choose: (text, choices) => {
      const list = choices.map((choice, i) => `  ${i + 1}) ${choice.text}\n`).join('');
      return ask({
        text: `${text}\n${list}Number`,
        byDefault: '1',
        read: (line) => {
          const chosen = /^\d{1,2}$/.test(line) ? choices[Number(line) - 1] : undefined;
          return chosen === undefined
            ? { objection: `give a number from 1 to ${choices.length}` }
            : { value: chosen.value };
        },
      });
    },
    tell: (text) => err(`${text}\n`),
    close: () => lines.close(),
  };
}
