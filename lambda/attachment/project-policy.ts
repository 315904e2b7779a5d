import { isRecord } from '../config/record.ts';
import { canonicalJson } from './spelling.ts';

/**
 * A resource policy as `GetRestApi` sends it: its quotes and slashes are escaped once more (localstack 3325,
 * terraform-provider-aws 4606).
 * @returns JSON; what cannot be read stays as it is.
 */
export function unescapedPolicy(policy: string): string {
  if (isJson(policy)) return policy;
  try {
    const text: unknown = JSON.parse(`"${policy}"`);
    return typeof text === 'string' ? text : policy;
  } catch {
    return policy;
  }
}

/** In one spelling: statements as a list, and what may be one or a list as a sorted list. */
export function spelledPolicy(policy: unknown): string {
  const document: unknown = typeof policy === 'string' ? parsed(policy) : policy;
  if (!isRecord(document)) return canonicalJson(policy);
  return canonicalJson({ ...document, Statement: listOf(document['Statement']).map(spelledStatement) });
}

function spelledStatement(statement: unknown): unknown {
  if (!isRecord(statement)) return statement;
  return Object.fromEntries(
    Object.entries(statement).map(([name, value]) => [
      name,
      /^(?:Not)?(?:Action|Resource)$/.test(name) ? listOf(value).toSorted() : value,
    ]),
  );
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const isJson = (text: string): boolean => isRecord(parsed(text));

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
