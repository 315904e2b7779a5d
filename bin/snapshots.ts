/** What a deployment takes along of an issuer's key set (`jwksSnapshot`). */
import type { LoadedConfig } from '../lambda/config/load.ts';
import type { Problem } from '../lambda/config/problem.ts';
import { isRecord } from '../lambda/config/record.ts';
import type { JwtPolicy, KeySetSource } from '../lambda/config/types.ts';
import { getJson } from '../lambda/keys/http-json.ts';
import { parseKeySet } from '../lambda/keys/key-set.ts';
import { createKeySetFetcher, type FetchKeySet } from '../lambda/keys/key-set-source.ts';

/** The members of a JWK that a verifier uses; certificates and what else there is stay behind. */
const MEMBERS = ['kty', 'kid', 'use', 'key_ops', 'alg', 'n', 'e', 'crv', 'x', 'y'];

export type SnapshotResult = LoadedConfig | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Puts the key sets of now into what the function gets, for the policies that ask for it.
 * @param now milliseconds since 1970.
 * @returns the configuration, or a problem for each key set that cannot be had or has no key for its policy.
 */
export async function takeSnapshots(
  loaded: LoadedConfig,
  { now, fetchKeySet = createKeySetFetcher(getJson) }: { now: () => number; fetchKeySet?: FetchKeySet },
): Promise<SnapshotResult> {
  const { jwt } = loaded.runtimeConfig;
  const problems: Problem[] = [];
  const raw: readonly unknown[] = Array.isArray(jwt) ? jwt : [jwt];
  const policies = await Promise.all(
    raw.map(async (policy, index) => {
      const parsed = loaded.config.policies[index];
      const source = parsed && sourceOf(parsed);
      if (parsed === undefined || source === undefined || !isRecord(policy)) return policy;
      try {
        return { ...policy, jwksSnapshot: snapshotOf(await fetchKeySet(source), parsed, now()) };
      } catch (error) {
        const path = `${Array.isArray(jwt) ? `jwt[${index}]` : 'jwt'}.jwksSnapshot`;
        problems.push({ code: 'snapshot_unavailable', path, message: messageOf(error) });
        return policy;
      }
    }),
  );
  if (problems.length > 0) return { ok: false, problems };
  return {
    ...loaded,
    runtimeConfig: { ...loaded.runtimeConfig, jwt: Array.isArray(jwt) ? policies : policies[0] },
  };
}

function sourceOf({ keySource }: JwtPolicy): KeySetSource | undefined {
  return 'wantsSnapshot' in keySource && keySource.wantsSnapshot ? keySource : undefined;
}

/** @throws Error when the set has no key for the policy: nothing that it could verify would be taken along. */
function snapshotOf(keySet: unknown, { algorithms }: JwtPolicy, nowMs: number): object {
  if (parseKeySet(keySet, algorithms).length === 0)
    throw new Error(`the key set has no key for ${algorithms.join(', ')}`);
  const keys = (keySet as { keys: readonly unknown[] }).keys.filter(
    (key) => parseKeySet({ keys: [key] }, algorithms).length > 0,
  );
  // To the day, so that deploying again the same day deploys the same; and no younger than it is.
  const fetchedAt = `${new Date(nowMs).toISOString().slice(0, 10)}T00:00:00.000Z`;
  return { fetchedAt, keys: keys.filter(isRecord).map(publicMembers) };
}

function publicMembers(jwk: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(MEMBERS.filter((name) => name in jwk).map((name) => [name, jwk[name]]));
}

function messageOf(error: unknown): string {
  const why = error instanceof Error ? error.message : 'the key set cannot be had';
  return `${why}; a deployment takes the key set along, so the issuer must be reachable from here (or leave jwksSnapshot out)`;
}
