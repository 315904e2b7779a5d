/**
 * A decision that reads its credential, from a table with few and from one with many: a random one each time, and nothing
 * remembered. Each table has a server of its own.
 *
 * The two take turns decision by decision: each waits for another process twice, so that on a busy machine longer turns tell
 * of the others' work. What a round gives is the lower quartile of its decisions, of those that nobody disturbed, and the
 * processor's time of this process, which knows no waiting. Beside them two reads without a function around them: by as much
 * more as those take on the larger table, the embedded DynamoDB is slower itself.
 */
import { writeFileSync } from 'node:fs';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { loadAuthorizer, tokenEvent } from './authorizer.mjs';
import { AUDIENCE, ISSUER, makeKeys, makeToken } from './tokens.mjs';

const [resultFile, few, many, rounds] = process.argv.slice(2);
const RUNS = 20;

const { HS256: key } = makeKeys();
const config = {
  jwt: { secretOrPublicKey: key.text, algorithms: ['HS256'], audience: AUDIENCE, issuer: ISSUER },
  credentialCacheSeconds: 0,
};

let tokens = 0;
const randomKeyId = (count) => `key.${Math.floor(Math.random() * count)}`;

/** @returns what decides about a random credential. */
async function deciding(count, endpoint) {
  process.env.AWS_ENDPOINT_URL_DYNAMODB = endpoint;
  const handler = await loadAuthorizer(config);
  const decide = () => {
    // With a name of its own: ten credentials would have the same token again within a second, whose signature is known.
    const claims = { sub: randomKeyId(count), jti: `token-${tokens++}` };
    return handler(tokenEvent(makeToken('HS256', key.privateKey, claims)));
  };
  // The SDK looks at the variable once, at its first call.
  await decide();
  return decide;
}

/** @returns what reads two items of a random credential, one after the other. */
function reading(count, endpoint) {
  const client = new DynamoDBClient({ endpoint });
  const read = (keyId, sk) =>
    client.send(
      new GetItemCommand({
        TableName: process.env.CREDENTIALS_TABLE,
        Key: { pk: { S: `cred#${keyId}` }, sk: { S: sk } },
        ConsistentRead: true,
      }),
    );
  return async () => {
    const keyId = randomKeyId(count);
    const answers = [await read(keyId, 'record'), await read(keyId, 'key#1')];
    if (answers.some(({ Item }) => Item === undefined)) throw new Error(`${keyId} is not in the table`);
  };
}

/** Of each as many runs, one of each in turn, and another one first each time. */
async function round() {
  const samples = states.map(() => ({ micros: [], cpuMicros: 0 }));
  for (let i = 0; i < RUNS * states.length; i++) {
    const at = (i + Math.floor(i / states.length)) % states.length;
    const cpu = process.cpuUsage();
    const begin = process.hrtime.bigint();
    await states[at].run();
    samples[at].micros.push(Number(process.hrtime.bigint() - begin) / 1000);
    const { user, system } = process.cpuUsage(cpu);
    samples[at].cpuMicros += user + system;
  }
  for (const [at, { micros, cpuMicros }] of samples.entries()) {
    states[at].micros.push(micros.sort((a, b) => a - b)[RUNS / 4]);
    states[at].cpuMicros.push(cpuMicros / RUNS);
  }
}

const { FEW_ENDPOINT, MANY_ENDPOINT } = process.env;
/** The number that the target names; others are tries. */
const MANY = Number(many) === 1_000_000 ? 'many' : 'some';
const nameOf = (count) => `${Number(count).toLocaleString('en')} credentials`;
const state = (id, name, run) => ({ id, name, run, micros: [], cpuMicros: [] });
const states = [
  state('few', nameOf(few), await deciding(few, FEW_ENDPOINT)),
  state(MANY, nameOf(many), await deciding(many, MANY_ENDPOINT)),
  state('reads-few', `${nameOf(few)}, two reads alone`, reading(few, FEW_ENDPOINT)),
  state(`reads-${MANY}`, `${nameOf(many)}, two reads alone`, reading(many, MANY_ENDPOINT)),
];
// As long as a quarter of the measurement: four hundred runs of each by default make all of them warm.
for (let i = 0; i < (Number(rounds) / 4) * RUNS * states.length; i++) await states[i % states.length].run();
for (let i = 0; i < Number(rounds); i++) await round();

const rowsOf = (what) => states.map(({ id, name, [what]: values }) => ({ id, name, values }));
writeFileSync(resultFile, JSON.stringify({ clock: rowsOf('micros'), cpu: rowsOf('cpuMicros') }));
process.exit(0);
