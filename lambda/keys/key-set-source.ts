import { addressProblem } from '../config/key-set-source.ts';
import { isRecord } from '../config/record.ts';
import type { KeySetSource } from '../config/types.ts';
import type { GetJson } from './http-json.ts';
import { KeyUnavailable } from './key-unavailable.ts';
import { twice } from './retry.ts';
import { LOAD_LIMIT_MS } from './times.ts';

/** A key set as its issuer publishes it, not yet looked at. @throws KeyUnavailable */
export type FetchKeySet = (source: KeySetSource) => Promise<unknown>;

/** @returns what fetches key sets, within the time that a look-up may take. */
export function createKeySetFetcher(getJson: GetJson): FetchKeySet {
  return (source) => {
    const signal = AbortSignal.timeout(LOAD_LIMIT_MS);
    const fetching = twice(async () => {
      const address = source.kind === 'jwksUri' ? source.uri : await discover(source.issuer, getJson, signal);
      return getJson(address, signal);
    }, signal);
    return Promise.race([fetching, ending(signal, source)]);
  };
}

/** Rejects when time is up, whatever the fetch does: one that never settled would keep all later ones waiting. */
function ending(signal: AbortSignal, source: KeySetSource): Promise<never> {
  const what = source.kind === 'jwksUri' ? source.uri : source.issuer;
  return new Promise((_, reject) => {
    const end = () => reject(new KeyUnavailable(`${what} did not answer in time`));
    signal.addEventListener('abort', end);
  });
}

/**
 * The address of an issuer's key set (OpenID Connect Discovery 1.0 §4).
 * @throws KeyUnavailable also when the metadata is another issuer's (§4.3), or names an address that a
 * configuration could not.
 */
async function discover(issuer: string, getJson: GetJson, signal: AbortSignal): Promise<string> {
  const metadata = await getJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, signal);
  const { issuer: named, jwks_uri: address } = isRecord(metadata) ? metadata : {};
  if (named !== issuer) {
    const got = typeof named === 'string' ? JSON.stringify(named.slice(0, 200)) : 'none';
    throw new KeyUnavailable(
      `the metadata of ${issuer} must name it as its issuer, character for character; got ${got}`,
    );
  }
  if (typeof address !== 'string' || addressProblem(address, 'jwksUri') !== undefined)
    throw new KeyUnavailable(`the metadata of ${issuer} names no key set over https`);
  // What is on the network must not point into this machine.
  if (isHttp(address) && !isHttp(issuer))
    throw new KeyUnavailable(`the metadata of ${issuer} names a key set on this machine`);
  return address;
}

const isHttp = (address: string) => new URL(address).protocol === 'http:';
