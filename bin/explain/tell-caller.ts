/** Who calls, and what that caller may: the credential, its consumer, scopes, and the rules of the route. */
import { revocationBound } from '../../lambda/config/revocation-bound.ts';
import type { CredentialHolder } from '../../lambda/consumers/model.ts';
import { scopesElsewhere } from './scopes-elsewhere.ts';
import { list, show, showTime } from './show.ts';
import { type Step, type Telling, type Told, told } from './telling.ts';

export function tellCredential({ keyId, credential, code }: Step<'credential'>, { nowMs }: Telling): Told {
  const name = show(keyId);
  if (credential === undefined) {
    const text = keyId === undefined ? 'the token has no sub' : `there is none with the keyId ${name}`;
    return told('credential', text);
  }
  switch (code) {
    case undefined:
      return told('credential', `${name}, active`);
    case 'credential_inactive': {
      const hasEnded =
        credential.expiresAtSeconds !== undefined && credential.expiresAtSeconds <= nowMs / 1000;
      const text = hasEnded ? `${name} has come to its end (expiresAt)` : `${name} is deactivated`;
      const remedy = hasEnded
        ? 'make another: jwt-authorizer credentials create'
        : `jwt-authorizer credentials activate ${argument(keyId)}`;
      return { ...told('credential', text), remedy };
    }
    default: {
      const { issuer } = credential;
      const text = issuer === undefined ? 'names no issuer' : `is for the issuer ${show(issuer)}`;
      return {
        ...told('credential', `${name} ${text}, so this token may not name it`),
        remedy: 'give the credential the issuer whose tokens may name it',
      };
    }
  }
}

export function tellConsumer({ credential, holder }: Step<'consumer'>): Told {
  const states = statesOf(credential.consumerType, holder);
  const off = states.find(({ state }) => state !== 'active');
  const text = states.map(({ what, state }) => `${what}, ${state}`).join('; of ');
  return off?.command === undefined
    ? told('consumer', text)
    : { ...told('consumer', text), remedy: off.command };
}

function statesOf(consumerType: string, { user, application }: CredentialHolder) {
  const ofUser = stateOf('user', 'users', user && { ...user, name: user.username });
  return consumerType === 'user' ? [ofUser] : [stateOf('app', 'apps', application), ofUser];
}

function stateOf(
  kind: string,
  command: string,
  record: { readonly name: string; readonly id: string; readonly isActive: boolean } | undefined,
) {
  if (record === undefined) return { what: kind, state: 'deleted', command: undefined };
  const state = record.isActive ? 'active' : 'deactivated';
  const remedy = `jwt-authorizer ${command} activate ${argument(record.id)}`;
  return { what: `${kind} ${show(record.name)}`, state, command: remedy };
}

/** As a shell takes it; what would need quoting is left for the person. */
const argument = (value: unknown): string =>
  typeof value === 'string' && /^[\w.@:+-]+$/.test(value) ? value : 'IT';

export function tellRevocation(
  { isRevoked, issuedBeforeSeconds, iat, code }: Step<'revocation'>,
  { nowMs }: Telling,
): Told {
  if (code === undefined) return told('revocation', 'not revoked');
  if (isRevoked) return told('revocation', 'this token was revoked');
  const moment = showTime(Math.max(...issuedBeforeSeconds), nowMs);
  const issued =
    iat === undefined ? 'and this one does not say when it was' : `this one ${showTime(iat, nowMs)}`;
  return told('revocation', `all issued before ${moment} are revoked, ${issued}`);
}

export function tellScopes(
  { scopes, credentialScopes, scopeClaim }: Step<'scopes'>,
  { config }: Telling,
): Told {
  const isAsked = config.routes.some((rule) => rule.scopes.length > 0);
  const sources = [
    ...(credentialScopes === undefined ? [] : [`the credential (${list(credentialScopes)})`]),
    ...(scopeClaim === undefined ? [] : [`the token's ${scopeClaim.join('.')}`]),
  ];
  const text = `${list(scopes)}, by ${list(sources, 'no source of scopes')}`;
  return { ...told('scopes', text), outcome: isAsked ? 'noted' : 'skipped', got: scopes };
}

export function tellRule(
  { rule, path, missing, code }: Step<'rule'>,
  { config, policy, keyId, claims = {} }: Telling,
): Told {
  const methods = rule.methods?.join(', ') ?? 'any method';
  const base = { step: 'rule' as const, wanted: rule.scopes };
  if (code === 'path_not_canonical') {
    const text = `the path alone tells whether ${methods} ${path} holds, and this one has two readings`;
    return { ...base, text };
  }
  const lacks = missing.length === 0 ? '' : `; missing: ${list(missing)}`;
  const text = `${methods} ${path} needs ${list(rule.scopes)}${lacks}`;
  if (code === undefined) return { ...base, text };
  const byCredential =
    keyId &&
    `jwt-authorizer credentials scopes add ${missing.map(argument).join(' ')} --id ${argument(keyId)}`;
  const byToken =
    policy.scopeClaim &&
    `have the issuer put ${list(missing)} into the claim \`${policy.scopeClaim.join('.')}\``;
  const bound = byCredential ? revocationBound(config) : undefined;
  const delay =
    bound !== undefined && bound.credentialCacheSeconds > 0
      ? `; that counts within about ${bound.withFlushesSeconds} s (credentialCacheSeconds)`
      : '';
  const ways = [byCredential, byToken].filter((way) => way !== undefined);
  const elsewhere = policy.scopeClaim === undefined ? [] : scopesElsewhere(missing, claims, policy);
  const hint =
    elsewhere.length > 0 ? `; this one has them in ${list(elsewhere)}, which scopeClaim does not name` : '';
  return { ...base, text, ...(ways.length > 0 && { remedy: ways.join(', and ') + delay + hint }) };
}
