import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayRequest, Pair } from '../local/request.ts';
import { type Probe, type Probed, requestWith } from './check-api.ts';
import { codeIn, type Passage, passageOf } from './expected-answer.ts';
import { type Finding, findingsIn } from './finding.ts';
import type { Minter } from './test-tokens.ts';

const { ok, warning, problem, notChecked } = findingsIn('platform');

/** Into the second after the token's end. */
const SHORT_LIFE_SECONDS = 4;
const AFTERWARDS_MS = (SHORT_LIFE_SECONDS + 2) * 1000;
/** With the other claims, a token just under the 8,192 bytes that are accepted. */
const LARGE_CLAIM_CHARACTERS = 5_400;

const NEEDS_ACCEPTED = 'it takes a valid token that is let in';

/**
 * What the design rests on and only the platform can show, as far as it can be seen from outside. All of it fails safe: where
 * one does not hold, callers are denied that should not be.
 */
export async function checkPlatform(probe: Probe, probed: Probed): Promise<readonly Finding[]> {
  return [
    await spellingsWithoutToken(probe),
    await trailingSlash(probe, probed.accepted),
    await headerCase(probe, probed.accepted),
    await largeAnswer(probe, probed.accepted),
    await conditions(probe, probed.accepted),
    contextInDeny(probed),
    notChecked(
      'context_path_source',
      'context.path as an identity source: nothing here uses it',
      'nobody sees it from outside',
    ),
    notChecked(
      'context_in_headers',
      'the context of a Deny in headers of gateway responses: nothing here uses it',
      'nobody sees it from outside',
    ),
  ];
}

async function passageFor(probe: Probe, request: GatewayRequest): Promise<Passage | 'unreachable'> {
  const answer = await probe.call(request);
  return 'unreachable' in answer ? 'unreachable' : passageOf(answer);
}

/** What makes tokens that are let in. @returns what it takes, where there is none. */
function minterFor({ minter, valid }: Probe, accepted: string | undefined): Minter | string {
  if (!('mint' in minter)) return `it takes tokens that are made here: ${minter.why}`;
  if (valid !== undefined) return 'it takes tokens that are made here: give none';
  return accepted === undefined ? NEEDS_ACCEPTED : minter;
}

const isIn = (passage: Passage | 'unreachable'): boolean =>
  passage === 'passed' || passage === 'passed_upstream_fails';

/** How `methodArn` spells a path: whatever it is, no spelling may be open. */
async function spellingsWithoutToken(probe: Probe): Promise<Finding> {
  const { rawPath } = requestWith(probe, undefined);
  if (isIn(await passageFor(probe, requestWith(probe, undefined))))
    return notChecked(
      'spellings',
      'other spellings of the path',
      'it takes a path that is denied without a token',
    );
  const spellings = [toggledSlash(rawPath), `/${rawPath}`, encodedEnd(rawPath), `/.${rawPath}`];
  const open: string[] = [];
  for (const spelling of new Set(spellings.filter((one) => one !== rawPath)))
    if (isIn(await passageFor(probe, { ...requestWith(probe, undefined), rawPath: spelling })))
      open.push(spelling);
  return open.length === 0
    ? ok('spellings', 'slashes, dots and encoded characters in the path open nothing without a token')
    : problem(
        'spellings',
        `without a token, ${open.join(' and ')} is let in, and ${rawPath} is not`,
        'protect every method of the API: jwt-authorizer attach --all-routes, or defaultMethodOptions',
      );
}

async function trailingSlash(probe: Probe, accepted: string | undefined): Promise<Finding> {
  const code = 'trailing_slash';
  const what = 'a slash more or less at the end of the path';
  if (accepted === undefined) return notChecked(code, what, NEEDS_ACCEPTED);
  const request = requestWith(probe, accepted);
  if (request.rawPath === '/') return notChecked(code, what, 'give --path, of a route that has one');
  const passage = await passageFor(probe, { ...request, rawPath: toggledSlash(request.rawPath) });
  if (isIn(passage)) return ok(code, `${what} is the same route, with the same answer`);
  return warning(
    code,
    `${what}: ${passage}, though the path itself is let in`,
    'have clients spell the path as the API does; nothing is open that should not be',
  );
}

async function headerCase(probe: Probe, accepted: string | undefined): Promise<Finding> {
  const code = 'header_case';
  const what = "the token's header in small and in capital letters";
  if (accepted === undefined) return notChecked(code, what, NEEDS_ACCEPTED);
  const request = requestWith(probe, accepted);
  const [[name, value] = []] = request.headers;
  if (name === undefined || value === undefined) return notChecked(code, what, 'the token is in the query');
  const failing: string[] = [];
  for (const spelt of [name.toLowerCase(), name.toUpperCase()]) {
    const headers: readonly Pair[] = [[spelt, value]];
    if (!isIn(await passageFor(probe, { ...request, headers }))) failing.push(spelt);
  }
  return failing.length === 0
    ? ok(code, `${what} are the same`)
    : problem(code, `${what}: ${failing.join(', ')} is denied`, `have clients write ${name}`);
}

/** How large an authorizer's answer may be is documented nowhere; ours keeps under 8,000 bytes. */
async function largeAnswer(probe: Probe, accepted: string | undefined): Promise<Finding> {
  const code = 'answer_size';
  const what = "an authorizer's answer of some 6,000 bytes";
  const minter = minterFor(probe, accepted);
  if (typeof minter === 'string') return notChecked(code, what, minter);
  const token = minter.mint(60, { doctor: 'x'.repeat(LARGE_CLAIM_CHARACTERS) });
  const request = requestWith(probe, token);
  if (request.rawQuery?.includes(token))
    return notChecked(code, what, 'the token is in the query, which holds less');
  const passage = await passageFor(probe, request);
  return isIn(passage)
    ? ok(code, `${what} is taken`)
    : problem(code, `${what}: ${passage}`, 'keep tokens small, or the claims in them few');
}

/** A Deny with a date in the policy that is kept: the second answer is made of it alone. */
async function conditions(probe: Probe, accepted: string | undefined): Promise<Finding> {
  const code = 'policy_conditions';
  const what = 'a condition in the policy ends a kept answer with its token';
  if (!probe.config.expiryCondition)
    return notChecked(code, what, 'nothing here uses one: expiryCondition is off');
  const minter = minterFor(probe, accepted);
  if (typeof minter === 'string') return notChecked(code, what, minter);
  const request = requestWith(probe, minter.mint(SHORT_LIFE_SECONDS));
  if (!isIn(await passageFor(probe, request)))
    return notChecked(code, what, 'the token for it was not let in; run it again');
  await sleep(AFTERWARDS_MS);
  const passage = await passageFor(probe, request);
  if (isIn(passage))
    return problem(
      code,
      `${what}: it does not, and the token goes on to be let in`,
      'set authorizerCacheSeconds: 0',
    );
  // The function, asked again, would have said 401.
  return passage === 'denied'
    ? ok(code, what)
    : notChecked(
        code,
        `${what}: the answer was not kept (${passage})`,
        'give the --path of a route that is cached',
      );
}

/** Of the answers so far: one that was denied by a policy has its code in the body. */
function contextInDeny({ answers }: Probed): Finding {
  const code = 'context_in_deny';
  const what = 'the code of a Deny in the body of its 403';
  const denied = answers.filter((answer) => ['denied', 'scope_missing'].includes(passageOf(answer)));
  const [first] = denied;
  if (first === undefined)
    return notChecked(
      code,
      what,
      'none of the answers was a Deny: give a --path whose scope the token lacks',
    );
  return codeIn(first.body)
    ? ok(code, `${what}: ${codeIn(first.body)}`)
    : warning(
        code,
        `${what}: it is not there`,
        'an API that exists has its own answers; of the stack, deploy it again',
      );
}

const toggledSlash = (path: string): string =>
  path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : `${path}/`;

/** The last letter or digit as a reader of URLs may decode it (RFC 3986 §6.2.2.2). */
const encodedEnd = (path: string): string =>
  path.replace(/[A-Za-z0-9](?=[^A-Za-z0-9]*$)/, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
