import type { APIGatewayAuthorizerResultContext } from 'aws-lambda';
import type { AuthenticatedCaller, Caller } from './caller.ts';
import type { SpelledClaims } from './decode.ts';
import { jsonBytes, LONGEST_UNIT_BYTES } from './json-bytes.ts';
import { hasControl, printable } from './printable.ts';
import type { JsonObject } from './strict-json.ts';

/** Leaves room for the rest of the answer, and for the headers that are made of it. */
export const MAXIMUM_CONTEXT_BYTES = 7000;

/** Base64url is one byte a unit; what is JSON already has no controls and no lone surrogates. */
function unitBytesOf(name: string): number {
  if (name === 'claimsBase64url') return 1;
  return name === 'claimsJson' ? 3 : LONGEST_UNIT_BYTES;
}

/** Names of ours, and of API Gateway's own `$context.authorizer.*`; no claim may stand for one of them. */
const RESERVED = new Set(
  [
    [
      'authenticated',
      'anonymous',
      'consumerId',
      'consumerType',
      'username',
      'credentialId',
      'scopes',
      'issuer',
    ],
    [
      'claimsJson',
      'claimsBase64url',
      'code',
      'error',
      'principalId',
      'usageIdentifierKey',
      'claims',
      'property',
    ],
    ['integrationLatency', 'integrationStatus', 'latency', 'status', 'requestId', 'jwt', 'lambda'],
    ['__proto__', 'constructor', 'prototype'],
  ].flatMap((names) => names.map((name) => name.toLowerCase())),
);

/**
 * What the API and its integrations learn of the caller, as strings (API Gateway makes strings of all).
 * Over 7,000 bytes, the claims under their own names go first, then `claimsBase64url`, then `claimsJson`.
 * @param nothing stands for what there is not to say: see `NOTHING` where API Gateway makes headers of it.
 * @param maximumBytes where the rest of the answer leaves less than those 7,000.
 * @returns undefined where not even the names that are always there fit.
 */
export function contextOf(
  caller: Caller,
  { nothing = '', maximumBytes = MAXIMUM_CONTEXT_BYTES } = {},
): APIGatewayAuthorizerResultContext | undefined {
  if (caller.kind === 'anonymous') return withFixed({ anonymous: 'true' }, undefined, nothing);
  const limit = Math.min(maximumBytes, MAXIMUM_CONTEXT_BYTES);
  const fits = (context: Context) => jsonBytes(context, limit, unitBytesOf) <= limit;
  const { json: claimsJson, base64url: claimsBase64url } = caller.spelled ?? spell(caller.claims);

  const all = withFixed(flatClaims(caller.claims), caller, nothing);
  all['claimsJson'] = claimsJson;
  all['claimsBase64url'] = claimsBase64url;
  if (fits(all)) return all;
  const fixed = withFixed({}, caller, nothing);
  const withJson = { ...fixed, claimsJson };
  return [{ ...withJson, claimsBase64url }, withJson, fixed].find(fits);
}

function spell(claims: JsonObject): SpelledClaims {
  const json = JSON.stringify(claims);
  return { json, base64url: Buffer.from(json).toString('base64url') };
}

type Context = Record<string, string>;

/** Always there: an API that maps them to headers must always find them. @param context they are put into it. */
function withFixed(context: Context, caller: AuthenticatedCaller | undefined, nothing: string): Context {
  const credential = caller?.found?.credential;
  const issuer = caller?.claims['iss'];
  if (caller !== undefined) context['authenticated'] = 'true';
  context['consumerId'] = credential?.consumerId || nothing;
  context['consumerType'] = credential?.consumerType || nothing;
  context['username'] = caller?.found?.holder.user?.username || nothing;
  context['credentialId'] = credential?.keyId || nothing;
  context['scopes'] = caller?.scopes.join(' ') || nothing;
  context['issuer'] = (typeof issuer === 'string' && printable(issuer)) || nothing;
  context['claimsBase64url'] = nothing;
  return context;
}

/** Scalar claims under their own names, where name and value can pass for nothing else. */
function flatClaims(claims: JsonObject): Context {
  const flat: Context = {};
  for (const name of Object.keys(claims)) {
    const value = claims[name];
    if (typeof value === 'string') {
      if (isPlainName(name) && !hasControl(value)) flat[name] = value;
    } else if (typeof value === 'number' || typeof value === 'boolean') {
      if (isPlainName(name)) flat[name] = String(value);
    }
  }
  return flat;
}

/** What names came to: an issuer's tokens have the same ones. */
const plainNames = new Map<string, boolean>();
const NAMES_AT_MOST = 500;

function isPlainName(name: string): boolean {
  const known = plainNames.get(name);
  if (known !== undefined) return known;
  const isPlain = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name) && !RESERVED.has(name.toLowerCase());
  if (plainNames.size >= NAMES_AT_MOST) plainNames.clear();
  plainNames.set(name, isPlain);
  return isPlain;
}
