/**
 * Who may pass, by the words of design and RFCs and written apart: it shares no code with lambda/, reads configurations as their
 * files have them, and checks signatures with node:crypto over the very bytes that came.
 */
import { constants, createHmac, type KeyObject, verify } from 'node:crypto';
import type { Signer } from '../keys.ts';
import {
  NOW_SECONDS,
  type PolicyFile,
  policiesOf,
  type RouteFile,
  type StoredCredential,
  type Verifier,
  type World,
} from '../worlds.ts';
import { type Json, readStrictObject } from './strict-json.ts';

/** How far a request gets: the step that ends it. */
export const STAGES = [
  'event',
  'extract',
  'decode',
  'algorithm',
  'signature',
  'claims',
  'consumer',
  'routes',
  'passed',
] as const;
export type Stage = (typeof STAGES)[number];

export interface Expectation {
  /** `unsure`: who it is is known, and the resource or path is one of which only the product tells. */
  readonly kind: 'malformed event' | 'denied' | 'anonymous' | 'authenticated' | 'unsure';
  readonly stage: Stage;
  /** The claims of who passes. */
  readonly claims?: ReadonlyMap<string, Json>;
}

type Record_ = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Record_ =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What of an event is looked at. */
interface Seen {
  readonly event: Record_;
  readonly isToken: boolean;
  /** `/GET/…`: what follows the stage in the ARN. */
  readonly arnPath: string;
}

export function judge(world: World, event: unknown): Expectation {
  const seen = seenOf(event);
  if (seen === undefined) return { kind: 'malformed event', stage: 'event' };
  const identity = identify(world, seen);
  if (identity.kind !== 'authenticated' && identity.kind !== 'anonymous') return identity;
  return authorized(world, seen, identity);
}

function seenOf(event: unknown): Seen | undefined {
  if (!isObject(event)) return undefined;
  const arn = event['methodArn'];
  if (typeof arn !== 'string') return undefined;
  const [prefix, partition, service, region, account, ...rest] = arn.split(':');
  if (prefix !== 'arn' || !partition || service !== 'execute-api' || !region || account === undefined)
    return undefined;
  if (rest.length === 0 || [partition, region, account].some((part) => part.includes('/'))) return undefined;
  const [api, stage, method, ...path] = rest.join(':').split('/');
  if (!api || api.includes(':') || !stage || !method) return undefined;
  if (/[*?]/.test([partition, region, account, api, stage].join())) return undefined;
  const arnPath = `/${path.join('/')}`;
  if (event['type'] === 'TOKEN') return { event, isToken: true, arnPath };
  const { type, resource, httpMethod } = event;
  if (type !== 'REQUEST' || typeof resource !== 'string' || typeof httpMethod !== 'string') return undefined;
  return /^[a-z]+$/i.test(httpMethod) ? { event, isToken: false, arnPath } : undefined;
}

type Identity = Expectation & { readonly scopes?: readonly string[] };

function identify(world: World, seen: Seen): Identity {
  const policies = policiesOf(world);
  /** Tokens whose signature held and that were denied. */
  const settled = new Set<string>();
  let furthest: Stage = 'extract';
  for (const [i, policy] of policies.entries()) {
    const token = tokenAt(seen, policy);
    let result: Identity;
    if (token === undefined) result = { kind: 'denied', stage: 'extract' };
    else if (settled.has(token)) result = { kind: 'denied', stage: 'claims' };
    else {
      const decoded = decode(token);
      const issuers = listed(policy.issuer);
      const iss = decoded?.claims.get('iss');
      if (decoded !== undefined && issuers.length > 0 && !issuers.some((one) => one === iss)) continue;
      result = verified(decoded, { world, policy, verifier: world.verifiers[i] });
      if (isAfter(result.stage, 'signature')) settled.add(token);
    }
    if (isAfter(result.stage, furthest)) furthest = result.stage;
    if (result.kind === 'authenticated') return result;
    if (!policy.passThrough) return { kind: 'denied', stage: furthest };
  }
  const isOpen = policies.every(({ passThrough }) => passThrough);
  return isOpen ? { kind: 'anonymous', stage: 'passed' } : { kind: 'denied', stage: furthest };
}

const isAfter = (one: Stage, other: Stage): boolean => STAGES.indexOf(one) > STAGES.indexOf(other);
const listed = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

/** The one token where the policy looks for it. */
function tokenAt(
  { event, isToken }: Seen,
  { jwtExtractor, jwtExtractorField = '' }: PolicyFile,
): string | undefined {
  const header = (name: string) =>
    isToken
      ? [event['authorizationToken']].filter((value) => typeof value === 'string')
      : valuesIn(event, ['multiValueHeaders', 'headers'], (key) => key.toLowerCase() === name.toLowerCase());
  const query = () =>
    isToken
      ? []
      : valuesIn(
          event,
          ['multiValueQueryStringParameters', 'queryStringParameters'],
          (key) => key === jwtExtractorField,
        );
  let values: string[];
  if (jwtExtractor === 'query') values = query();
  else if (jwtExtractor === 'header') values = header(jwtExtractorField);
  else if (jwtExtractor === 'cookie') {
    const pairs = header('cookie').flatMap((line) => line.split(';'));
    const named = pairs
      .map((pair) => /^([^=]+)=(.*)$/s.exec(pair))
      .filter((pair) => pair?.[1]?.trim() === jwtExtractorField);
    values = named.map((pair) => pair?.[2]?.trim() ?? '');
  } else values = header('authorization');
  const [value, ...others] = values.filter((one) => one !== '');
  if (value === undefined || others.length > 0) return undefined;
  let token: string | undefined = value;
  if (jwtExtractor === undefined || jwtExtractor === 'authScheme') {
    const [, given = '', rest] = /^([^ \t]*)(?:\t| +)([^ \t\n,]+)$/.exec(value) ?? [];
    const scheme = jwtExtractor === undefined ? 'Bearer' : jwtExtractorField;
    token = given.toLowerCase() === scheme.toLowerCase() ? rest : undefined;
  }
  return token !== undefined && Buffer.byteLength(token) <= 8192 ? token : undefined;
}

/** The map of lists, where it has anything of that name; else the plain one. */
function valuesIn(
  event: Record_,
  maps: readonly [string, string],
  isNamed: (key: string) => boolean,
): string[] {
  for (const [i, name] of maps.entries()) {
    const map = event[name];
    if (!isObject(map)) continue;
    const found = Object.entries(map).filter(([key]) => isNamed(key));
    const values = found.flatMap(([, value]) => (i === 0 ? value : [value]));
    if (values.length > 0) return values.filter((value) => typeof value === 'string');
  }
  return [];
}

interface Decoded {
  readonly header: ReadonlyMap<string, Json>;
  readonly claims: ReadonlyMap<string, Json>;
  readonly input: string;
  readonly signature: Buffer;
}

function decode(token: string): Decoded | undefined {
  const parts = token.split('.');
  const [head, payload, signature] = parts.map(bytesOf);
  if (parts.length !== 3 || head === undefined || payload === undefined || signature === undefined)
    return undefined;
  const header = readStrictObject(head);
  const claims = readStrictObject(payload);
  if (header === undefined || claims === undefined) return undefined;
  const alg = header.get('alg');
  if (typeof alg !== 'string' || alg.toLowerCase() === 'none' || header.has('crit')) return undefined;
  if (header.has('b64') && header.get('b64') !== true) return undefined;
  return { header, claims, input: `${parts[0]}.${parts[1]}`, signature };
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** How many bits of the last digit belong to no byte. */
const SPARE_BITS: Readonly<Record<number, number>> = { 0: 0, 2: 4, 3: 2 };

function bytesOf(part: string): Buffer | undefined {
  const spare = SPARE_BITS[part.length % 4];
  if (part === '' || spare === undefined || !/^[A-Za-z0-9_-]*$/.test(part)) return undefined;
  if (DIGITS.indexOf(part.at(-1) ?? '') % 2 ** spare !== 0) return undefined;
  return Buffer.from(part, 'base64url');
}

function verified(
  decoded: Decoded | undefined,
  { world, policy, verifier }: { world: World; policy: PolicyFile; verifier: Verifier | undefined },
): Identity {
  if (decoded === undefined) return { kind: 'denied', stage: 'decode' };
  const { header, claims } = decoded;
  const alg = header.get('alg');
  if (verifier === undefined || !verifier.algorithms.some((allowed) => allowed === alg))
    return { kind: 'denied', stage: 'algorithm' };
  const isHeld = verifier.signers.some(
    (signer) => mayBe(signer, header, policy) && holds(decoded, String(alg), signer.publicKey),
  );
  if (!isHeld) return { kind: 'denied', stage: 'signature' };
  if (!areRight(header, claims, policy)) return { kind: 'denied', stage: 'claims' };
  const stored = world.credentials && credentialOf(claims, world.credentials);
  if (world.credentials !== undefined && stored === undefined) return { kind: 'denied', stage: 'consumer' };
  const scopes =
    stored?.scopes ?? (policy.scopeClaim === undefined ? [] : scopesIn(claims.get(policy.scopeClaim)));
  return { kind: 'authenticated', stage: 'passed', claims, scopes };
}

/** In a key set, a name in the header chooses. */
function mayBe({ kid }: Signer, header: ReadonlyMap<string, Json>, { jwksUri }: PolicyFile): boolean {
  return jwksUri === undefined || !header.has('kid') || header.get('kid') === kid;
}

/** RFC 7518 §3: the key's own kind fixes what it can do. */
function holds({ input, signature }: Decoded, alg: string, key: KeyObject): boolean {
  const hash = `sha${alg.slice(2)}`;
  const bytes = Buffer.from(input);
  switch (alg.slice(0, 2)) {
    case 'HS':
      return key.type === 'secret' && createHmac(hash, key).update(bytes).digest().equals(signature);
    case 'RS':
      return key.asymmetricKeyType === 'rsa' && verify(hash, bytes, key, signature);
    case 'PS': {
      const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants;
      return key.asymmetricKeyType === 'rsa' && verify(hash, bytes, { key, padding, saltLength }, signature);
    }
    case 'ES': {
      const [curve, size] =
        ({ ES256: ['prime256v1', 64], ES384: ['secp384r1', 96], ES512: ['secp521r1', 132] } as const)[alg] ??
        [];
      if (key.asymmetricKeyDetails?.namedCurve !== curve || signature.length !== size) return false;
      return verify(hash, bytes, { key, dsaEncoding: 'ieee-p1363' }, signature);
    }
    default:
      return false;
  }
}

function areRight(
  header: ReadonlyMap<string, Json>,
  claims: ReadonlyMap<string, Json>,
  policy: PolicyFile,
): boolean {
  const { clockToleranceSeconds: leeway = 0, requireExp = true, maxAgeSeconds, tokenTypes } = policy;
  const [exp, nbf, iat] = ['exp', 'nbf', 'iat'].map((name) => claims.get(name));
  for (const time of [exp, nbf, iat]) if (time !== undefined && !Number.isFinite(time)) return false;
  for (const name of ['sub', 'iss', 'jti'])
    if (claims.has(name) && typeof claims.get(name) !== 'string') return false;
  if (exp === undefined ? requireExp : NOW_SECONDS >= Number(exp) + leeway) return false;
  if (nbf !== undefined && NOW_SECONDS < Number(nbf) - leeway) return false;
  if (iat !== undefined && Number(iat) > NOW_SECONDS + 60) return false;
  if (maxAgeSeconds !== undefined && (iat === undefined || NOW_SECONDS - Number(iat) > maxAgeSeconds))
    return false;
  if (tokenTypes !== undefined) {
    const typ = header.get('typ');
    const plain = (type: string) => type.toLowerCase().replace(/^application\//, '');
    if (typeof typ !== 'string' || !tokenTypes.map(plain).includes(plain(typ))) return false;
  }
  const issuers = listed(policy.issuer);
  if (issuers.length > 0 && !issuers.some((issuer) => issuer === claims.get('iss'))) return false;
  const audiences = listed(policy.audience);
  const aud = claims.get('aud');
  const named = Array.isArray(aud) ? aud : [aud];
  if (audiences.length > 0 && !audiences.some((audience) => named.includes(audience))) return false;
  return Object.entries(policy.requiredClaims ?? {}).every(([name, values]) => {
    const claim = claims.get(name);
    const held = Array.isArray(claim) ? claim : [claim];
    return values.some((value) => held.includes(value));
  });
}

function credentialOf(claims: ReadonlyMap<string, Json>, stored: Readonly<Record<string, StoredCredential>>) {
  const sub = claims.get('sub');
  const credential = typeof sub === 'string' && Object.hasOwn(stored, sub) ? stored[sub] : undefined;
  return credential?.counts ? credential : undefined;
}

const SCOPE = /^[!#-[\]-~]+$/;
function scopesIn(claim: Json | undefined): readonly string[] {
  const entries = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return entries.filter((entry) => typeof entry === 'string' && SCOPE.test(entry));
}

/** Of a rule's template and a resource of the API; what is not in it is worked out from the path. */
const ALWAYS: Readonly<Record<string, readonly string[]>> = {
  '/orders': ['/orders'],
  '/orders/{id}': ['/orders/{id}'],
  '/orders/{id}/items': [],
  '/admin/{proxy+}': ['/admin/{proxy+}'],
  '/': [],
};

function authorized({ file: { routes } }: World, seen: Seen, identity: Identity): Expectation {
  const rules = (routes ?? []).filter(({ scopes }) => scopes.length > 0);
  const { kind, claims } = identity;
  const passed = { kind, stage: 'passed', ...(claims !== undefined && { claims }) } as const;
  const denied = { kind: 'denied', stage: 'routes' } as const;
  if (rules.length === 0) return passed;
  if (seen.isToken) return { kind: 'malformed event', stage: 'routes' };
  const { resource, httpMethod, path } = seen.event;
  const method = String(httpMethod).toUpperCase();
  const asked = rules.filter(({ methods }) => isFor(methods, method));
  const lacks = ({ scopes }: RouteFile) => !scopes.every((scope) => identity.scopes?.includes(scope));
  const known = ALWAYS[String(resource)];
  if (known !== undefined) {
    const holding = asked.filter(({ paths }) => paths.some((one) => known.includes(one)));
    return holding.some(lacks) ? denied : passed;
  }
  const unsure = { ...passed, kind: 'unsure', stage: 'routes' } as const;
  if (resource !== '/{proxy+}') return unsure;
  // Only the path tells. Of a plain one everybody says the same; what others mean is for test/property to prove.
  const isPlain =
    typeof path === 'string' &&
    /^(?:\/[A-Za-z0-9_]+)+\/?$/.test(path) &&
    trimmed(path) === trimmed(seen.arnPath);
  if (!isPlain) return unsure;
  const segments = trimmed(path).toLowerCase().split('/').slice(1);
  return asked.some((rule) => rule.paths.some((one) => leadsTo(one, segments)) && lacks(rule))
    ? denied
    : passed;
}

const trimmed = (path: string): string => (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path);
const isFor = (methods: readonly string[] | undefined, method: string): boolean =>
  methods === undefined || methods.includes(method) || (method === 'HEAD' && methods.includes('GET'));

function leadsTo(template: string, segments: readonly string[]): boolean {
  const [one, two] = segments;
  if (template === '/orders') return one === 'orders' && segments.length === 1;
  if (template === '/orders/{id}') return one === 'orders' && segments.length === 2;
  return one === 'admin' && two !== undefined;
}
