/**
 * A decision, event in and answer out, by the built function with its metrics and its log; beside it what others take for the
 * signature and the claims alone. One process for each algorithm. Arguments: the file that
 * results go to, the algorithm, how many rounds; and for fewer, the milliseconds of a round and the rows that are wanted.
 */
import { writeFileSync } from 'node:fs';
import { loadAuthorizer, requestEvent, tokenEvent } from './authorizer.mjs';
import { measure } from './measure.mjs';
import { bareCrypto, peersFor } from './peers.mjs';
import { AUDIENCE, ISSUER, makeKeys, makeToken, makeTokens, withWrongSignature } from './tokens.mjs';

const [resultFile, algorithm, rounds, roundMs, ...wanted] = process.argv.slice(2);
const key = makeKeys()[algorithm];
const policy = { secretOrPublicKey: key.text, algorithms: [algorithm], audience: AUDIENCE, issuer: ISSUER };
const loadUncontrolled = () => loadAuthorizer({ jwt: { ...policy, checkCredentialExistence: false } });
const loadControlled = () => loadAuthorizer({ jwt: policy, credentialCacheSeconds: 3600 });
const [uncontrolled, controlled] = [await loadUncontrolled(), await loadControlled()];

const tokens = makeTokens(2_000, algorithm, key.privateKey);
const [seen] = tokens;
const expired = makeToken(algorithm, key.privateKey, { exp: Math.floor(Date.now() / 1000) - 60 });
/** As Lambda gives it. */
const context = { getRemainingTimeInMillis: () => 9_000 };
const at = (list) => (index) => list[index % list.length];
const token = at(tokens);
// An event is made when it is sent, as Lambda makes it: thousands that lie ready are out of the processor's reach.
const tokenEvents = (index) => tokenEvent(tokens[index]);
const requestEvents = (index) => requestEvent(tokens[index]);
/** Tokens that the function has not seen: as many as it takes, and a function for each case. */
const firstSeen = (handler, events) => ({
  isAsync: true,
  prepare(end) {
    while (tokens.length < end)
      tokens.push(makeToken(algorithm, key.privateKey, { jti: `token-${tokens.length}` }));
  },
  run: (index) => handler(events(index), context),
});
const denied = (handler, event) => () => handler(event, context).then(mustDeny, () => undefined);
const mustDeny = () => {
  throw new Error('a token that must be denied was let in');
};

const bare = bareCrypto(algorithm, key);
const isAsync = true;
const cases = [
  { id: 'signature', name: 'the signature alone', run: (i) => bare(token(i)) },
  {
    ...{ id: 'first', name: 'authorizer, first seen (TOKEN)' },
    ...firstSeen(await loadUncontrolled(), tokenEvents),
  },
  {
    ...{ id: 'first-request', name: 'authorizer, first seen (REQUEST)' },
    ...firstSeen(await loadUncontrolled(), requestEvents),
  },
  { id: 'seen', name: 'authorizer, seen before', isAsync, run: repeat(uncontrolled, tokenEvent(seen)) },
  {
    ...{ id: 'wrong-signature', name: 'authorizer, wrong signature', isAsync },
    run: denied(uncontrolled, tokenEvent(withWrongSignature(seen))),
  },
  {
    ...{ id: 'expired', name: 'authorizer, expired', isAsync },
    run: denied(uncontrolled, tokenEvent(expired)),
  },
  {
    ...{ id: 'controlled-first', name: 'authorizer, controlled, first seen' },
    ...firstSeen(await loadControlled(), tokenEvents),
  },
  {
    ...{ id: 'controlled-seen', name: 'authorizer, controlled, seen before', isAsync },
    run: repeat(controlled, tokenEvent(seen)),
  },
  ...peersFor(algorithm, key).map(({ id, name, isAsync, isCached, headed, run }) => {
    const own = headed === undefined ? token : at(makeTokens(2_000, algorithm, key.privateKey, {}, headed));
    return { id, name, isAsync, run: isCached ? () => run(own(0)) : (i) => run(own(i)) };
  }),
];
const measured = wanted.length === 0 ? cases : cases.filter(({ id }) => wanted.includes(id));
const options = { rounds: Number(rounds), ...(roundMs && { roundMs: Number(roundMs) }) };
writeFileSync(resultFile, JSON.stringify(await measure(measured, options)));
process.exit(0);

function repeat(handler, event) {
  return () => handler(event, context);
}
