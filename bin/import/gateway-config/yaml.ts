import { parseDocument, type Tags } from 'yaml';
import type { Notes } from './finding.ts';

/** Stands for what is no data: the functions and expressions of JavaScript that Express Gateway's YAML may hold. */
const NOT_DATA = Symbol('not data');

const BOOLEAN_TAG = 'tag:yaml.org,2002:bool';

/**
 * YAML (or JSON) as js-yaml 3 reads it, which Express Gateway uses: YAML 1.1 with its dates, octal and
 * sexagesimal numbers, but with no booleans beside true and false.
 * @returns undefined where it cannot be read; the problems are added to the notes, and quote nothing.
 */
export function parseGatewayYaml(text: string, notes: Notes): unknown {
  const document = parseDocument(text, {
    version: '1.1',
    prettyErrors: false,
    logLevel: 'error',
    customTags: (tags) => [...tags.map(asInJsYaml), ...javascriptTags],
  });
  const errors = [...document.errors, ...document.warnings];
  for (const { code, pos } of errors) {
    const line = text.slice(0, pos[0]).split('\n').length;
    notes.problem(
      'yaml_invalid',
      `line ${line}`,
      `not valid YAML (${code}), after variables were put in; a value with special characters needs quotes`,
    );
  }
  if (errors.length > 0) return undefined;
  try {
    return document.toJS();
  } catch {
    notes.problem(
      'yaml_invalid',
      '',
      'an alias without its anchor, or too many aliases; write the values out',
    );
    return undefined;
  }
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
