/**
 * The property that whoever changes an API is held to: **at no instant is a deployed method less protected than it was
 * at the start.**
 *
 * How protected a request is, from less to more:
 * 0. anybody (`NONE`)
 * 1. an API key alone: it tells clients apart, and authorizes nobody (AWS: "don't use API keys for authentication")
 * 2. an authorizer, a user pool or IAM, whichever
 * 3. no method answers
 *
 * Of two at 2, the one that also takes an API key is more protected, and one of a user pool is less protected where it
 * accepts a scope that it did not accept before (no scopes: any token). A method whose authorizer the caller deleted
 * counts as 0: what AWS makes of a snapshot that refers to it is **unproven**, so nobody may come to rely on it.
 *
 * What is compared are requests, not methods: a method that is added or goes away moves requests to another (see
 * `data-plane.ts`). A request that nothing answered at the start was no deployed method's, and may go anywhere. Of two
 * deployments (a canary) the weaker counts.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
 */
import { type Answered, evaluate } from './data-plane.ts';
import { type Instant, releaseIds } from './history.ts';
import { probesOf } from './probes.ts';
import { HTTP_METHODS } from './shapes.ts';

export interface Protection {
  readonly rank: 0 | 1 | 2 | 3;
  readonly takesApiKey: boolean;
  /** Scopes of which a token needs one; undefined: scopes are not looked at. */
  readonly scopes: readonly string[] | undefined;
}

const UNREACHABLE: Protection = { rank: 3, takesApiKey: false, scopes: undefined };

export function protectionOf(
  answered: Answered | undefined,
  deleted: Instant['deletedAuthorizerIds'],
): Protection {
  if (answered === undefined) return UNREACHABLE;
  const { authorizationType, authorizerId, authorizationScopes, apiKeyRequired } = answered.method;
  const keyOnly = { rank: apiKeyRequired ? 1 : 0, takesApiKey: apiKeyRequired, scopes: undefined } as const;
  if (authorizationType === 'NONE') return keyOnly;
  if (authorizerId !== undefined && deleted.has(authorizerId)) return { ...keyOnly, rank: 0 };
  const isScoped = authorizationType === 'COGNITO_USER_POOLS' && (authorizationScopes ?? []).length > 0;
  return { rank: 2, takesApiKey: apiKeyRequired, scopes: isScoped ? authorizationScopes : undefined };
}

export function isWeaker(after: Protection, before: Protection): boolean {
  if (after.rank !== before.rank) return after.rank < before.rank;
  if (before.takesApiKey && !after.takesApiKey) return true;
  return (
    before.scopes !== undefined && !(after.scopes ?? ['']).every((scope) => before.scopes?.includes(scope))
  );
}

/** A request that was let through more easily than at the start. */
export interface Weakening {
  readonly atMs: number;
  readonly by: Instant['by'];
  readonly stage: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly before: Protection;
  readonly after: Protection;
}

/**
 * Everything in a history that breaks the property; empty: it holds.
 *
 * What the owner does to a stage is the owner's: from then on that stage is measured by what the owner made of it.
 */
export function weakenings(history: readonly Instant[]): Weakening[] {
  const found: Weakening[] = [];
  const requests = requestsOf(history);
  const baselines = new Map<string, Instant>();
  let last: Instant | undefined;
  for (const instant of history) {
    for (const stage of instant.served.keys()) {
      const baseline = baselines.get(stage);
      const isOwners = instant.by === 'owner' && releasesAt(last, stage) !== releasesAt(instant, stage);
      if (baseline === undefined || isOwners) baselines.set(stage, instant);
      else found.push(...requests.flatMap((request) => compare(baseline, instant, { stage, ...request })));
    }
    last = instant;
  }
  return found;
}

const releasesAt = (instant: Instant | undefined, stage: string) =>
  releaseIds(instant?.served.get(stage) ?? []).join();

interface Request {
  readonly httpMethod: string;
  readonly path: string;
}

function compare(
  start: Instant,
  instant: Instant,
  request: Request & { readonly stage: string },
): Weakening[] {
  const before = weakest(start, request);
  const after = weakest(instant, request);
  if (before.rank === UNREACHABLE.rank || !isWeaker(after, before)) return [];
  return [{ atMs: instant.atMs, by: instant.by, ...request, before, after }];
}

function weakest(instant: Instant, request: Request & { readonly stage: string }): Protection {
  return evaluate(instant, request)
    .map(({ answered }) => protectionOf(answered, instant.deletedAuthorizerIds))
    .reduce((one, other) => (isWeaker(other, one) ? other : one), UNREACHABLE);
}

/** Requests that between them meet every method that was deployed at any time. */
function requestsOf(history: readonly Instant[]): readonly Request[] {
  const definitions = new Set(
    history.flatMap(({ served }) =>
      [...served.values()].flat().map(({ deployment }) => deployment.definition),
    ),
  );
  const resources = [...definitions].flatMap((definition) => [...definition.resources.values()]);
  const paths = probesOf(resources.filter(({ methods }) => methods.size > 0).map(({ path }) => path));
  return paths.flatMap((path) => HTTP_METHODS.map((httpMethod) => ({ httpMethod, path })));
}
