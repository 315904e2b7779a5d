/** @see https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html */
import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import type { LiveAuthorizer, Protection } from './live.ts';
import type { WantedAuthorizer } from './plan.ts';

/**
 * Type and authorizer together: AWS refuses `CUSTOM` without an authorizer in the same patch (recorded by LocalStack,
 * pull 7860). An empty id for the types that have none, as Terraform sends it.
 */
export const methodPatch = ({ authorizationType, authorizerId }: Protection): PatchOperation[] => [
  { op: 'replace', path: '/authorizationType', value: authorizationType },
  { op: 'replace', path: '/authorizerId', value: authorizerId ?? '' },
];

/** What differs, and nothing else. An identity source can be removed; the role has an empty text for none. */
export function authorizerPatch(from: LiveAuthorizer, to: Omit<WantedAuthorizer, 'id'>): PatchOperation[] {
  return PROPERTIES.flatMap((name): PatchOperation[] => {
    const value = textOf(to[name]);
    if (textOf(from[name]) === value) return [];
    const path = `/${name}`;
    return value === '' && name === 'identitySource'
      ? [{ op: 'remove', path }]
      : [{ op: 'replace', path, value }];
  });
}

const PROPERTIES = [
  'type',
  'authorizerUri',
  'authorizerCredentials',
  'identitySource',
  'identityValidationExpression',
  'authorizerResultTtlInSeconds',
] as const;

const textOf = (value: string | number | undefined) => (value === undefined ? '' : String(value));
