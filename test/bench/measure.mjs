/**
 * Times cases against a reference. Each round runs every case once, one after another, so that whatever slows the machine slows
 * all of them; a ratio is of one round, and what counts is the median of the rounds.
 */

const ROUND_MS = 40;

/** @typedef {{ name: string, run: (index: number) => unknown, isAsync?: boolean }} Case */

/**
 * @param {readonly Case[]} cases the first is the reference. @param {{ rounds: number }} options
 * @returns for each case its median of microseconds an operation, and of its ratio to the reference.
 */
export async function measure(cases, { rounds }) {
  const states = [];
  for (const one of cases) states.push(await warm({ ...one, next: 0, batch: 16, micros: [] }));
  for (let round = 0; round < rounds; round++) {
    // Another one begins each time: none profits from always following the same.
    for (let i = 0; i < states.length; i++) {
      const state = states[(i + round) % states.length];
      state.micros.push(await time(state));
    }
  }
  const [reference] = states;
  return states.map(({ name, micros }) => ({
    name,
    micros: median(micros),
    ratio: median(micros.map((value, round) => value / reference.micros[round])),
  }));
}

/** Until a round's time is full: the code gets warm on the way. What was run does not come again. */
async function warm(state) {
  while ((await time(state)) * state.batch < ROUND_MS * 1000) state.batch *= 2;
  return state;
}

async function time(state) {
  const { run, batch, isAsync } = state;
  const start = state.next;
  const begin = process.hrtime.bigint();
  if (isAsync) for (let i = 0; i < batch; i++) await run(start + i);
  else for (let i = 0; i < batch; i++) run(start + i);
  const micros = Number(process.hrtime.bigint() - begin) / 1000;
  state.next = start + batch;
  return micros / batch;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
