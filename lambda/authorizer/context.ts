import type { APIGatewayAuthorizerResultContext } from 'aws-lambda';
import type { AuthenticatedCaller, Caller } from './caller.ts';
import { jsonBytes } from './json-bytes.ts';
import { hasControl, printable } from './printable.ts';
import type { JsonObject } from './strict-json.ts';

/** Leaves room for the rest of the answer, and for the headers that are made of it. */
const MAXIMUM_BYTES = 7000;

/** Base64url is one byte a unit; what is JSON already has no controls and no lone surrogates. */
const UNIT_BYTES = { claimsBase64url: 1, claimsJson: 3 };

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
 */
export function contextOf(
  caller: Caller,
  { nothing = '', maximumBytes = MAXIMUM_BYTES } = {},
): APIGatewayAuthorizerResultContext {
  if (caller.kind === 'anonymous') return { anonymous: 'true', ...fixedEntries(undefined, nothing) };
  const fixed = { authenticated: 'true', ...fixedEntries(caller, nothing) };
  const claimsJson = JSON.stringify(caller.claims);
  const withJson = { ...fixed, claimsJson };
  const withBoth = { ...withJson, claimsBase64url: Buffer.from(claimsJson).toString('base64url') };
  const all = { ...flatClaims(caller.claims), ...withBoth };
  const limit = Math.min(maximumBytes, MAXIMUM_BYTES);
  return [all, withBoth, withJson].find((context) => jsonBytes(context, limit, UNIT_BYTES) <= limit) ?? fixed;
}

/** Always there: an API that maps them to headers must always find them. */
function fixedEntries(
  caller: AuthenticatedCaller | undefined,
  nothing: string,
): APIGatewayAuthorizerResultContext {
  const credential = caller?.found?.credential;
  const issuer = caller?.claims['iss'];
  return {
    consumerId: credential?.consumerId || nothing,
    consumerType: credential?.consumerType || nothing,
    username: caller?.found?.holder.user?.username || nothing,
    credentialId: credential?.keyId || nothing,
    scopes: caller?.scopes.join(' ') || nothing,
    issuer: (typeof issuer === 'string' && printable(issuer)) || nothing,
    claimsBase64url: nothing,
  };
}

/** Scalar claims under their own names, where name and value can pass for nothing else. */
function flatClaims(claims: JsonObject): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const name of Object.keys(claims)) {
    const value = claims[name];
    const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (!isScalar || !isPlainName(name)) continue;
    const text = String(value);
    if (!hasControl(text)) flat[name] = text;
  }
  return flat;
}

function isPlainName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name) && !RESERVED.has(name.toLowerCase());
}
