import type { Readable } from 'node:stream';

/** What a command reads and writes: the process's own, or a test's. */
export interface Terminal {
  readonly stdin: Readable;
  /** JSON, ids, tokens: what a script takes. */
  out(text: string): void;
  /** Messages for a person. */
  err(text: string): void;
  /** Whether a person watches what `err` writes. */
  readonly isWatched: boolean;
  /** Whether `out` writes to a screen too. @default false */
  readonly isOutWatched?: boolean;
  /** Whether `out` takes colours. @default false */
  readonly hasColours?: boolean;
  /** Whether `err` takes colours. @default false */
  readonly hasErrColours?: boolean;
  /** Whether a person types at `stdin`. @default false */
  readonly isAsked?: boolean;
  /** As the environment names it, such as `en_US.UTF-8`. @default unknown */
  readonly locale?: string;
  /** How much `stdin` will give, where that is known: it is a file. */
  readonly stdinBytes?: number;
  /** From its call on, Ctrl-C aborts the signal; only a second one ends the process. @default never aborted */
  readonly interruption?: () => AbortSignal;
}

/** How results are written. */
export interface OutputOptions {
  /** Ids only, no messages. */
  readonly quiet?: boolean;
  /** Compact JSON, no messages. */
  readonly json?: boolean;
}

export interface Output {
  /** A result of its own. @param id what stands for it with -q; undefined: nothing does. */
  record(value: unknown, id: string | undefined): void;
  /** One list, written as it arrives. */
  list<T>(items: AsyncIterable<T> | Iterable<T>, idOf: (item: T) => string): Promise<void>;
  message(text: string): void;
}

export function outputTo(terminal: Terminal, { quiet = false, json = false }: OutputOptions): Output {
  const write = (value: unknown) => jsonText(value, json ? 0 : 2);
  return {
    record(value, id) {
      if (!quiet) terminal.out(`${write(value)}\n`);
      else if (id !== undefined) terminal.out(`${id}\n`);
    },
    async list(items, idOf) {
      let count = 0;
      for await (const item of items) {
        if (quiet) terminal.out(`${idOf(item)}\n`);
        else terminal.out(`${count === 0 ? '[' : ','}${json ? '' : '\n  '}${indented(write(item))}`);
        count += 1;
      }
      if (!quiet) terminal.out(count === 0 ? '[]\n' : json ? ']\n' : '\n]\n');
    },
    message(text) {
      if (!quiet && !json) terminal.err(`${text}\n`);
    },
  };
}

const indented = (text: string): string => text.replaceAll('\n', '\n  ');

/** Control characters and those that turn the direction of writing: no terminal gets them raw. */
const UNSAFE = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** JSON that is the same value, and safe to show. */
export function jsonText(value: unknown, indent: number): string {
  return (JSON.stringify(value, null, indent) ?? 'null').replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A text of somebody else's for a line of ours: as it is, but for what no terminal should get raw. */
export const safeText = (text: string): string => jsonText(text, 0).slice(1, -1).replaceAll('\\"', '"');
