import { badRequest } from './refused.ts';

const DEFAULT_LIMIT = 25;
const MOST = 500;

/**
 * A page of a collection. `position` says where the last page ended by id, so that a collection that changes in
 * between gives each item that stays exactly once. Items come by id: AWS promises no order (**unproven** which it
 * has), and ids tell nothing about paths.
 *
 * A limit over 500 is refused: **unproven**, the page only says that 500 is the most.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetResources.html: 25 by default, at most 500
 */
export function pageOf<T extends { readonly id: string }>(
  all: readonly T[],
  query: URLSearchParams,
): { readonly items: readonly T[]; readonly position?: string } {
  const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) throw badRequest('Invalid limit specified');
  const after = positionOf(query.get('position'));
  const rest = all
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .filter(({ id }) => after === undefined || id > after);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return rest.length > limit && last !== undefined ? { items, position: opaque(last.id) } : { items };
}

const opaque = (id: string) => Buffer.from(JSON.stringify({ after: id })).toString('base64url');

function positionOf(position: string | null): string | undefined {
  if (position === null) return undefined;
  try {
    return String(JSON.parse(Buffer.from(position, 'base64url').toString()).after);
  } catch {
    throw badRequest('Invalid position parameter');
  }
}
