import { setTimeout as sleep } from 'node:timers/promises';
import { settingsFrom } from './environment.ts';
import { createRevocationHandler, type RevocationHandler } from './invocation.ts';
import { openQueue } from './queue.ts';
import { openStageCaches } from './stage-caches.ts';

/**
 * The function between the credentials table and API Gateway's caches. The SDK's own variables hold.
 * @throws Error at its start when a setting is missing.
 */
function createHandler(environment: Readonly<Record<string, string | undefined>>): RevocationHandler {
  const settings = settingsFrom(environment);
  return createRevocationHandler({
    ...settings,
    queue: openQueue(settings.queueUrl),
    flush: openStageCaches(),
    // biome-ignore lint/suspicious/noConsole: standard output is the function's log
    write: (line) => console.log(line),
    now: Date.now,
    sleep,
    functionName: environment['AWS_LAMBDA_FUNCTION_NAME'] ?? 'local',
  });
}

export const handler: RevocationHandler = createHandler(process.env);
