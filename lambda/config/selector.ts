import { quote } from './quote.ts';
import { formatTemplate, parseTemplate } from './route-template.ts';
import { HTTP_METHODS } from './schema.ts';
import type { Selector } from './types.ts';

const SHAPE = /^(?<excludes>!?)(?<verb>[A-Za-z]+|\*) +(?<path>\/.*)$/;

/**
 * @param text such as `GET /orders/{id}`; `*` is another spelling of `ANY`.
 * @returns the selector, or a sentence saying what is wrong with it.
 */
export function parseSelector(text: string): Selector | string {
  const { excludes, verb = '', path = '' } = SHAPE.exec(text)?.groups ?? {};
  if (path === '')
    return 'give a method and a path, such as GET /orders/*; with ! in front they are left out';
  const httpMethod = verb === '*' ? 'ANY' : verb.toUpperCase();
  // Preflights carry no token.
  if (httpMethod === 'OPTIONS') return 'OPTIONS stays open in any case; leave it out';
  if (httpMethod !== 'ANY' && !HTTP_METHODS.includes(httpMethod))
    return `${quote(verb)} is no method; give ${VERBS.join(', ')}, or ANY for all of them`;
  const template = parseTemplate(path);
  if (typeof template === 'string') return template;
  return { excludes: excludes === '!', httpMethod, path: formatTemplate(template) };
}

const VERBS = HTTP_METHODS.filter((verb) => verb !== 'OPTIONS');

/** The selector as one writes it. */
export const formatSelector = ({ excludes, httpMethod, path }: Selector): string =>
  `${excludes ? '!' : ''}${httpMethod} ${path}`;
