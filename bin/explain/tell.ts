import type { KeyDescription, TraceStep } from '../../lambda/authorizer/trace.ts';
import type { ExplainedStep } from './explanation.ts';
import { REMEDIES } from './remedies.ts';
import { list, show, showPlace } from './show.ts';
import { tellConsumer, tellCredential, tellRevocation, tellRule, tellScopes } from './tell-caller.ts';
import { tellCheck, tellRequired } from './tell-claims.ts';
import { type Step, type Telling, type Told, told } from './telling.ts';

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

const asked = ({ wanted, got }: { readonly wanted?: unknown; readonly got?: unknown }) => ({
  ...(wanted !== undefined && { wanted }),
  ...(got !== undefined && { got }),
});

function tellExtract({ place, bytes, code }: Step<'extract'>, telling: Telling): Told {
  const { request } = telling;
  const where = showPlace(place);
  switch (code) {
    case undefined:
      return told('token', `${where}, ${bytes} bytes`);
    case 'token_missing': {
      const isOther = place.in === 'header' && (request?.headerValues(place.name).length ?? 0) > 0;
      const text = isOther ? `what is there is no ${where}` : `none: no ${where}`;
      return { ...told('token', text), remedy: `send it as ${where}${askedFirst(telling)}` };
    }
    case 'token_ambiguous':
      return told('token', `more than one: ${where}`);
    case 'token_too_large':
      return told('token', `${where} holds more than 8,192 bytes`);
    default:
      return told('token', `what follows the scheme in ${where} is not one token`);
  }
}

/** Of a list, where the token may be meant for a later policy. */
function askedFirst({ config, policy }: Telling): string {
  const isLast = config.policies.at(-1)?.index === policy.index;
  if (isLast || policy.passThrough) return '';
  return `; without passThrough: true, jwt[${policy.index}] leaves nothing to the policies after it`;
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
