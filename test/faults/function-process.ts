/** The built function in a process of its own: see child.mjs. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { FUNCTION_TIMEOUT_SECONDS } from '../../lambda/config/function-timeout.ts';
import { isRecord } from '../../lambda/config/record.ts';
import { requestEvent } from '../support/requests.ts';

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));
const BUNDLE = new URL('../../dist/lambda/authorizer/index.mjs', import.meta.url);

/** `timed_out`: AWS would have ended it. */
export type Verdict = 'allow' | 'deny' | 'unauthorized' | 'unavailable' | 'timed_out';

export interface Answered {
  /** As API Gateway takes it: exactly `Unauthorized` is a 401, any other error a 500. */
  readonly verdict: Verdict;
  readonly tookMs: number;
}

export interface Surroundings {
  /** How far the process's clock is ahead. */
  readonly offsetMs?: number;
  /** What becomes of names: an error's code, or `silent` for no answer at all. */
  readonly resolver?: 'ok' | 'silent' | 'ENOTFOUND' | 'EAI_AGAIN';
}

export interface FunctionProcess {
  /** @param limitMs the function's time limit. @default what is deployed */
  invoke(token: string, limitMs?: number): Promise<Answered>;
  set(surroundings: Surroundings): Promise<void>;
  /** All that it wrote since the last time, a line each. */
  takeLog(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** @param environment all that the process has of it. */
export async function startFunction(
  config: object,
  environment: Readonly<Record<string, string>>,
): Promise<FunctionProcess> {
  const child = fork(CHILD, [BUNDLE.href], {
    execArgv: [],
    env: {
      PATH: process.env['PATH'],
      AUTHORIZER_CONFIG: JSON.stringify(config),
      AWS_LAMBDA_FUNCTION_NAME: 'authorizer',
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local-secret-access-key',
      ...environment,
    },
  });
  const waiting = new Map<unknown, (value: unknown) => void>();
  child.on('message', (message) => {
    if (isRecord(message)) waiting.get(message['id'])?.(message['value']);
  });
  const gone = new Promise<never>((_, reject) =>
    child.once('exit', (code) => reject(new Error(`the function's process ended with ${code}`))),
  );
  gone.catch(() => undefined);
  let asked = 0;
  const answerTo = (id: unknown) =>
    Promise.race([gone, new Promise<unknown>((resolve) => void waiting.set(id, resolve))]);
  const ask = (message: object) => {
    asked += 1;
    const answer = answerTo(asked);
    child.send({ id: asked, ...message });
    return answer;
  };
  await answerTo('ready');

  return {
    async invoke(token, limitMs = FUNCTION_TIMEOUT_SECONDS * 1000) {
      const event = requestEvent({ headers: [['Authorization', `Bearer ${token}`]] });
      return readAnswer(await ask({ event, limitMs }));
    },
    set: async (set) => void (await ask({ set })),
    takeLog: async () =>
      String(await ask({ take: true }))
        .split('\n')
        .filter((line) => line !== ''),
    async close() {
      child.disconnect();
      await gone.catch(() => undefined);
    },
  };
}

function readAnswer(value: unknown): Answered {
  if (!isRecord(value)) throw new Error('no answer');
  const { answer, message } = value;
  const tookMs = Number(value['tookMs']);
  if (value['isTimedOut']) return { verdict: 'timed_out', tookMs };
  if (answer === undefined) {
    if (message === 'Unauthorized') return { verdict: 'unauthorized', tookMs };
    if (message === 'the authorizer is unavailable; see its log') return { verdict: 'unavailable', tookMs };
    throw new Error(`an error that nobody foresaw: ${message}`);
  }
  const isAllow = JSON.stringify(answer).includes('"Effect":"Allow"');
  return { verdict: isAllow ? 'allow' : 'deny', tookMs };
}
