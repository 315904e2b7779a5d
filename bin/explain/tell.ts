import type { AuthorizationRequest } from '../../lambda/authorizer/request.ts';
import type { KeyDescription, TraceStep } from '../../lambda/authorizer/trace.ts';
import type { AuthorizerConfig, JwtPolicy } from '../../lambda/config/types.ts';
import type { CredentialHolder } from '../../lambda/consumers/model.ts';
import type { ExplainedStep, StepName } from './explanation.ts';
import { REMEDIES } from './remedies.ts';
import { list, show, showPlace, showTime } from './show.ts';
import { tellCheck, tellRequired } from './tell-claims.ts';

/** What a step is told with. */
export interface Telling {
  readonly config: AuthorizerConfig;
  /** The one whose turn it is. */
  readonly policy: JwtPolicy;
  /** What the event said; undefined where it said nothing that can be read. */
  readonly request: AuthorizationRequest | undefined;
  /** What the policy's key comes from, for a person. */
  readonly keySource: string;
  /** Of the caller who was found, in the controlled modality. */
  readonly keyId: string | undefined;
  /** Why the token cannot be read, without its text. */
  readonly problems: readonly string[];
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

type Step<K extends TraceStep['step']> = Extract<TraceStep, { step: K }>;

/** What is told of a step: its name, and what only it can say. */
export type Told = Pick<ExplainedStep, 'step' | 'text'> & Partial<ExplainedStep>;

/** @returns undefined where there is nothing to tell. */
export function tell(trace: TraceStep, telling: Telling): ExplainedStep | undefined {
  const told = tellStep(trace, telling);
  if (told === undefined) return undefined;
  const { code } = trace;
  const ended = code === undefined ? {} : { outcome: 'denied' as const, code, remedy: REMEDIES[code] };
  return { outcome: 'passed', policy: telling.policy.index, ...ended, ...told };
}

function tellStep(trace: TraceStep, telling: Telling): Told | undefined {
  switch (trace.step) {
    case 'extract':
      return tellExtract(trace, telling);
    case 'decode':
      return tellDecode(trace, telling);
    case 'issuer':
      return tellIssuer(trace, telling);
    case 'settled':
      return (
        trace.code &&
        told('policy', 'its signature held under a policy that denied it: no other may accept it')
      );
    case 'key_name':
      return (
        trace.code &&
        told('credential', `${show(trace.keyId)} is looked up only for a token that can be valid`)
      );
    case 'algorithm':
      return { ...told('algorithm', `${show(trace.got)}, allowed: ${list(trace.wanted)}`), ...asked(trace) };
    case 'keys':
      return tellKeys(trace, telling);
    case 'signature':
      return tellSignature(trace, telling);
    case 'check':
      return tellCheck(trace, telling);
    case 'required_claim':
      return tellRequired(trace);
    case 'credential':
      return tellCredential(trace, telling);
    case 'consumer':
      return tellConsumer(trace);
    case 'revocation':
      return tellRevocation(trace, telling);
    case 'scopes':
      return tellScopes(trace, telling);
    case 'rule':
      return tellRule(trace, telling);
  }
}

const told = (step: StepName, text: string): Told => ({ step, text });

const asked = ({ wanted, got }: { readonly wanted?: unknown; readonly got?: unknown }) => ({
  ...(wanted !== undefined && { wanted }),
  ...(got !== undefined && { got }),
});

function tellExtract({ place, bytes, code }: Step<'extract'>, { request }: Telling): Told {
  const where = showPlace(place);
  switch (code) {
    case undefined:
      return told('token', `${where}, ${bytes} bytes`);
    case 'token_missing': {
      const isOther = place.in === 'header' && (request?.headerValues(place.name).length ?? 0) > 0;
      const text = isOther ? `what is there is no ${where}` : `none: no ${where}`;
      return { ...told('token', text), remedy: `send it as ${where}` };
    }
    case 'token_ambiguous':
      return told('token', `more than one: ${where}`);
    case 'token_too_large':
      return told('token', `${where} holds more than 8,192 bytes`);
    default:
      return told('token', `what follows the scheme in ${where} is not one token`);
  }
}

function tellDecode({ header = {}, claims = {}, code }: Step<'decode'>, { problems }: Telling): Told {
  if (code !== undefined) return told('format', problems[0] ?? 'it is not what RFC 7519 calls a token');
  const said = (names: readonly string[], from: object) =>
    names
      .filter((name) => Object.hasOwn(from, name))
      .map((name) => `${name} ${show(Reflect.get(from, name))}`);
  return told('format', [...said(['alg', 'typ', 'kid'], header), ...said(['sub', 'iss'], claims)].join(', '));
}

function tellIssuer({ wanted, got, applies }: Step<'issuer'>, { config, policy }: Telling): Told {
  const name = config.policies.length === 1 ? 'the only one' : `jwt[${policy.index}]`;
  if (!applies) {
    const text = `${name} is for ${list(wanted)}; the token's iss is ${show(got)}`;
    return { ...told('policy', text), outcome: 'noted', wanted, ...asked({ got }) };
  }
  const why = wanted.length === 0 ? 'for any issuer' : `for the issuer ${show(got)}`;
  return { ...told('policy', `${name}, ${why}`), ...asked({ wanted, got }) };
}

function tellKeys({ kid, candidates, isNewer, source, code }: Step<'keys'>, { keySource }: Telling): Told {
  const named = (source === 'jwksUri' || source === 'discovery') && kid !== undefined;
  const which = named ? `, kid ${show(kid)}` : '';
  const found = candidates.length === 0 ? 'none fits' : candidates.map(describe).join(' or ');
  const text = `${isNewer ? 'asked anew: ' : ''}${found} (${keySource}${which})`;
  const isNone = candidates.length === 0 && code === undefined;
  return { ...told('key', text), ...(isNone && { outcome: 'noted' }) };
}

function tellSignature({ code }: Step<'signature'>, { policy }: Telling): Told {
  if (code === undefined) return told('signature', 'holds');
  if (code === 'algorithm_not_allowed') return told('signature', 'such a key cannot do the algorithm');
  const isOwn = policy.keySource.kind === 'credential';
  const remedy = "sign it with the credential's own keySecret or private key";
  return { ...told('signature', 'does not hold under this key'), ...(isOwn && { remedy }) };
}

function describe({ type, size }: KeyDescription): string {
  if (type === 'secret') return `a secret of ${size} bytes`;
  return type === 'ec' ? `EC ${size}` : `${type.toUpperCase()}, ${size} bits`;
}

function tellCredential({ keyId, credential, code }: Step<'credential'>, { nowMs }: Telling): Told {
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

function tellConsumer({ credential, holder }: Step<'consumer'>): Told {
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

function tellRevocation(
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

function tellScopes({ scopes, credentialScopes, scopeClaim }: Step<'scopes'>, { config }: Telling): Told {
  const isAsked = config.routes.some((rule) => rule.scopes.length > 0);
  const sources = [
    ...(credentialScopes === undefined ? [] : [`the credential (${list(credentialScopes)})`]),
    ...(scopeClaim === undefined ? [] : [`the token's ${scopeClaim.join('.')}`]),
  ];
  const text = `${list(scopes)}, by ${list(sources, 'no source of scopes')}`;
  return { ...told('scopes', text), outcome: isAsked ? 'noted' : 'skipped', got: scopes };
}

function tellRule({ rule, path, missing, code }: Step<'rule'>, { policy, keyId }: Telling): Told {
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
  const byToken = policy.scopeClaim && `a token with them in ${policy.scopeClaim.join('.')}`;
  const ways = [byCredential, byToken].filter((way) => way !== undefined);
  return { ...base, text, ...(ways.length > 0 && { remedy: ways.join(', and ') }) };
}
