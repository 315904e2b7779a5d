/** With a Deny in it from `exp` on, a cached answer is right at any time. */
import fc from 'fast-check';
import { createAuthorizerCache } from '../../bin/local/authorizer-cache.ts';
import { NOW_SECONDS } from '../support/tokens.ts';
import type { Case } from './case.ts';
import { type Answered, emulate, NO_CACHE } from './emulation.ts';
import { AnswersDiffer } from './same-answers.ts';
import { createTimeline } from './timeline.ts';
import { BEGINS_AT_SECONDS, EXPIRES_AT_SECONDS, LAST_CREDENTIAL_ENDS_AT_SECONDS } from './tokens.ts';

const moments = [BEGINS_AT_SECONDS, LAST_CREDENTIAL_ENDS_AT_SECONDS, EXPIRES_AT_SECONDS].flatMap(
  (seconds) => {
    const afterMs = (seconds - NOW_SECONDS) * 1000;
    return [afterMs - 1, afterMs];
  },
);

/** From one request to the next, in milliseconds. */
export const anyPauses: fc.Arbitrary<readonly number[]> = fc.array(
  fc.constantFrom(0, 1, 500_000, 999_999, ...moments),
  { minLength: 1, maxLength: 4 },
);

/** Without a change of the table, which takes its own time to be seen. */
export async function assertSameAsTimePasses(api: Case, pauses: readonly number[]): Promise<void> {
  const setup = { ...api.setup, expiryCondition: true, authorizerCacheSeconds: 3600 };
  const timed: Case = { ...api, setup };
  const { now, advance } = createTimeline(NOW_SECONDS * 1000);
  const common = { now, faults: {}, table: () => api.table };
  const rememberSeconds = setup.credentialCacheSeconds;
  const cached = emulate(timed, { ...common, cache: createAuthorizerCache({ now }), rememberSeconds });
  const fresh = emulate(timed, { ...common, cache: NO_CACHE, rememberSeconds: 0 });
  const requests = api.steps.flatMap((step) => (step.kind === 'request' ? [step.request] : []));
  for (const [i, request] of requests.entries()) {
    await advance(pauses[i % pauses.length] ?? 0);
    const [one, other] = [await cached(request), await fresh(request)];
    if (isAllowed(one) !== isAllowed(other)) {
      throw new AnswersDiffer(`request ${i}: cached ${one?.outcome}, fresh ${other?.outcome}`);
    }
  }
}

function isAllowed(answer: Answered | undefined): boolean {
  return answer?.outcome === 'authenticated' || answer?.outcome === 'anonymous';
}
