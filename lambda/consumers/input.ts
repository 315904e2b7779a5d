/** What may be stored: every problem of an input at once. */
import {
  type Check,
  epochSeconds,
  filledText,
  flag,
  freeProperties,
  keyId,
  maybe,
  name,
  pem,
  recordId,
  scopeList,
  secret,
  text,
} from './checks.ts';
import { publicKeyProblem } from './key-material.ts';
import type { InputProblem, InvalidInput, NewApplication, NewCredential, NewUser } from './store.ts';

const MAX_REFERENCE = 256;
const MAX_TEXT = 2_048;
const MAX_KEY = 16_384;
const MAX_SCOPES_OF_CREDENTIAL = 200;
/** DynamoDB allows 300 operators and 4 kB in a condition; each new scope takes three and 40 bytes. */
const MAX_NEW_SCOPES = 50;

const RECORD_FIELDS = [
  ...['id', 'isActive', 'createdAt', 'updatedAt', 'properties', 'keySecret', '__proto__'],
  ...['issuedBefore', 'issuedBeforeSeconds'],
];

export const userChecks: Readonly<Record<keyof NewUser, Check>> = {
  id: maybe(recordId),
  username: name,
  firstname: maybe(text(MAX_TEXT)),
  lastname: maybe(text(MAX_TEXT)),
  email: maybe(text(MAX_TEXT)),
  redirectUri: maybe(text(MAX_TEXT)),
  isActive: maybe(flag),
  properties: maybe(
    freeProperties(
      new Set([...RECORD_FIELDS, 'username', 'firstname', 'lastname', 'email', 'redirectUri', 'credentials']),
    ),
  ),
};

export const applicationChecks: Readonly<Record<keyof NewApplication, Check>> = {
  id: maybe(recordId),
  userId: filledText(MAX_REFERENCE),
  name,
  redirectUri: maybe(text(MAX_TEXT)),
  isActive: maybe(flag),
  properties: maybe(freeProperties(new Set([...RECORD_FIELDS, 'userId', 'name', 'redirectUri']))),
};

const credentialChecks: Readonly<Record<keyof NewCredential, Check>> = {
  consumerId: filledText(MAX_REFERENCE),
  keyId: maybe(keyId),
  keySecret: maybe(secret(MAX_KEY)),
  publicKey: maybe(pem(MAX_KEY)),
  algorithm: maybe(text(MAX_REFERENCE)),
  scopes: maybe(scopeList(0, MAX_SCOPES_OF_CREDENTIAL)),
  issuer: maybe(filledText(MAX_TEXT)),
  apiKey: maybe(filledText(MAX_TEXT)),
  plan: maybe(filledText(MAX_REFERENCE)),
  isActive: maybe(flag),
  expiresAtSeconds: maybe(epochSeconds),
  properties: maybe(
    freeProperties(
      new Set([
        ...RECORD_FIELDS,
        ...['keyId', 'type', 'consumerId', 'consumerType', 'ownerUserId', 'scopes', 'issuer', 'apiKey'],
        ...['apiKeyId', 'plan', 'expiresAtSeconds', 'publicKey', 'algorithm'],
      ]),
    ),
  ),
};

export const userProblems = (input: NewUser): readonly InputProblem[] => collect({ ...input }, userChecks);

export const applicationProblems = (input: NewApplication): readonly InputProblem[] =>
  collect({ ...input }, applicationChecks);

export function credentialProblems(input: NewCredential): readonly InputProblem[] {
  const problems = collect({ ...input }, credentialChecks);
  return problems.length > 0 ? problems : [...keyProblems(input), ...apiKeyProblems(input)];
}

const apiKeyProblems = ({ apiKey, plan }: NewCredential): readonly InputProblem[] =>
  apiKey !== undefined && plan !== undefined
    ? [{ field: 'apiKey', problem: 'must not stand beside a plan, for which one is made' }]
    : [];

export const scopesProblems = (scopes: readonly string[]): readonly InputProblem[] =>
  collect({ scopes }, { scopes: scopeList(1, MAX_NEW_SCOPES) });

export const invalid = (problems: readonly InputProblem[]): InvalidInput => ({
  ok: false,
  code: 'invalid_input',
  problems,
});

/** @param key whose parts are each well-formed. */
export function keyProblems({
  keySecret,
  publicKey,
  algorithm,
}: Pick<NewCredential, 'keySecret' | 'publicKey' | 'algorithm'>): readonly InputProblem[] {
  if (publicKey === undefined) {
    return algorithm === undefined ? [] : [{ field: 'algorithm', problem: 'needs a publicKey' }];
  }
  if (keySecret !== undefined) return [{ field: 'publicKey', problem: 'must not stand beside a keySecret' }];
  const problem = publicKeyProblem(publicKey, algorithm ?? '');
  return problem === undefined ? [] : [{ field: 'publicKey', problem }];
}

export function collect(
  input: Readonly<Record<string, unknown>>,
  checks: Readonly<Record<string, Check>>,
): readonly InputProblem[] {
  return Object.entries(checks).flatMap(([field, check]) => {
    const problem = check(input[field]);
    return problem === undefined ? [] : [{ field, problem }];
  });
}
