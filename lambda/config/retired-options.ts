import { joinPath } from './path.ts';
import { isRecord } from './record.ts';

/**
 * An option of `authorizer.config.yml` that is on its way out: first it is deprecated, and works with a warning; a major version
 * refuses it with the same words.
 */
export interface RetiredOption {
  /** Where it stands, such as `jwt.tokenSource` or `plans.*.limit`: `*` is any name, and lists are looked into. */
  readonly at: string;
  /** The minor version that deprecated it. */
  readonly since: string;
  /** The major version that refuses it, and whose schema no longer has it. */
  readonly removedIn?: string;
  /** What to write in its place: the end of a sentence. */
  readonly instead: string;
}

/** Those there are. What is deprecated here says so in its description in `schema.ts` too. */
export const RETIRED_OPTIONS: readonly RetiredOption[] = [];

/** @param value the file's content. @returns a sentence for each place where a deprecated option stands. */
export function deprecationsIn(
  value: unknown,
  options: readonly RetiredOption[] = RETIRED_OPTIONS,
): readonly string[] {
  return options
    .filter(({ removedIn }) => removedIn === undefined)
    .flatMap(({ at, since, instead }) =>
      placesOf(value, at.split('.')).map(
        (path) =>
          `${path}: deprecated since ${since}, and refused from the next major version on; ${instead}`,
      ),
    );
}

/** @param path of a key that the schema does not have. @returns why, where it had it once: the end of a sentence. */
export function removalAt(
  path: string,
  options: readonly RetiredOption[] = RETIRED_OPTIONS,
): string | undefined {
  const names = path.replaceAll(/\[\d+\]/g, '').split('.');
  const isAt = ({ at, removedIn }: RetiredOption) => {
    const wanted = at.split('.');
    return (
      removedIn !== undefined &&
      wanted.length === names.length &&
      wanted.every((name, i) => name === '*' || name === names[i])
    );
  };
  const found = options.find(isAt);
  return found && `refused since ${found.removedIn}; ${found.instead}`;
}

function placesOf(value: unknown, names: readonly string[], path = ''): readonly string[] {
  const [name, ...rest] = names;
  if (name === undefined) return [path];
  if (Array.isArray(value)) return value.flatMap((each, i) => placesOf(each, names, `${path}[${i}]`));
  if (!isRecord(value)) return [];
  const keys = Object.keys(value).filter((key) => name === '*' || key === name);
  return keys.flatMap((key) => placesOf(value[key], rest, joinPath(path, [key])));
}
