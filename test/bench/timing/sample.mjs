/**
 * Times one function: `sample.mjs JOB RESULT`. In each round every class comes once, in an order by chance, with a token of its
 * own by chance; what is written is left out, and time stands still, so that what is remembered stays so.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const WARM_UP_ROUNDS = 500;

const { bundle, environment, classes, rounds } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
Object.assign(process.env, environment);
const now = Date.now();
Date.now = () => now;
console.log = () => undefined;
const { handler } = await import(bundle);

const methodArn = 'arn:aws:execute-api:eu-central-1:111122223333:a1b2c3d4e5/prod/GET/orders/7';
const below = (count) => Math.floor(Math.random() * count);

async function time(token) {
  const event = { type: 'TOKEN', methodArn, authorizationToken: `Bearer ${token}` };
  const began = process.hrtime.bigint();
  let answer = 'let in';
  try {
    await handler(event);
  } catch (error) {
    answer = error.message;
  }
  const took = Number(process.hrtime.bigint() - began) / 1000;
  // What could not be decided is another answer, after other steps.
  if (answer !== 'Unauthorized') throw new Error(`a token that was to be refused: ${answer}`);
  return took;
}

const times = classes.map(() => []);
for (const token of classes.flat()) await time(token);
for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
  const order = classes.map((_, index) => index);
  for (let last = order.length - 1; last > 0; last--) {
    const other = below(last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  for (const index of order) {
    const tokens = classes[index];
    const took = await time(tokens[below(tokens.length)]);
    if (round >= 0) times[index].push(took);
  }
}
writeFileSync(process.argv[3], JSON.stringify(times));
process.exit(0);
