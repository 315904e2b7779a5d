import { isRecord } from '../../../lambda/config/record.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** A line up to where its last variable may end. Behind that, each `${A:-` would look for an end to no avail. */
const CLOSED = /^.*\}/gm;
const VARIABLE = /\$?\$\{([A-Za-z0-9_]+)(?::-(.*?))?\}/g;
/** Characters for private use: YAML takes them as text, and no configuration has them. */
const MARK = { open: '\ue000', close: '\ue001' };
const MARKED = /\ue000([A-Za-z0-9_]*)\ue001?/g;

/**
 * Puts variables into the text, before it is read as YAML, as Express Gateway does: `${NAME}` and
 * `${NAME:-default}` (an empty default counts as none), `$${NAME}` stays as it is.
 *
 * Where Express Gateway puts the text `null` for a variable that is missing (and so verifies tokens with the
 * secret `null`), a mark is put that {@link missingVariables} finds.
 */
export function substitute(text: string, variables: Variables): string {
  return text.replace(CLOSED, (part) =>
    part.replace(VARIABLE, (found, name: string, fallback: string | undefined) => {
      if (found.startsWith('$$')) return found;
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      return value ?? (fallback || `${MARK.open}${name}${MARK.close}`);
    }),
  );
}

/** The names of the variables that are missing somewhere in a value, keys included. */
export function missingVariables(value: unknown): readonly string[] {
  if (typeof value === 'string') return [...value.matchAll(MARKED)].map(([, name = '']) => name);
  if (Array.isArray(value)) return [...new Set(value.flatMap(missingVariables))];
  if (isRecord(value)) return missingVariables(Object.entries(value).flat());
  return [];
}
