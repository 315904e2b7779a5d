/**
 * What one warm function holds after many tokens and credentials: each token is made here, decided twice, since only what comes
 * again is kept, and forgotten. Nothing of it is kept by this program. Needs `--expose-gc`.
 */
import { writeFileSync } from 'node:fs';
import { loadAuthorizer, tokenEvent } from './authorizer.mjs';
import { AUDIENCE, ISSUER, makeKeys, makeToken } from './tokens.mjs';

const [resultFile, tokens, credentials] = process.argv.slice(2);
const PER_CREDENTIAL = Number(tokens) / Number(credentials);
/** At the same time, each with a credential of its own: as many as the table answers without waiting. */
const IN_FLIGHT = 4;
const WARM_UP = 200;
const MIB = 2 ** 20;

const { HS256: key } = makeKeys();
const handler = await loadAuthorizer({
  jwt: { secretOrPublicKey: key.text, algorithms: ['HS256'], audience: AUDIENCE, issuer: ISSUER },
});

async function decide(sub, jti) {
  const token = makeToken('HS256', key.privateKey, { sub, jti });
  for (let time = 0; time < 2; time++) {
    const { policyDocument } = await handler(tokenEvent(token));
    if (policyDocument.Statement[0].Effect !== 'Allow') throw new Error('denied');
  }
}

/** All tokens of the credentials from one number to another. */
async function decideAll(from, to, name = '') {
  let next = from;
  const work = async () => {
    while (next < to) {
      const credential = next++;
      for (let i = 0; i < PER_CREDENTIAL; i++) await decide(`key.${credential}`, `${name}${credential}-${i}`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
}

/** Of which nothing can be freed. */
async function reading() {
  for (let i = 0; i < 3; i++) {
    await new Promise(setImmediate);
    gc();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  // What `arrayBuffers` counts is part of `external`.
  return { heap: (heapUsed + external) / MIB, rss: rss / MIB };
}

await decideAll(0, Math.min(WARM_UP, credentials), 'warm-up-');
const warm = await reading();
const readings = [];
for (let quarter = 0; quarter < 4; quarter++) {
  await decideAll((quarter * credentials) / 4, ((quarter + 1) * credentials) / 4);
  readings.push(await reading());
}
const [first, half, third, all] = readings;
const row = (id, name, value) => ({ id, name, values: [value] });
writeFileSync(
  resultFile,
  JSON.stringify([
    row('warm', 'heap of a warm function', warm.heap),
    row('quarter', 'heap after a quarter', first.heap),
    row('half', 'heap after a half', half.heap),
    row('three-quarters', 'heap after three quarters', third.heap),
    row('all', 'heap after all', all.heap),
    row('growth', 'growth of the heap', all.heap - warm.heap),
    row('rss-growth', 'growth of the process (RSS)', all.rss - warm.rss),
  ]),
);
process.exit(0);
