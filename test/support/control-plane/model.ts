/**
 * API Gateway's control plane for one REST API, in memory: a working copy, the deployments that were made of it, and
 * stages that point to them. `README.md` beside it says where its rules come from.
 */
import { failed } from '../rest-protocol.ts';
import type { Call, Context, Operation, Result } from './call.ts';
import { emptyDefinition, idMaker } from './definition.ts';
import { type Instant, instantOf, isSame } from './history.ts';
import { OPERATIONS } from './operations.ts';
import { createOwner, type Owner } from './owner.ts';
import { AWS_QUOTAS, createMeter, type Quotas } from './quotas.ts';
import { notFound, Refused, tooManyRequests } from './refused.ts';
import type { RestApi } from './shapes.ts';
import type { Trouble, TroubleMaker } from './trouble.ts';

export interface Logged {
  /** From 1. */
  readonly index: number;
  readonly operation: Operation;
  readonly target: Call['target'];
  readonly body: Call['body'];
  readonly atMs: number;
  /** An HTTP status, or that the caller got none. */
  readonly outcome: number | 'lost before' | 'lost after';
  /** The exception's name, for a refusal. */
  readonly error?: string;
}

export interface ControlPlaneModel {
  readonly api: RestApi;
  readonly owner: Owner;
  /** Every call that came, the SDK's own repetitions included. */
  readonly log: readonly Logged[];
  /** What callers could reach, from the start on; an entry wherever that changed. */
  readonly history: readonly Instant[];
  /** @default none */
  trouble: TroubleMaker;
  /** Ends what a trouble with `forGood` began: a new run of the caller is answered again. */
  revive(): void;
  /** The history begins here: what came before set the scene. */
  begin(): void;
  /** Ids as the API gives them. */
  readonly newId: () => string;
  /** @returns undefined: the caller gets no answer. */
  handle(call: Call): Promise<Result | undefined>;
}

export interface ModelOptions {
  readonly now: () => number;
  /** For calls that are slow. @default not at all */
  readonly wait?: (ms: number) => Promise<void>;
  /** @default AWS_QUOTAS */
  readonly quotas?: Quotas;
  /** @default `api1` */
  readonly restApiId?: string;
}

export function createControlPlaneModel(options: ModelOptions): ControlPlaneModel {
  const { now, wait, quotas = AWS_QUOTAS, restApiId = 'api1' } = options;
  const newId = idMaker(restApiId);
  const rootResourceId = newId();
  const api: RestApi = {
    id: restApiId,
    rootResourceId,
    definition: emptyDefinition('orders', rootResourceId),
    deployments: new Map(),
    stages: new Map(),
    deletedAuthorizerIds: new Set(),
    flushed: [],
  };
  const log: Logged[] = [];
  let history: Instant[] = [instantOf(api, 'start', now())];
  const isAllowed = createMeter(quotas);
  const context = (): Context => ({ api, nowMs: now(), newId });
  const counts = new Map<Operation, number>();
  let count = 0;
  let isDead = false;

  function remember(by: Instant['by']): void {
    const instant = instantOf(api, by, now());
    const last = history.at(-1);
    if (last === undefined || !isSame(last, instant)) history.push(instant);
  }

  /** The answer, or the refusal, with whatever effect it has. */
  function answerOf(call: Call): Result | Refused {
    try {
      if (!isAllowed(call.operation, now())) throw tooManyRequests();
      if (call.target['restApiId'] !== api.id) throw noSuchApi(call);
      // As over HTTP: what was answered does not change with the model.
      return structuredClone(OPERATIONS[call.operation](call, context()));
    } catch (error) {
      if (error instanceof Refused) return error;
      throw error;
    } finally {
      remember(call.operation);
    }
  }

  async function handle(call: Call): Promise<Result | undefined> {
    const { operation, target, body } = call;
    count += 1;
    const index = count;
    const nth = (counts.get(operation) ?? 0) + 1;
    counts.set(operation, nth);
    const atMs = now();
    const note = (outcome: Logged['outcome'], error?: string) =>
      log.push({ index, operation, target, body, atMs, outcome, ...(error !== undefined && { error }) });
    const trouble: Trouble | undefined = isDead
      ? { lost: 'before' }
      : model.trouble({ operation, index, nth });
    if (trouble !== undefined && 'lost' in trouble) {
      if (trouble.forGood) isDead = true;
      if (trouble.lost === 'after') answerOf(call);
      note(`lost ${trouble.lost}`);
      return undefined;
    }
    if (trouble !== undefined && 'error' in trouble) {
      note(trouble.status, trouble.error);
      return failed(trouble.error, trouble.status, 'the test made it so');
    }
    if (trouble !== undefined) await wait?.(trouble.slowMs);
    const answer = answerOf(call);
    note(answer.status, answer instanceof Refused ? answer.name : undefined);
    return answer instanceof Refused ? refusal(answer) : answer;
  }

  const model: ControlPlaneModel = {
    api,
    owner: createOwner(api, context, () => remember('owner')),
    log,
    get history() {
      return history;
    },
    trouble: () => undefined,
    revive() {
      isDead = false;
      model.trouble = () => undefined;
    },
    begin() {
      history = [instantOf(api, 'start', now())];
    },
    newId,
    handle,
  };
  return model;
}

const refusal = ({ name, status, message }: Refused): Result => failed(name, status, message);

/** Recorded, the odd ones too: a method's resource is missed first, and an authorizer cannot be made. */
function noSuchApi({ operation, target }: Call): Refused {
  if (/Method$/.test(operation)) return notFound('Invalid Resource identifier specified');
  if (operation === 'CreateAuthorizer')
    return new Refused(
      'ConflictException',
      409,
      'Unable to complete operation due to concurrent modification. Please try again later.',
    );
  return notFound(`Invalid API identifier specified 111122223333:${target['restApiId']}`);
}
