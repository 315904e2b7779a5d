/**
 * "Right under caching", over a case: each answer that goes through the gateway's cache and the function's
 * memory is the fresh one of a state that may still count, and each fresh one is the model's.
 */
import { createAuthorizerCache } from '../../bin/local/authorizer-cache.ts';
import { NOW_SECONDS } from '../support/tokens.ts';
import { boundMsOf, type Case, type RequestCase, type Step } from './case.ts';
import { type Answered, emulate, NO_CACHE } from './emulation.ts';
import type { Faults } from './faults.ts';
import { createHistory } from './history.ts';
import { expectedOutcome, type Outcome } from './model.ts';
import { identityOf } from './model-callers.ts';
import { verdictOf } from './resource-policy.ts';
import { changed, type TableState, takesAway } from './table.ts';
import { count, type Tally } from './tally.ts';
import { createTimeline } from './timeline.ts';
import { shownBy } from './tokens.ts';

/** The property does not hold; any other error is a fault of the test. */
export class AnswersDiffer extends Error {
  override readonly name = 'AnswersDiffer';
}

export async function assertSameAnswers(api: Case, faults: Faults = {}, tally?: Tally): Promise<void> {
  const { setup } = api;
  const timeline = createTimeline(NOW_SECONDS * 1000);
  const { now } = timeline;
  const history = createHistory(api.table, {
    boundMs: boundMsOf(setup),
    keptMs: setup.authorizerCacheSeconds * 1000,
  });
  const cache = openCache(now, faults);
  const throughCache = emulate(api, {
    cache,
    faults,
    now,
    table: () => history.current,
    rememberSeconds: setup.credentialCacheSeconds,
  });
  const fresh = freshIn(api, now, faults);

  const change = (next: TableState) => {
    if (next === history.current) return;
    const takes = takesAway(history.current, next);
    history.change(next, { atMs: now(), takesAway: takes });
    if (!takes) return;
    cache.flush();
    const againMs = (faults.flushAgainAfterMs ?? boundMsOf)(setup);
    if (againMs !== undefined) timeline.at(now() + againMs, () => cache.flush());
  };

  const ask = async ({ request, takesMs }: Extract<Step, { kind: 'request' }>) => {
    const states = history.countingAt(now());
    const table = history.current;
    const expected: Answered[] = [];
    for (const state of states) {
      const answer = await fresh(request, state);
      if (answer !== undefined) expected.push(answer);
    }
    const check = (answer: Answered | undefined) => {
      if (answer === undefined) return;
      if (tally) count(tally, { api, request, answer, takesMs, table, fresh: expected });
      if (!expected.some((one) => isSame(one, answer)))
        throw new AnswersDiffer(
          `${request.method} ${request.path} in ${answer.resource}: cached ${answer.outcome}, fresh ${expected.map(({ outcome }) => outcome)}`,
        );
    };
    if (takesMs === 0) return check(await throughCache(request));
    const gate = createGate();
    const asked = throughCache(request, gate.wait);
    await Promise.race([asked, gate.reached]);
    timeline.at(now() + takesMs, async () => {
      gate.open();
      check(await asked);
    });
  };

  for (const step of api.steps) {
    if (step.kind === 'pause') await timeline.advance(step.ms);
    else if (step.kind === 'change') change(changed(history.current, step.change));
    else await ask(step);
  }
  await timeline.end();
}

/**
 * The gateway's own cache keeps no answer that was asked for before a flush; that AWS's does not is nowhere
 * said. So here it does, and the function's time limit is in the bound.
 */
function openCache(now: () => number, faults: Faults) {
  const cache = createAuthorizerCache({ now });
  const trusting: typeof cache = {
    ...cache,
    reserve: (key, seconds) => (result) => cache.reserve(key, seconds)(result),
  };
  return faults.cache?.(trusting) ?? trusting;
}

/** @returns what is answered in a state without any cache, which is the model's answer. */
function freshIn(api: Case, now: () => number, faults: Faults) {
  let state = api.table;
  const ask = emulate(api, { cache: NO_CACHE, faults, now, table: () => state, rememberSeconds: 0 });
  return async (request: RequestCase, table: TableState) => {
    state = table;
    const answer = await ask(request);
    if (answer === undefined) return undefined;
    const expected = expectedIn(api, request, { table, resource: answer.resource });
    if (answer.outcome === expected) return answer;
    throw new AnswersDiffer(
      `${request.method} ${request.path} in ${answer.resource}: fresh ${answer.outcome}, expected ${expected}`,
    );
  };
}

/** Beside a resource policy nothing is otherwise, but for what that denies itself. */
function expectedIn(
  { setup: { policies, onDenial }, routes, resourcePolicy }: Case,
  { caller, ...request }: RequestCase,
  { table, resource }: { readonly table: TableState; readonly resource: string },
): Outcome {
  if (verdictOf(resourcePolicy, request) === 'deny') return '403';
  const identity = identityOf(shownBy(caller, policies), policies, table);
  return expectedOutcome({ routes, onDenial }, { ...request, resource, identity });
}

function isSame(one: Answered, other: Answered): boolean {
  return one.outcome === other.outcome && JSON.stringify(one.caller) === JSON.stringify(other.caller);
}

function createGate() {
  let [reach, open] = [() => {}, () => {}];
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const wait = () => {
    reach();
    return opened;
  };
  return { reached, wait, open: () => open() };
}
