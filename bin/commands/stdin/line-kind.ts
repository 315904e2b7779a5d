import type { ConsumerApi, Json } from '../../consumers/consumer-api.ts';

/** What one kind of lines becomes. */
export interface LineKind {
  /** Where it is created. */
  readonly path: string;
  /** @param line a JSON object; a text is taken as `{scope}`. */
  readonly toBody: (line: Json) => Json;
  /** How a record of a body is looked for. @default not: a refusal tells that it is there */
  readonly openFind?: (api: ConsumerApi) => Find;
  /** Whether a body holds what cannot be compared with a record that is there. @default false */
  readonly hasUncompared?: (body: Json) => boolean;
  /** What stands for a record with -q. @default its id, or the scope */
  readonly quietly?: (record: Json, body: Json) => string;
}

/**
 * Looks for the record that a body means.
 * @returns `unknown` where it cannot be told.
 * @throws CommandFailure when its name is there, but stands for something else.
 */
export type Find = (body: Json) => Promise<'there' | 'absent' | 'unknown'>;
