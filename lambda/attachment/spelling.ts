import type { Spelled } from './snapshot.ts';

/** An authorizer's definition, as `GetAuthorizers` tells it. */
export interface AuthorizerDefinition {
  readonly type?: string | undefined;
  readonly authorizerUri?: string | undefined;
  readonly authorizerCredentials?: string | undefined;
  readonly identitySource?: string | undefined;
  readonly identityValidationExpression?: string | undefined;
  readonly authorizerResultTtlInSeconds?: number | undefined;
  readonly providerARNs?: readonly string[] | undefined;
}

/** What AWS counts where none is given. */
const DEFAULT_TTL_SECONDS = 300;

/** An authorizer in the one spelling of snapshots. */
export const spelledAuthorizer = (definition: AuthorizerDefinition): Spelled =>
  spelled({
    type: definition.type?.toUpperCase(),
    authorizerUri: definition.authorizerUri,
    authorizerCredentials: definition.authorizerCredentials,
    identitySource: definition.identitySource
      ?.split(',')
      .map((source) => source.trim())
      .join(','),
    identityValidationExpression: definition.identityValidationExpression,
    authorizerResultTtlInSeconds: Number(definition.authorizerResultTtlInSeconds ?? DEFAULT_TTL_SECONDS),
    providerARNs: definition.providerARNs?.toSorted(),
  });

/** Settings without those that are empty, each as canonical JSON. */
export function spelled(settings: Readonly<Record<string, unknown>>): Spelled {
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([, value]) => !isEmpty(value))
      .map(([name, value]) => [name, canonicalJson(value)]),
  );
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** JSON with the members of each object in one order, and without those that are undefined or null. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(
          Object.entries(member)
            .filter(([, inner]) => inner !== undefined && inner !== null)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : member,
  );
}
