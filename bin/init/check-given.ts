import type { Problem } from '../../lambda/config/problem.ts';
import { isKeySet } from './answers.ts';
import type { Given } from './given.ts';
import { keyOptions, problemsWith, type RawOptions } from './policy.ts';

/**
 * What the configuration's own check has against options, before the first question: for each that would follow is answered in vain.
 * What is still to be asked stands in with something that the check takes.
 */
export function problemsWithGiven(given: Given, config: string): readonly Problem[] {
  const { key, issuer, algorithms, token, api } = given;
  const policy: RawOptions = {
    ...keyOptions(key ?? { kind: 'generated' }, config),
    // With another key they may fit.
    ...(key !== undefined && algorithms !== undefined && { algorithms }),
    ...(issuer !== undefined && { issuer }),
    ...audienceOf(given),
    ...token,
  };
  const others: RawOptions =
    api?.kind === 'existing'
      ? { restApi: { id: api.id, stages: api.stages.length > 0 ? api.stages : 'any' } }
      : { ...(api?.upstream !== undefined && { upstream: api.upstream }) };
  const asked = [...Object.keys(policy).map((name) => `jwt.${name}`), ...Object.keys(others)];
  return problemsWith({ jwt: policy, ...others }, asked, config);
}

function audienceOf({ key, audience }: Given): RawOptions {
  if (audience !== undefined && audience.length > 0) return { audience };
  return key !== undefined && isKeySet(key) ? { anyAudience: true } : {};
}
