/** What a change of something stored may hold: every problem of an input at once. */
import { type Check, filledText, freeProperties, maybe, name, pem, scopeList, secret } from './checks.ts';
import { applicationChecks, collect, keyProblems, userChecks } from './input.ts';
import type { ApplicationChanges, InputProblem, NewKey, ScopeChange, UserChanges } from './store.ts';

const MAX_SCOPES_OF_CREDENTIAL = 200;
const MAX_KEY = 16_384;
const MAX_OVERLAP_SECONDS = 31_536_000;

/** `null` takes the field away. */
const clearable =
  (check: Check): Check =>
  (value) =>
    value === null ? undefined : check(value);

const { firstname, lastname, email, redirectUri, properties } = userChecks;
const userFields = { firstname, lastname, email, redirectUri, properties };
const applicationFields = {
  redirectUri: applicationChecks.redirectUri,
  properties: applicationChecks.properties,
};

const clearableFields = (checks: Readonly<Record<string, Check>>) =>
  Object.fromEntries(
    Object.entries(checks).map(([field, check]) => [
      field,
      field === 'properties' ? check : clearable(check),
    ]),
  );

export const userChangesProblems = (changes: UserChanges): readonly InputProblem[] =>
  collect({ ...changes }, clearableFields(userFields));

export const applicationChangesProblems = (changes: ApplicationChanges): readonly InputProblem[] =>
  collect({ ...changes }, { name: maybe(name), ...clearableFields(applicationFields) });

/** The properties as a change would leave them. */
export const propertiesProblems = (properties: Readonly<Record<string, unknown>>): readonly InputProblem[] =>
  collect({ properties }, { properties: freeProperties(new Set()) });

export function scopeChangeProblems(change: ScopeChange): readonly InputProblem[] {
  const [scopes] = Object.values(change);
  return collect({ scopes }, { scopes: scopeList(0, MAX_SCOPES_OF_CREDENTIAL) });
}

const overlap: Check = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= MAX_OVERLAP_SECONDS
    ? undefined
    : `must be 0 to ${MAX_OVERLAP_SECONDS} whole seconds`;

export function newKeyProblems(input: NewKey): readonly InputProblem[] {
  const problems = collect(
    { ...input },
    {
      keySecret: maybe(secret(MAX_KEY)),
      publicKey: maybe(pem(MAX_KEY)),
      algorithm: maybe(filledText(256)),
      overlapSeconds: maybe(overlap),
    },
  );
  return problems.length > 0 ? problems : keyProblems(input);
}
