/** Two issuers on one server: one whose key set the configuration names, one that is found by discovery. Keys come and go. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { serve } from '../keys/support.ts';
import { DOOR_HEADER } from '../support/fault-proxy.ts';
import { closeAtEnd } from '../support/gateway.ts';
import type { SetKey } from './facts.ts';
import { createHistory } from './history.ts';

export interface IssuerKey extends SetKey {
  readonly privateKey: KeyObject;
  readonly jwk: object;
}

export interface Issuer {
  readonly algorithm: 'ES256' | 'RS256';
  /** From the oldest; withdrawn ones too. */
  readonly keys: readonly IssuerKey[];
  /** Those that are in the set, from the oldest. */
  published(): readonly IssuerKey[];
  publish(): void;
  /** The oldest that is in the set. */
  withdraw(): void;
}

export interface Issuers {
  readonly origin: string;
  /** Its set is at `/set`. */
  readonly set: Issuer;
  /** Found from the server's own address. */
  readonly found: Issuer;
}

export async function startIssuers(): Promise<Issuers> {
  const issuers = { set: newIssuer('ES256', 'set'), found: newIssuer('RS256', 'found') };
  const { origin } = closeAtEnd(
    await serve((request, response) => {
      const issuer = String(request.headers[DOOR_HEADER]);
      const metadata = { issuer, jwks_uri: `${issuer}/found` };
      const keysOf = (one: Issuer) => ({ keys: one.published().map(({ jwk }) => jwk) });
      const answers: Readonly<Record<string, object>> = {
        '/set': keysOf(issuers.set),
        '/found': keysOf(issuers.found),
        '/.well-known/openid-configuration': metadata,
      };
      const answer = answers[request.url ?? ''];
      response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? {}));
    }),
  );
  return { origin, ...issuers };
}

function newIssuer(algorithm: Issuer['algorithm'], name: string): Issuer {
  const keys: IssuerKey[] = [];
  const published = () => keys.filter(({ isPublished }) => isPublished.latest());
  const publish = () => {
    const kid = `${name}-${keys.length + 1}`;
    const { privateKey, publicKey } =
      algorithm === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: algorithm };
    // The first ones are there before anybody asks.
    const isFirst = keys.length === 0;
    const key = { kid, privateKey, jwk, isPublished: createHistory(isFirst) };
    keys.push(key);
    if (!isFirst) changeNow(key, true);
  };
  publish();
  return {
    ...{ algorithm, keys, published, publish },
    withdraw: () => {
      const [oldest, ...others] = published();
      if (oldest !== undefined && others.length > 0) changeNow(oldest, false);
    },
  };
}

/** The server shows it from this moment on. The first change of a key is that it is published. */
function changeNow({ isPublished }: SetKey, value: boolean): void {
  const nowMs = Date.now();
  isPublished.begin(value, 'direct', nowMs)(nowMs);
}
