/** Wishes as the configuration and the commands make them. */
import type { Wish } from '../../lambda/attachment/wish.ts';
import { parseSelector } from '../../lambda/config/selector.ts';
import type { Selector } from '../../lambda/config/types.ts';

export const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:111122223333:function:authorizer';
export const OWNER = 'arn:aws:cloudformation:us-east-1:111122223333:stack/jwt/1/Attachment';

/** All methods of `prod`; answers kept under the Authorization header alone. */
export const wishOf = (wish: Partial<Wish> = {}): Wish => ({
  restApiId: 'api1',
  owner: OWNER,
  stages: ['prod'],
  selectors: [],
  keyed: {
    policies: [{ tokenPlace: { in: 'header', name: 'authorization', scheme: 'bearer' }, passThrough: false }],
    routes: [],
    authorizerCacheSeconds: 300,
  },
  handler: { functionArn: `${FUNCTION_ARN}:1` },
  takeOver: false,
  deployPendingChanges: false,
  onDetach: 'restore',
  ...wish,
});

/** @throws Error for what is no selector */
export function selectors(...texts: readonly string[]): readonly Selector[] {
  return texts.map((text) => {
    const selector = parseSelector(text);
    if (typeof selector === 'string') throw new Error(`${text}: ${selector}`);
    return selector;
  });
}
