/**
 * The part of JSON Schema (2020-12, as in OpenAPI 3.1) that the Admin API describes itself with. No examples:
 * nobody shall find a secret to copy.
 */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: 'string' | 'integer' | 'boolean' | 'object' | 'array' | 'null';
  readonly description?: string;
  readonly format?: 'date-time';
  readonly const?: string | number;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: JsonSchema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly default?: number | boolean;
}

type Members = Readonly<Record<string, JsonSchema>>;

/** An object with these members and no others. @param optional those that may be missing. */
export function exactly(properties: Members, optional: readonly string[] = []): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  const names = required.length > 0 && { required };
  return { type: 'object', properties, ...names, additionalProperties: false };
}

/** The same, with free properties beside them. */
export const freely = (properties: Members, optional: readonly string[] = []): JsonSchema => ({
  ...exactly(properties, optional),
  additionalProperties: true,
});

export const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });

/** @returns the names of an object's members, without its free properties. */
export const membersOf = ({ properties = {} }: JsonSchema): readonly string[] => Object.keys(properties);
