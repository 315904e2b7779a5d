import { parseDocument, type Tags } from 'yaml';
import { hasMoreLevels, isDeeper } from '../../../lambda/config/yaml-levels.ts';
import type { Notes } from './finding.ts';

/** Stands for what is no data: the functions and expressions of JavaScript that Express Gateway's YAML may hold. */
const NOT_DATA = Symbol('not data');

const MOST_LEVELS = 100;
/** What one mistake brings with it can be as long as the file. */
const MOST_ERRORS = 20;
const TOO_DEEP = `more than ${MOST_LEVELS} levels, or an alias within its own anchor; write the values out`;

const BOOLEAN_TAG = 'tag:yaml.org,2002:bool';

/**
 * YAML (or JSON) as js-yaml 3 reads it, which Express Gateway uses: YAML 1.1 with its dates, octal and
 * sexagesimal numbers, but with no booleans beside true and false.
 * @returns undefined where it cannot be read; the problems are added to the notes, and quote nothing.
 */
export function parseGatewayYaml(text: string, notes: Notes): unknown {
  const document = documentOf(text);
  if (document === undefined) {
    notes.problem('yaml_invalid', '', TOO_DEEP);
    return undefined;
  }
  const errors = [...document.errors, ...document.warnings];
  for (const { code, pos } of errors.slice(0, MOST_ERRORS)) {
    const line = text.slice(0, pos[0]).split('\n').length;
    notes.problem(
      'yaml_invalid',
      `line ${line}`,
      `not valid YAML (${code}), after variables were put in; a value with special characters needs quotes`,
    );
  }
  if (errors.length > 0) return undefined;
  try {
    const value: unknown = document.toJS();
    if (!isDeeper(value, MOST_LEVELS)) return value;
    notes.problem('yaml_invalid', '', TOO_DEEP);
    return undefined;
  } catch {
    notes.problem(
      'yaml_invalid',
      '',
      'an alias without its anchor, or too many aliases; write the values out',
    );
    return undefined;
  }
}

/** @returns undefined where it is nested beyond what can be read. */
function documentOf(text: string) {
  if (hasMoreLevels(text, MOST_LEVELS)) return undefined;
  return parseDocument(text, {
    version: '1.1',
    prettyErrors: false,
    logLevel: 'error',
    customTags: (tags) => [...tags.map(asInJsYaml), ...javascriptTags],
  });
}

function asInJsYaml(tag: Tags[number]): Tags[number] {
  if (typeof tag === 'string' || tag.tag !== BOOLEAN_TAG || !('test' in tag)) return tag;
  return {
    ...tag,
    test: tag.test?.test('true') ? /^(?:true|True|TRUE)$/ : /^(?:false|False|FALSE)$/,
  } as Tags[number];
}

const javascriptTags: Tags = ['regexp', 'function', 'undefined'].map((name) => ({
  tag: `tag:yaml.org,2002:js/${name}`,
  resolve: () => NOT_DATA,
}));
