import { createHash } from 'node:crypto';
import { keyedProperties } from '../config/keyed-properties.ts';
import { keyingsOf } from '../config/keying.ts';
import type { LiveAuthorizer } from './live.ts';
import type { Handler, Wish } from './wish.ts';

const ANY_OWNER = /^jwt-authorizer-[0-9a-f]{8}-/;

/** What the names of an owner's authorizers begin with. */
export const prefixOf = (owner: string): string =>
  `jwt-authorizer-${createHash('sha256').update(owner).digest('hex').slice(0, 8)}-`;

/** Whose an authorizer is, by its name: an attachment's (`ours` or `attachment`), or anybody's. */
export function holderOf(name: string | undefined, owner: string): 'ours' | 'attachment' | 'other' {
  if (name?.startsWith(prefixOf(owner))) return 'ours';
  return ANY_OWNER.test(name ?? '') ? 'attachment' : 'other';
}

/**
 * The authorizers that the methods of these resources need.
 * @param paths of the resources, repetitions allowed.
 * @returns the authorizers, and for each path the name of its own.
 */
export function authorizersFor(
  { owner, keyed, handler }: Pick<Wish, 'owner' | 'keyed' | 'handler'>,
  paths: readonly string[],
): {
  readonly authorizers: readonly Omit<LiveAuthorizer, 'id'>[];
  readonly byPath: ReadonlyMap<string, string>;
} {
  const byPath = new Map<string, string>();
  const authorizers = keyingsOf(keyed, [...new Set(paths)]).map(({ keying, resources }) => {
    const properties = keyedProperties(keying);
    const name = `${prefixOf(owner)}${properties.name}`;
    for (const path of resources) byPath.set(path, name);
    return { ...properties, name, ...invocationOf(handler) };
  });
  return { authorizers, byPath };
}

/** @throws Error for what is no ARN of a function */
function invocationOf({ functionArn, invokeRoleArn }: Handler) {
  const [, partition, region] = /^arn:([^:]+):lambda:([^:]+):/.exec(functionArn) ?? [];
  if (partition === undefined) throw new Error('the handler is no Lambda function');
  return {
    authorizerUri: `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
    ...(invokeRoleArn !== undefined && { authorizerCredentials: invokeRoleArn }),
  };
}
