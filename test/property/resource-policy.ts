/**
 * An API's own resource policy, and what it makes of a Lambda authorizer's answer.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */

/** What a policy says of a request: `neither` where no statement of it applies. */
export type Verdict = 'allow' | 'deny' | 'neither';

/** As far as resource policies look at requests here: where from, and which method. */
export interface ResourceStatement {
  readonly effect: 'Allow' | 'Deny';
  /** Undefined: anywhere. */
  readonly from?: Network;
  /** Undefined: every method. */
  readonly method?: string;
}

export type Network = 'office' | 'elsewhere';

export const ADDRESSES: Readonly<Record<Network, string>> = {
  office: '192.0.2.1',
  elsewhere: '198.51.100.7',
};

/** The statements of a resource policy; undefined: the API has none. */
export type ResourcePolicy = readonly ResourceStatement[] | undefined;

export function verdictOf(
  policy: ResourcePolicy = [],
  { from, method }: { readonly from: Network; readonly method: string },
): Verdict {
  const effects = policy
    .filter((statement) => (statement.from ?? from) === from && (statement.method ?? method) === method)
    .map(({ effect }) => effect);
  if (effects.includes('Deny')) return 'deny';
  return effects.includes('Allow') ? 'allow' : 'neither';
}

/**
 * "Lambda authorizer and resource policy", Table A: both in one account. (A request that the resource policy
 * denies is denied before the authorizer is asked, with the same end.)
 */
export function combine(authorizer: Verdict, resource: Verdict): 'allow' | 'explicit deny' | 'implicit deny' {
  if (authorizer === 'deny' || resource === 'deny') return 'explicit deny';
  return authorizer === 'allow' || resource === 'allow' ? 'allow' : 'implicit deny';
}
