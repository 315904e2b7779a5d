import { AsyncLocalStorage } from 'node:async_hooks';
import { isRecord } from '../../lambda/config/record.ts';
import type { Invoke } from './authorize.ts';
import { FunctionError } from './function-error.ts';

/** Why an invocation ended as it did, by the line that the function wrote to its log. */
interface Said {
  code?: string;
}

export interface FunctionLog {
  /** The function, whose errors say why. */
  hear(invoke: Invoke): Invoke;
  /** Listens no more. */
  close(): void;
}

/**
 * A 401 does not say why, and is not to: the caller learns no more. The function's log does, and in this process the log is
 * standard output, so it is listened to on its way there. One listener a process.
 */
export function listenToFunctions(): FunctionLog {
  const invocation = new AsyncLocalStorage<Said>();
  // biome-ignore lint/suspicious/noConsole: standard output is the function's log
  const write = console.log;
  const listen = (...parts: unknown[]) => {
    const said = invocation.getStore();
    const code = said && codeIn(parts[0]);
    if (said !== undefined && code !== undefined) said.code = code;
    write(...parts);
  };
  console.log = listen;
  return {
    hear: (invoke) => async (event) => {
      const said: Said = {};
      try {
        return await invocation.run(said, () => invoke(event));
      } catch (error) {
        throw new FunctionError(error instanceof Error ? error.message : '', said.code);
      }
    },
    close: () => {
      // biome-ignore lint/suspicious/noConsole: as above
      if (console.log === listen) console.log = write;
    },
  };
}

/** @returns undefined for what is no line about a refusal. */
function codeIn(line: unknown): string | undefined {
  try {
    const value: unknown = JSON.parse(String(line));
    if (!isRecord(value)) return undefined;
    // Others have reasons too: of keys that were not refreshed, of a table that was done without.
    const code = { denied: value['code'], unavailable: value['reason'] }[String(value['message'])];
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}
