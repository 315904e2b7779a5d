import { quote } from '../../../lambda/config/quote.ts';
import { ALGORITHMS } from '../../../lambda/config/types.ts';
import { type Notes, shownName } from './finding.ts';
import { type ImportedKey, KEY_OPTIONS, keyOf } from './key.ts';
import type { ReadGatewayFile } from './key-file.ts';
import { refuseMissing, type Step } from './read.ts';

/** A jwt policy of Express Gateway in our words, but for where its key is written. */
export interface ImportedPolicy {
  readonly at: string;
  readonly key: ImportedKey;
  /** As `authorizer.config.yml` has them, without the key and passThrough. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly passThrough: boolean;
}

type Action = Readonly<Record<string, unknown>>;

const OPTIONS = [
  ...KEY_OPTIONS,
  'jwtExtractor',
  'jwtExtractorField',
  'audience',
  'issuer',
  'checkCredentialExistence',
  'passThrough',
  'algorithms',
  // False in Express Gateway, whatever is written.
  'session',
];

/** @returns undefined where there are problems, which are added to the notes. */
export function importJwtAction(
  { action, at }: Pick<Step, 'action' | 'at'>,
  { notes, readFile }: { notes: Notes; readFile: ReadGatewayFile },
): ImportedPolicy | undefined {
  if (!refuseMissing(action, at, notes)) return undefined;
  const before = notes.problems.length;
  const key = keyOf(action, { at, notes, readFile });
  const options = {
    ...algorithmsOf(action, { at, notes, key }),
    ...tokenPlaceOf(action),
    ...claimOf('audience', action, { at, notes }),
    ...claimOf('issuer', action, { at, notes }),
    checkCredentialExistence: flagOf('checkCredentialExistence', action, { at, notes }) ?? true,
    requireExp: false,
  };
  const passThrough = flagOf('passThrough', action, { at, notes }) ?? false;
  for (const option of Object.keys(action).filter((name) => !OPTIONS.includes(name))) {
    notes.leaveOut(
      'option_left_out',
      `${at}.${shownName(option)}`,
      "Express Gateway's jwt policy has no such option",
    );
  }
  if (key === undefined || notes.problems.length > before) return undefined;
  return { at, key, options, passThrough };
}

interface Place {
  readonly at: string;
  readonly notes: Notes;
}

/** authBearer uses no field, and here may have none. */
function tokenPlaceOf({ jwtExtractor, jwtExtractorField }: Action): Record<string, unknown> {
  if (jwtExtractor === undefined || jwtExtractor === 'authBearer') return {};
  return { jwtExtractor, ...(isSet(jwtExtractorField) && { jwtExtractorField: asText(jwtExtractorField) }) };
}

/** Express Gateway does not check an empty audience or issuer. */
function claimOf(name: 'audience' | 'issuer', action: Action, { at, notes }: Place): Record<string, unknown> {
  const value = action[name];
  if (value === undefined) return {};
  if (isSet(value)) return { [name]: asText(value) };
  notes.warn(
    'claim_unchecked',
    `${at}.${name}`,
    `it is empty, so tokens of any ${name} are accepted, as in Express Gateway`,
  );
  return {};
}

/**
 * `'false'` in quotes is false for an option that Express Gateway's schema knows, and true for passThrough,
 * which it does not know there. What was meant cannot be told, so it is refused.
 */
function flagOf(name: 'checkCredentialExistence' | 'passThrough', action: Action, { at, notes }: Place) {
  const value = action[name];
  if (value === undefined || typeof value === 'boolean') return value;
  notes.problem('value_invalid', `${at}.${name}`, 'give true or false, without quotes');
  return undefined;
}

/** What Express Gateway's schema makes of a number or a flag; others are left for our parser to judge. */
function asText(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** A list with HS* beside a public key lets anyone sign: the key is the secret then, and public. */
function algorithmsOf(
  { algorithms }: Action,
  { at, notes, key }: Place & { key: ImportedKey | undefined },
): Record<string, unknown> {
  if (algorithms === undefined) return {};
  const path = `${at}.algorithms`;
  const foreign = Array.isArray(algorithms)
    ? algorithms.find((name) => !ALGORITHMS.includes(name))
    : algorithms;
  if (foreign !== undefined) {
    notes.problem('value_invalid', path, `got ${quote(foreign)}; give a list of ${ALGORITHMS.join(', ')}`);
    return {};
  }
  const list = algorithms as readonly string[];
  if (key?.kind !== 'public' || !list.some((name) => name.startsWith('HS'))) return { algorithms };
  const sound = list.filter((name) => !name.startsWith('HS'));
  const message = `HS* beside a public key lets everybody who knows that key sign tokens; ${sound.join(', ') || 'nothing'} remains`;
  if (sound.length === 0) notes.problem('value_invalid', path, message);
  else notes.warn('forgeable_algorithms_left_out', path, message);
  return { algorithms: sound };
}
