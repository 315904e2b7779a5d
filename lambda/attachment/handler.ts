/** Three functions in one bundle; the AWS SDK's own variables hold (`AWS_REGION`, `AWS_ENDPOINT_URL_API_GATEWAY`, …). */
import { setTimeout as delay } from 'node:timers/promises';
import { once } from '../config/once.ts';
import { type CustomResourceHandler, createCustomResource } from './custom-resource.ts';
import { detach } from './detach.ts';
import { createDriftCheck, type DriftCheckHandler } from './drift-check.ts';
import { openJournal } from './dynamodb-journal.ts';
import type { Engine } from './engine.ts';
import { driftCheckSettingsIn, journalTableIn } from './environment.ts';
import { createGivenUp, type GivenUp } from './given-up.ts';
import { openControlPlane } from './open-control-plane.ts';
import { readLive } from './read-live.ts';
import { reattach, reconcile } from './reconcile.ts';
import { createSendAnswer } from './send-answer.ts';

const sleep = async (ms: number): Promise<void> => void (await delay(ms));
// biome-ignore lint/suspicious/noConsole: standard output is the function's log
const write = (line: string): void => console.log(line);
const send = createSendAnswer({ sleep });

const open = once(() => {
  const dependencies = {
    controlPlane: openControlPlane(),
    journal: openJournal({ tableName: journalTableIn(process.env) }),
  };
  const engine: Engine = {
    reconcile: (wish, options) => reconcile(wish, dependencies, options),
    detach: (restApiId, owner, options) => detach(restApiId, owner, dependencies, options),
  };
  return { ...dependencies, dependencies, engine };
});

const customResource = once(() =>
  createCustomResource({ engine: open().engine, send, write, now: Date.now, sleep }),
);

const check = once(() => {
  const { controlPlane, journal, dependencies } = open();
  const { restApiId, reattach: isReattaching } = driftCheckSettingsIn(process.env);
  return createDriftCheck({
    restApiId,
    journal,
    readLive: (id) => readLive(controlPlane, id),
    ...(isReattaching && {
      reattach: (owner, options) => reattach(restApiId, owner, dependencies, options),
    }),
    write,
    now: Date.now,
    sleep,
    functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? 'local',
  });
});

/** What CloudFormation invokes. */
export const handler: CustomResourceHandler = (event, context) => customResource()(event, context);

/** What the schedule invokes. */
export const driftCheck: DriftCheckHandler = (event, context) => check()(event, context);

/** What Lambda invokes when it has given up the first. */
export const givenUp: (event: GivenUp) => Promise<void> = createGivenUp({ send, write });
