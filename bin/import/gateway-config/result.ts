import { parse, stringify } from 'yaml';
import { keyingOf } from '../../../lambda/config/keying.ts';
import { parseConfig } from '../../../lambda/config/parse.ts';
import { ALGORITHMS, type AuthorizerConfig } from '../../../lambda/config/types.ts';
import { warningsOf } from '../../../lambda/config/warnings.ts';
import type { Notes } from './finding.ts';
import type { ImportedPolicy } from './jwt-action.ts';

/** What is to be written. */
export interface ImportResult {
  /** The content of `authorizer.config.yml`: no secret is in it. */
  readonly yaml: string;
  /** The same as data. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: readonly SecretFile[];
}

export interface SecretFile {
  /** As the configuration names it: relative to itself. */
  readonly path: string;
  readonly bytes: Buffer;
}

const HEADER = '# Made of a gateway.config.yml of Express Gateway by: jwt-authorizer import gateway-config\n';

/** Sections that are a help, and left out when our parser refuses them. */
const OPTIONAL = ['upstream', 'cors'] as const;

/** A policy as `authorizer.config.yml` has it, its secret in a file. */
export function writePolicy(
  { key, options, passThrough, at }: ImportedPolicy,
  { secretPath, scopeClaim, notes }: { secretPath: string; scopeClaim: string | undefined; notes: Notes },
): { readonly policy: Readonly<Record<string, unknown>>; readonly secret?: SecretFile } {
  const isShort = key.kind === 'secret' && isTooShort(key.bytes, options['algorithms']);
  if (isShort) {
    const message =
      'the secret is shorter than the hash of an algorithm that it is used with (RFC 7518 §3.2), which is accepted as in Express Gateway; use a longer one, or list shorter algorithms, and take allowShortSecret out';
    notes.warn('short_secret', at, message);
  }
  const policy = {
    ...(key.kind === 'public' ? { secretOrPublicKey: key.pem } : { secretOrPublicKeyFile: secretPath }),
    ...options,
    ...(isShort && { allowShortSecret: true }),
    ...(passThrough && { passThrough }),
    ...(scopeClaim !== undefined && { scopeClaim }),
  };
  return key.kind === 'public' ? { policy } : { policy, secret: { path: secretPath, bytes: key.bytes } };
}

/** Express Gateway takes every HS* that is not excluded, whatever the length of the secret. */
function isTooShort(bytes: Buffer, algorithms: unknown): boolean {
  const listed: readonly unknown[] = Array.isArray(algorithms) ? algorithms : ALGORITHMS;
  const bits = listed.flatMap((name) => /^HS(\d+)$/.exec(String(name))?.[1] ?? []).map(Number);
  return bits.some((bit) => bytes.length < bit / 8);
}

/**
 * The file, as our own parser accepts it.
 * @returns undefined where it does not; its problems are added to the notes.
 */
export function writeResult(
  config: Readonly<Record<string, unknown>>,
  { secrets, notes }: { secrets: readonly SecretFile[]; notes: Notes },
): ImportResult | undefined {
  const yaml = `${HEADER}${stringify(config, { lineWidth: 0 })}`;
  const parsed = parseConfig(parse(yaml), (path) => {
    const file = secrets.find((secret) => secret.path === path);
    if (file === undefined) throw new Error('no such secret');
    return file.bytes;
  });
  if (parsed.ok) {
    if (keyingOf(parsed.config, '/').cacheSeconds > 0) tellCaching(parsed.config, notes);
    for (const warning of warningsOf(parsed.config)) notes.warn('authorizer_warning', '', warning);
    return { yaml, config, secrets };
  }
  for (const section of OPTIONAL) {
    const [first] = parsed.problems.filter(({ path }) => path.split('.')[0] === section);
    if (first === undefined) continue;
    notes.warn(`${section}_left_out`, section, `${first.message}; set ${section} yourself`);
    const { [section]: _, ...rest } = config;
    return writeResult(rest, { secrets, notes });
  }
  for (const { code, path, message } of parsed.problems) {
    notes.problem(code, `authorizer.config.yml: ${path}`, message);
  }
  return undefined;
}

function tellCaching(
  { authorizerCacheSeconds }: Pick<AuthorizerConfig, 'authorizerCacheSeconds'>,
  notes: Notes,
): void {
  const message = `API Gateway keeps an answer for ${authorizerCacheSeconds} seconds, so a token may be good for that much longer than in Express Gateway; authorizerCacheSeconds: 0 ends that`;
  notes.warn('answers_are_cached', '', message);
}
