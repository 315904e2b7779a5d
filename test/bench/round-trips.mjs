/**
 * How many requests go to DynamoDB for a decision of the built function, counted on their way. Each round has a credential of
 * its own, `key.<round>`; the token is another one each time.
 */
import { writeFileSync } from 'node:fs';
import { loadAuthorizer, tokenEvent } from './authorizer.mjs';
import { startCountingProxy } from './counting-proxy.mjs';
import { AUDIENCE, ISSUER, makeKeys, makeToken } from './tokens.mjs';

const [resultFile, rounds] = process.argv.slice(2);
const { REVOKED_TABLE, BENCH_KEY_SECRET: ownSecret } = process.env;
const proxy = await startCountingProxy(process.env.AWS_ENDPOINT_URL_DYNAMODB);
process.env.AWS_ENDPOINT_URL_DYNAMODB = proxy.endpoint;

const { HS256: key } = makeKeys();
const policy = { algorithms: ['HS256'], audience: AUDIENCE, issuer: ISSUER };
const ofOneKey = { ...policy, secretOrPublicKey: key.text };
const revocable = { ...ofOneKey, checkCredentialExistence: false, tokenRevocation: true };
const load = (jwt, { credentialCacheSeconds = 3600, ...environment } = {}) =>
  loadAuthorizer({ jwt, credentialCacheSeconds }, environment);
let tokens = 0;
const tokenOf = (secret) => (round) =>
  makeToken('HS256', secret, { sub: `key.${round}`, jti: `token-${tokens++}` });
const [common, own] = [tokenOf(key.privateKey), tokenOf(ownSecret)];

/** @returns requests for each round's decision. */
async function requests(handler, tokenFor) {
  const values = [];
  for (let round = 0; round < Number(rounds); round++) {
    const token = tokenFor(round);
    const before = proxy.count();
    const { policyDocument } = await handler(tokenEvent(token));
    if (policyDocument.Statement[0].Effect !== 'Allow') throw new Error('denied');
    values.push(proxy.count() - before);
  }
  return values;
}

/** Two rows: where nothing is remembered, and where all was read a moment ago. */
async function rowsOf([id, name], jwt, { tokenFor = common, environment } = {}) {
  const forgetful = await load(jwt, { credentialCacheSeconds: 0, ...environment });
  const remembering = await load(jwt, environment);
  await requests(remembering, tokenFor);
  return [
    { id: `${id}read`, name: `${name}: nothing remembered`, values: await requests(forgetful, tokenFor) },
    { id: `${id}remembered`, name: `${name}: remembered`, values: await requests(remembering, tokenFor) },
  ];
}

const rows = [
  ...(await rowsOf(['', 'controlled'], ofOneKey)),
  ...(await rowsOf(
    ['credential-key-', 'with credentialKey'],
    { ...policy, credentialKey: true },
    { tokenFor: own },
  )),
  ...(await rowsOf(['revoked-', 'controlled, some tokens are revoked'], ofOneKey, {
    environment: { CREDENTIALS_TABLE: REVOKED_TABLE },
  })),
  ...(await rowsOf(['revocation-', 'uncontrolled with tokenRevocation'], revocable)),
];
writeFileSync(resultFile, JSON.stringify(rows));
process.exit(0);
