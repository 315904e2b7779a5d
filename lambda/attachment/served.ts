import { type MethodName, routeOf } from './live.ts';
import { holderOf } from './naming.ts';
import { select } from './select.ts';
import type { Snapshot } from './snapshot.ts';
import type { Wish } from './wish.ts';

/**
 * What a wish means among the methods that a stage serves, which need not be those of the working copy: there the same
 * request can have another method.
 *
 * @returns `open`: methods without an authorizer of the owner's, meant or not; `meant`: those that answer a request that the
 * selectors mean, and perhaps others too; `selected`: those that answer no others. All as `GET /orders`, but the last.
 */
export function servedTo({ selectors, owner }: Pick<Wish, 'selectors' | 'owner'>, { methods }: Snapshot) {
  const { selected, split } = select([...methods.keys()].map(methodOf), selectors);
  return {
    open: [...methods]
      .filter(([, { authorizerName }]) => holderOf(authorizerName, owner) !== 'ours')
      .map(([route]) => route),
    meant: new Set([...selected, ...split].map(routeOf)),
    selected,
  };
}

/** Whether somebody who reads the selectors believes a method protected that a stage serves without our authorizer. */
export function servesMeantOpen(wish: Pick<Wish, 'selectors' | 'owner'>, snapshot: Snapshot): boolean {
  const { open, meant } = servedTo(wish, snapshot);
  return open.some((route) => meant.has(route));
}

function methodOf(route: string): MethodName {
  const space = route.indexOf(' ');
  return { httpMethod: route.slice(0, space), path: route.slice(space + 1) };
}
