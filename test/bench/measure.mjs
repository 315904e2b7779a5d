/**
 * Times cases beside each other. Each round runs every case once, one after another and briefly, so that whatever slows the
 * machine slows all of them; ratios are of one round, and what counts is the median of the rounds.
 */

const WARM_UP_MS = 300;
const ROUND_MS = 8;

/**
 * `prepare` is called before what is timed, with one more than the last index that will be run.
 * @typedef {{ id: string, name: string, run: (index: number) => unknown, isAsync?: boolean, prepare?: (end: number) => void }} Case
 */

/**
 * @param {readonly Case[]} cases
 * @param {{ rounds: number, roundMs?: number }} options `roundMs`: how long a case runs in a round, default 8.
 * @returns rows: for each case its microseconds an operation, of each round.
 */
export async function measure(cases, { rounds, roundMs = ROUND_MS }) {
  const states = [];
  for (const one of cases)
    states.push(await warm({ ...one, roundMs, next: 0, batch: 8, warmMicros: 0, values: [] }));
  // All at once: to prepare takes the processor's caches, and would do so to this one case alone.
  for (const { prepare, next, batch } of states) prepare?.(next + rounds * batch);
  for (let round = 0; round < rounds; round++)
    // In another order each time: what runs before a case leaves its garbage, and the caches as it used them.
    for (const state of shuffled(states)) state.values.push(await time(state));
  return states.map(({ id, name, values }) => ({ id, name, values }));
}

/** Each order is as likely as any other (Fisher and Yates). */
function shuffled(list) {
  const order = [...list];
  for (let last = order.length - 1; last > 0; last--) {
    const at = Math.floor(Math.random() * (last + 1));
    [order[last], order[at]] = [order[at], order[last]];
  }
  return order;
}

/**
 * Until the code is warm, and it is known how many fill a round: at their fastest, else one disturbance makes rounds of one.
 * What was run does not come again. The processor's time counts, since on a busy machine the clock's says little.
 */
async function warm(state) {
  let micros = Number.POSITIVE_INFINITY;
  while (state.warmMicros < WARM_UP_MS * 1000) {
    micros = Math.min(micros, await time(state));
    state.batch = Math.max(1, Math.round((state.roundMs * 1000) / micros));
  }
  return state;
}

async function time(state) {
  const { run, batch, isAsync, prepare } = state;
  const start = state.next;
  prepare?.(start + batch);
  const used = process.cpuUsage();
  const begin = process.hrtime.bigint();
  if (isAsync) for (let i = 0; i < batch; i++) await run(start + i);
  else for (let i = 0; i < batch; i++) run(start + i);
  const micros = Number(process.hrtime.bigint() - begin) / 1000;
  state.warmMicros += process.cpuUsage(used).user;
  state.next = start + batch;
  return micros / batch;
}
