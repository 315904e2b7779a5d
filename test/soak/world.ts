/** Who there is: the configuration, users and applications with credentials, and the tokens that they hold. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { AUDIENCE, fileOf, ISSUER, KID, RSA } from '../attack/doors.ts';
import type { ConfigFile } from '../support/gateway.ts';
import { SECRET, SECRET_TEXT, secretKey, tokenOf } from '../support/tokens.ts';
import type { Credential, Holder, Minted, PolicyFacts, PolicyName } from './facts.ts';
import { createHistory } from './history.ts';
import type { Issuer, IssuerKey, Issuers } from './issuers.ts';
import type { Random } from './random.ts';

export const SCOPES = ['orders:read', 'orders:write'] as const;

/** @param issuers where the configuration finds them. */
export function policiesAt(issuers: string): Readonly<Record<PolicyName, PolicyFacts>> {
  const none = { isControlled: false, isRevocable: false, hasScopeClaim: false, isFetched: false };
  const controlled = { ...none, isControlled: true, isRevocable: true };
  return {
    shared: { ...controlled, issuer: 'https://shared.example' },
    // The door of test/attack's tokens for RS256.
    plain: { ...none, issuer: ISSUER, hasScopeClaim: true },
    set: { ...controlled, issuer: 'https://set.example', hasScopeClaim: true, isFetched: true },
    found: { ...none, issuer: issuers, isRevocable: true, hasScopeClaim: true, isFetched: true },
    own: { ...controlled, issuer: 'https://own.example' },
  };
}

/** The same, as a person would write it. */
export function configAt(
  issuers: string,
  times: { readonly credentialCacheSeconds: number; readonly authorizerCacheSeconds: number },
): ConfigFile {
  const { shared, set, found, own } = policiesAt(issuers);
  return {
    jwt: [
      {
        ...{ secretOrPublicKey: SECRET_TEXT, algorithms: ['HS256'] },
        ...{ issuer: shared.issuer, audience: AUDIENCE },
      },
      { ...fileOf('RS256').jwt, scopeClaim: 'scope' },
      {
        ...{ jwksUri: `${issuers}/set`, algorithms: ['ES256'] },
        ...{ issuer: set.issuer, audience: AUDIENCE, scopeClaim: 'scope' },
      },
      {
        ...{ discovery: true, algorithms: ['RS256'], issuer: found.issuer, audience: AUDIENCE },
        ...{ checkCredentialExistence: false, tokenRevocation: true, scopeClaim: 'scope' },
      },
      { credentialKey: true, issuer: own.issuer, audience: AUDIENCE },
    ],
    routes: [
      { paths: ['/orders/{id}'], methods: ['GET'], scopes: ['orders:read'] },
      { paths: ['/orders'], methods: ['POST'], scopes: ['orders:write'] },
    ],
    ...times,
  };
}

/** A key of a credential's own, by its version. */
export interface OwnKey {
  readonly version: number;
  readonly algorithm: 'HS256' | 'ES256';
  readonly privateKey: KeyObject;
  /** As the Admin API takes it. */
  readonly given: Readonly<Record<string, string>>;
}

export function newOwnKey(version: number, algorithm: OwnKey['algorithm']): OwnKey {
  if (algorithm === 'HS256') {
    const keySecret = `${SECRET_TEXT}-${version}-${Math.random()}`;
    return { version, algorithm, privateKey: secretKey(keySecret), given: { keySecret } };
  }
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return { version, algorithm, privateKey, given: { publicKey: pem, algorithm } };
}

/** Whoever sends tokens. */
export interface Caller {
  readonly policy: PolicyName;
  /** Its `sub`. */
  readonly name: string;
  readonly credential?: Credential;
  /** From the first; more with each rotation. Of the policy `own` alone. */
  readonly ownKeys: OwnKey[];
  /** From the oldest; few. */
  readonly wallet: Minted[];
  /** One that somebody tampered with, so that the soak must say that it is wrong. */
  readonly trial?: string;
}

const KEPT_TOKENS = 5;
const HOUR_SECONDS = 3_600;

/** @param more claims beside the usual, or instead of them. */
export type Mint = (caller: Caller, more?: Readonly<Record<string, unknown>>) => Minted;

/** @returns what makes tokens, as the issuers do. The last five of each caller are kept. */
export function createMint(
  policies: Readonly<Record<PolicyName, PolicyFacts>>,
  { issuers, random }: { issuers: Issuers; random: Random },
): Mint {
  let minted = 0;
  return (caller, more = {}) => {
    minted += 1;
    const { policy, credential, wallet } = caller;
    const iat = Math.floor(Date.now() / 1000);
    const claims: Record<string, unknown> = {
      ...{ iss: policies[policy].issuer, aud: AUDIENCE, sub: caller.name, iat, exp: iat + HOUR_SECONDS },
      ...{ jti: `soak-${minted}`, scope: random.pick(['', ...SCOPES, SCOPES.join(' ')]) },
      ...more,
    };
    const signer = signerOf(caller, { issuers, random });
    const { algorithm, key, kid } = signer;
    const token: Minted = {
      token: tokenOf(claims, { algorithm, key, ...(kid !== undefined && { header: { kid } }) }),
      ...{ policy, claims, issuedAtSeconds: Number(claims['iat']), expMs: Number(claims['exp']) * 1000 },
      ...(credential !== undefined && { credential }),
      ...(signer.ownKey !== undefined && { keyVersion: signer.ownKey.version }),
      ...(signer.setKey !== undefined && { setKey: signer.setKey }),
      isRevoked: createHistory(false),
    };
    wallet.push(token);
    if (wallet.length > KEPT_TOKENS) wallet.shift();
    return token;
  };
}

interface Signer {
  readonly algorithm: string;
  readonly key: KeyObject;
  readonly kid?: string;
  readonly ownKey?: OwnKey;
  readonly setKey?: IssuerKey;
}

/** Mostly with the newest key, as issuers do; now and then with an older one. */
function signerOf(
  { policy, ownKeys }: Caller,
  { issuers, random }: { issuers: Issuers; random: Random },
): Signer {
  const newest = <T>(keys: readonly T[]) => (random.next() < 0.8 ? (keys.at(-1) as T) : random.pick(keys));
  switch (policy) {
    case 'shared':
      return { algorithm: 'HS256', key: SECRET };
    case 'plain':
      return { algorithm: 'RS256', key: RSA.privateKey, kid: KID };
    case 'own': {
      const ownKey = newest(ownKeys);
      return { algorithm: ownKey.algorithm, key: ownKey.privateKey, ownKey };
    }
    default: {
      const issuer: Issuer = issuers[policy];
      const setKey = newest(issuer.keys);
      return { algorithm: issuer.algorithm, key: setKey.privateKey, kid: setKey.kid, setKey };
    }
  }
}

/** Keys that are nobody's. */
const STRANGERS: Readonly<Record<string, KeyObject>> = {
  HS256: secretKey('a stranger’s secret, of more than 32 bytes'),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
};

/** A token like another, and not one that counts. @returns it with what is wrong about it. */
export function flawed(good: Minted, flaw: Flaw, nowSeconds: number): Minted {
  const [header = '', payload = '', signature = ''] = good.token.split('.');
  const { alg, kid }: Record<string, string> = JSON.parse(Buffer.from(header, 'base64url').toString());
  const algorithm = String(alg);
  const key = STRANGERS[algorithm];
  const signed = (claims: object, names: object = { kid }) =>
    tokenOf({ ...good.claims, ...claims }, { algorithm, header: names, ...(key && { key }) });
  const made: Readonly<Record<Flaw, () => string>> = {
    'signature altered': () => `${header}.${payload}.${altered(signature)}`,
    'payload altered': () =>
      `${header}.${Buffer.from(JSON.stringify({ ...good.claims, sub: 'root' })).toString('base64url')}.${signature}`,
    'signed by a stranger': () => signed({}),
    'signed by a stranger, another key': () => signed({}, { kid: `stranger-${nowSeconds % 7}` }),
    'no signature': () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`,
    'a part missing': () => `${header}.${payload}`,
    'a part too many': () => `${good.token}.${signature}`,
    'of another issuer': () => signed({ iss: 'https://nobody.example' }),
  };
  return { ...good, token: made[flaw](), flaw };
}

export const FLAWS = [
  'signature altered',
  'payload altered',
  'signed by a stranger',
  'signed by a stranger, another key',
  'no signature',
  'a part missing',
  'a part too many',
  'of another issuer',
] as const;
export type Flaw = (typeof FLAWS)[number];

/** In its middle, where every bit counts. */
function altered(signature: string): string {
  const at = Math.floor(signature.length / 2);
  return `${signature.slice(0, at)}${signature[at] === 'A' ? 'B' : 'A'}${signature.slice(at + 1)}`;
}

/** A holder and all that it hangs on. */
export const isHeldBy = ({ credential }: Caller, holder: Holder): boolean =>
  credential !== undefined && (credential.holder === holder || credential.holder.owner === holder);
