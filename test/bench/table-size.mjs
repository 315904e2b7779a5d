/**
 * A decision that reads its credential, from a table with few and from one with many: a random one each time, and nothing
 * remembered. Each table has a server of its own.
 */
import { writeFileSync } from 'node:fs';
import { loadAuthorizer, tokenEvent } from './authorizer.mjs';
import { measure } from './measure.mjs';
import { AUDIENCE, ISSUER, makeKeys, makeToken } from './tokens.mjs';

const [resultFile, few, many, rounds] = process.argv.slice(2);
/** Some twenty decisions: of the four that fit into the usual time, one that waits would be a quarter. */
const ROUND_MS = 40;

const { HS256: key } = makeKeys();
const config = {
  jwt: { secretOrPublicKey: key.text, algorithms: ['HS256'], audience: AUDIENCE, issuer: ISSUER },
  credentialCacheSeconds: 0,
};

async function decide(count, endpoint) {
  process.env.AWS_ENDPOINT_URL_DYNAMODB = endpoint;
  const handler = await loadAuthorizer(config);
  const run = () => {
    const sub = `key.${Math.floor(Math.random() * count)}`;
    return handler(tokenEvent(makeToken('HS256', key.privateKey, { sub })));
  };
  // The SDK looks at the variable once, at its first call.
  await run();
  return run;
}

const isAsync = true;
/** The number that the target names; others are tries. */
const MANY = 1_000_000;
const name = (count) => `${Number(count).toLocaleString('en')} credentials`;
const { FEW_ENDPOINT, MANY_ENDPOINT } = process.env;
const cases = [
  { id: 'few', name: name(few), isAsync, run: await decide(few, FEW_ENDPOINT) },
  {
    id: Number(many) === MANY ? 'many' : 'some',
    name: name(many),
    isAsync,
    run: await decide(many, MANY_ENDPOINT),
  },
];
writeFileSync(
  resultFile,
  JSON.stringify(await measure(cases, { rounds: Number(rounds), roundMs: ROUND_MS })),
);
process.exit(0);
