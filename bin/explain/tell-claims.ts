import { list, show, showTime } from './show.ts';
import type { Step, Telling, Told } from './telling.ts';

type Check = Step<'check'>;
type Required = Step<'required_claim'>;

/** What a check of claims saw; `skipped` where the policy or the token has nothing that it is about. */
export function tellCheck(check: Check, telling: Telling): Told {
  const { name, wanted, got } = check;
  return {
    step: 'claim',
    name,
    ...(wanted !== undefined && { wanted }),
    ...(got !== undefined && { got }),
    ...(isIdle(check) && { outcome: 'skipped' }),
    text: isIdle(check) ? whyIdle(name) : textOf(check, telling),
  };
}

export function tellRequired({ name, wanted, got, code }: Required): Told {
  const oneOf = wanted === undefined ? 'wanted' : `wanted: ${wanted.map(show).join(' or ')}`;
  return {
    step: 'claim',
    name,
    ...(wanted !== undefined && { wanted }),
    ...(got !== undefined && { got }),
    text: code === 'claim_missing' ? `not there, ${oneOf}` : `${show(got)}, ${oneOf}`,
  };
}

function isIdle({ name, wanted, got, code }: Check): boolean {
  if (code !== undefined || name === 'exp') return false;
  if (name === 'types') return true;
  if (name === 'nbf' || name === 'iat') return got === undefined;
  return wanted === undefined || (Array.isArray(wanted) && wanted.length === 0);
}

/** The option that would ask for it. */
const OPTIONS = { typ: 'tokenTypes', age: 'maxAgeSeconds', iss: 'issuer', aud: 'audience' } as const;

function whyIdle(name: Check['name']): string {
  if (name in OPTIONS)
    return `not asked for: the configuration has no ${OPTIONS[name as keyof typeof OPTIONS]}`;
  return name === 'types' ? 'each claim is of its type' : `not asked for: the token has no ${name}`;
}

function textOf({ name, wanted, got }: Check, { policy, nowMs }: Telling): string {
  const options = Array.isArray(wanted) ? list(wanted.map(String)) : show(wanted);
  switch (name) {
    case 'types':
      return 'exp, nbf and iat must be numbers; sub, iss and jti texts';
    case 'exp': {
      const leeway = policy.clockToleranceSeconds;
      const tolerance = leeway > 0 ? `, ${leeway} s of leeway` : '';
      return got === undefined ? 'none: it never expires' : `${showTime(got, nowMs)}${tolerance}`;
    }
    case 'nbf':
    case 'iat':
      return showTime(got, nowMs);
    case 'age':
      return `issued ${showTime(got, nowMs)}, at most ${options} s ago`;
    default:
      return `${show(got)}, allowed: ${options}`;
  }
}
