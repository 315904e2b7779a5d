/**
 * The headers that the local gateway and a stack-made API send to the upstream, and the context entry each
 * is made of. The list is closed and every header is always set, to `NOTHING` when there is nothing to say,
 * so that a client's own header of the same name never passes.
 */
export const UPSTREAM_HEADERS = {
  'x-authorizer-consumer-id': 'consumerId',
  'x-authorizer-consumer-type': 'consumerType',
  'x-authorizer-username': 'username',
  'x-authorizer-credential-id': 'credentialId',
  'x-authorizer-scopes': 'scopes',
  'x-authorizer-principal-id': 'principalId',
  'x-authorizer-claims': 'claimsBase64url',
} as const;

/**
 * Not the empty text: a REST API cannot take a header away, only set another value, and what it does with an
 * empty one is not documented. Were it skipped, a client's own header would stay.
 */
export const NOTHING = '-';
