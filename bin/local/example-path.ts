import { templateOf } from '../../lambda/config/route-template.ts';

/** `/orders/{id}` as somebody would call it: `/orders/7`. */
export function examplePath(template: string): string {
  return `/${templateOf(template)
    .map((segment) => (segment.kind === 'literal' ? segment.text : '7'))
    .join('/')}`;
}
